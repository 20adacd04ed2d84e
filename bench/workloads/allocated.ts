import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { csvOf } from '../../scripts/bench-import/people.ts'
import type { RequestKind } from '../load/requests.ts'
import { freePort } from '../machine.ts'
import { allocatedBy, type HeapProfile } from '../report/allocations.ts'
import { nameBeside } from '../report/beside.ts'
import { atMost, type Section, show, showFigure } from '../report/section.ts'
import { figureOf } from '../report/statistics.ts'
import { startGateway } from '../systems/gateway.ts'
import { type Inspector, openInspector } from '../systems/inspector.ts'
import { runImport } from './imports.ts'
import { type Surroundings, withSurroundings } from './surroundings.ts'

const account = 'vobiz-in'
const names = ['single add', 'replay', 'row of a batch', 'row of an import'] as const
type Name = (typeof names)[number]
/** Of one operation: bytes by V8's count of all that it has handed out, and by samples; those by place. */
type Taken = { readonly counted: number; readonly sampled: number; readonly places: ReadonlyMap<string, number> }
/** Does an operation so many times, or a few times more; resolves with how many that were. */
type Operation = (times: number) => Promise<number>

const batchSize = 500
/** How often each is done before it is measured, so that it is compiled, and how often meanwhile. */
const times: Readonly<Record<Name, { readonly before: number; readonly measured: number }>> = {
  'single add': { before: 10_000, measured: 8_000 },
  replay: { before: 8_000, measured: 8_000 },
  'row of a batch': { before: 40_000, measured: 40_000 },
  'row of an import': { before: 50_000, measured: 50_000 },
}
const goals: Partial<Record<Name, number>> = { 'single add': 36, 'row of an import': 4.5 }
const placesShown = 6

/** Bytes of heap that an operation takes. Unlike processor time this can be read on a busy machine. */
export function benchAllocated(rounds: number, beside: string | undefined): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-allocated-'))
  return withSurroundings(async (surroundings) => {
    const checkouts = beside === undefined ? [undefined] : [undefined, beside]
    const found = new Map<string, Taken[]>()
    for (let round = 0; round < rounds; round++) {
      for (const checkout of checkouts)
        for (const [name, taken] of await takeAll(checkout, folder, surroundings)) {
          const known = found.get(nameBeside(name, checkout)) ?? []
          found.set(nameBeside(name, checkout), [...known, taken])
        }
      process.stderr.write('.')
    }
    process.stderr.write('\n')
    const kilobytes = (name: string, pick: 'sampled' | 'counted') =>
      figureOf((found.get(name) ?? []).map((taken) => taken[pick] / 1_000))
    return {
      id: 'allocated',
      title: 'Bytes allocated per operation (allocated)',
      how: `A process in production with Redis for each round; each operation is done until it is compiled, then ${times['single add'].measured.toLocaleString('en-US')} single adds and replays, ${times['row of a batch'].measured.toLocaleString('en-US')} rows in batches of ${batchSize} to one account, ${times['row of an import'].measured.toLocaleString('en-US')} of an import to three. Sampled by V8's heap profiler over the inspector, collected objects with the others; counted: what V8 says it has handed out meanwhile. KB of 1,000 bytes.`,
      columns: ['', 'KB sampled', 'KB counted', 'most of it, KB'],
      rows: [...found].map(([name, all]) => [
        name,
        showFigure(kilobytes(name, 'sampled')),
        showFigure(kilobytes(name, 'counted')),
        [...(all[0] as Taken).places]
          .slice(0, placesShown)
          .map(([place, bytes]) => `${place} ${show(bytes / 1_000)}`)
          .join(', '),
      ]),
      reach: names.flatMap((name) => {
        const goal = goals[name]
        return goal === undefined ? [] : [atMost(`allocated by a ${name}`, goal, ' KB', kilobytes(name, 'sampled'))]
      }),
      figures: [...found].map(([name, all]) => ({
        name,
        all: all.map(({ places, ...bytes }) => ({ ...bytes, places: Object.fromEntries(places) })),
      })),
    }
  }).finally(() => rmSync(folder, { recursive: true, force: true }))
}

/** One round of one checkout. */
async function takeAll(
  checkout: string | undefined,
  folder: string,
  { upstream, redis, generator }: Surroundings,
): Promise<ReadonlyMap<Name, Taken>> {
  const inspect = await freePort()
  const gateway = await startGateway({
    sources: true,
    upstreamPort: upstream.port,
    redisUrl: redis.url,
    checkout,
    nodeArguments: [`--inspect=127.0.0.1:${inspect}`, '--inspect-publish-uid=http'],
  })
  const inspector = await openInspector(inspect)
  const { port, authorization } = gateway
  const load = async (kind: RequestKind, connections: number, requests: number) =>
    (await generator.run(kind, { port, connections, requests })).count
  const add = { kind: 'add', authorization, account } as const
  const replay = { kind: 'replay', authorization, account, keys: 64 } as const
  const batch = { kind: 'batch', authorization, list: 'one', contacts: batchSize, accounts: 1 } as const
  const operations: Readonly<Record<Name, Operation>> = {
    'single add': (wanted) => load(add, 16, wanted),
    replay: (wanted) => load(replay, 16, wanted),
    'row of a batch': async (wanted) => batchSize * (await load(batch, 8, wanted / batchSize)),
    async 'row of an import'(wanted) {
      const file = join(folder, 'people.csv')
      writeFileSync(file, [...csvOf(wanted)].join(''))
      await runImport(gateway, file, wanted, upstream)
      return wanted
    },
  }
  // Stored one after the other, so that no two connections ask under the same new key.
  await load(replay, 1, replay.keys)
  const all = new Map<Name, Taken>()
  for (const name of names) {
    await operations[name](times[name].before)
    all.set(name, await takenBy(() => operations[name](times[name].measured), inspector))
  }
  inspector.close()
  await gateway.stop()
  return all
}

async function takenBy(operation: () => Promise<number>, inspector: Inspector): Promise<Taken> {
  const handedOut = () =>
    inspector.evaluate<number>("process.getBuiltinModule('node:v8').getHeapStatistics().total_allocated_bytes")
  await inspector.call('HeapProfiler.startSampling', {
    samplingInterval: 16_384,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  })
  const before = await handedOut()
  const count = await operation()
  const counted = ((await handedOut()) - before) / count
  const { profile } = await inspector.call<{ profile: HeapProfile }>('HeapProfiler.stopSampling')
  const places = new Map([...allocatedBy(profile)].map(([place, bytes]) => [place, bytes / count]))
  return { counted, sampled: [...places.values()].reduce((sum, bytes) => sum + bytes, 0), places }
}
