import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { csvOf } from '../scripts/bench-import/people.ts'
import { startGenerator } from './load/start-generator.ts'
import { freePort, loadCore, usageOf } from './machine.ts'
import { show } from './report/section.ts'
import { quantileOf } from './report/statistics.ts'
import { startGateway } from './systems/gateway.ts'
import { type Inspector, openInspector } from './systems/inspector.ts'
import { runImport } from './workloads/imports.ts'
import { mostLateMs, warmUp } from './workloads/steady.ts'
import { connections, type Surroundings, withSurroundings } from './workloads/surroundings.ts'

/**
 * What flags of V8 do to the tail: `node bench/flags.ts [--rounds 3] [--seconds 5] [--rows 0] [--rate <half of the maximum>] [--late 1] --
 * '<flags>' '<flags>' …`. Each is put after the flags of `npm start`; '' are these alone. All gateways run beside each other
 * and are loaded in turn. For each it prints p99 and p99.9 in ms at 200 requests a second and at half of the maximum of the
 * first (the direct call is the last line); of the time at half: processor time of a request, garbage collections a second,
 * the part of the time that they stop the process, the longest of them, large ones; resident memory when idle; and of an
 * import of `--rows` rows the peak of memory and the processor time of a row. Rounds are void in which the generator sent one
 * request in a thousand more than `--late` ms late.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    rows: { type: 'string', default: '0' },
    rate: { type: 'string' },
    late: { type: 'string', default: String(mostLateMs) },
  },
})
const [rounds, seconds, rows] = [Number(values.rounds), Number(values.seconds), Number(values.rows)]
const steadyRate = 200
const idleMs = 5_000

/** Garbage collections, as the process itself saw them: how many, for how long it stood still, the longest, and large ones. */
type Collections = { readonly count: number; readonly ms: number; readonly longest: number; readonly large: number }

const watchCollections = `{
  const { PerformanceObserver, constants } = process.getBuiltinModule('node:perf_hooks')
  const seen = { count: 0, ms: 0, longest: 0, large: 0 }
  globalThis.collectionsSeen = seen
  new PerformanceObserver((list) => {
    for (const { duration, detail } of list.getEntries()) {
      seen.count++
      seen.ms += duration
      seen.longest = Math.max(seen.longest, duration)
      if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) seen.large++
    }
  }).observe({ entryTypes: ['gc'] })
}`

async function startWith(flags: string, { upstream, redis, keep }: Surroundings) {
  const inspect = await freePort()
  const nodeArguments = [
    ...flags.split(' ').filter(Boolean),
    `--inspect=127.0.0.1:${inspect}`,
    '--inspect-publish-uid=http',
  ]
  const gateway = keep(await startGateway({ upstreamPort: upstream.port, redisUrl: redis.url, nodeArguments }))
  const inspector = await openInspector(inspect)
  // Before the process, which would wait for it.
  keep({ stop: async () => inspector.close() })
  await inspector.evaluate(`${watchCollections};0`)
  return {
    name: flags || '(npm start)',
    gateway,
    inspector,
    idleMb: 0,
    times: { steady: [] as number[], half: [] as number[] },
    /** Of the rounds at half of the maximum. */
    half: { requests: 0, micros: 0, seconds: 0, count: 0, ms: 0, longest: 0, large: 0 },
    voided: 0,
  }
}

type Contestant = Awaited<ReturnType<typeof startWith>>

/** What was seen since this was last asked. */
function collectionsOf(inspector: Inspector): Promise<Collections> {
  return inspector.evaluate(
    '(() => { const seen = { ...collectionsSeen }; Object.assign(collectionsSeen, { count: 0, ms: 0, longest: 0, large: 0 }); return seen })()',
  )
}

await withSurroundings(async (surroundings) => {
  const contestants: Contestant[] = []
  for (const flags of positionals) contestants.push(await startWith(flags, surroundings))
  await wait(idleMs)
  for (const one of contestants) one.idleMb = usageOf(one.gateway.pid).residentMb
  if (rounds > 0) await measureTail(contestants, surroundings)
  if (rows > 0) await importAll(contestants, surroundings)
})

async function measureTail(
  contestants: readonly Contestant[],
  { upstream, generator, keep }: Surroundings,
): Promise<void> {
  const punctual = keep(await startGenerator(loadCore, true))
  const tops: number[] = []
  for (const { gateway } of contestants) tops.push(await warmUp(gateway, generator, { rounds: 1, seconds: 1.5 }))
  const halfRate = Number(values.rate ?? Math.round((tops[0] as number) / 2))
  const direct = { steady: [] as number[], half: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    for (const [part, rate] of [
      ['steady', steadyRate],
      ['half', halfRate],
    ] as const) {
      const options = { connections, rate, seconds }
      direct[part].push(...(await punctual.runAtRate({ kind: 'pass' }, { ...options, port: upstream.port })).times)
      for (const one of round % 2 === 0 ? contestants : contestants.toReversed()) {
        const { port, pid, authorization } = one.gateway
        const kind = { kind: 'add', authorization, account: 'vobiz-in' } as const
        await collectionsOf(one.inspector)
        const before = usageOf(pid).cpuMicros
        const { times, lateMs, count } = await punctual.runAtRate(kind, { ...options, port })
        if (lateMs > Number(values.late)) one.voided++
        else one.times[part].push(...times)
        if (part === 'half') note(one, count, usageOf(pid).cpuMicros - before, await collectionsOf(one.inspector))
      }
    }
    process.stderr.write('.')
  }
  process.stderr.write('\n')
  console.log(
    `half of the maximum: ${halfRate} a second; ${rounds} rounds of ${seconds} s; a row: ms at ${steadyRate}/s p50 p99 p99.9 | at half p50 p99 p99.9 | µs each | collections a second, part of the time, longest ms, large a minute | idle MB | void`,
  )
  for (const one of contestants) console.log(lineOf(one))
  console.log(`${quantiles(direct.steady)} | ${quantiles(direct.half)} | the direct call`)
}

function note({ half }: Contestant, requests: number, micros: number, seen: Collections): void {
  half.requests += requests
  half.micros += micros
  half.seconds += seconds
  half.count += seen.count
  half.ms += seen.ms
  half.large += seen.large
  half.longest = Math.max(half.longest, seen.longest)
}

async function importAll(contestants: readonly Contestant[], { upstream }: Surroundings): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-flags-'))
  const file = join(folder, 'people.csv')
  writeFileSync(file, [...csvOf(rows)].join(''))
  for (const { name, gateway, inspector, idleMb } of contestants) {
    await collectionsOf(inspector)
    const { peakMb, cpuMicrosPerRow } = await runImport(gateway, file, rows, upstream)
    const { large, longest } = await collectionsOf(inspector)
    const line = `${show(peakMb)} MB, ${show(cpuMicrosPerRow)} µs a row, ${large} large collections, longest of all ${longest.toFixed(1)} ms`
    console.log(`import: ${line}, idle before ${idleMb.toFixed(0)} MB, ${name}`)
  }
  rmSync(folder, { recursive: true })
}

function lineOf({ name, times, half, idleMb, voided }: Contestant): string {
  const collected = [
    (half.count / half.seconds).toFixed(1),
    `${(half.ms / half.seconds / 10).toFixed(2)} %`,
    half.longest.toFixed(1),
    ((half.large / half.seconds) * 60).toFixed(1),
  ].join(' ')
  const micros = (half.micros / half.requests).toFixed(0)
  return `${quantiles(times.steady)} | ${quantiles(times.half)} | ${micros} | ${collected} | ${idleMb.toFixed(0)} | ${voided} | ${name}`
}

function quantiles(times: readonly number[]): string {
  if (times.length === 0) return '– – –'
  const ascending = times.toSorted((a, b) => a - b)
  return [0.5, 0.99, 0.999].map((part) => quantileOf(ascending, part).toFixed(2).padStart(5)).join(' ')
}
