import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { MeasuredGateway } from './gateway.ts'
import { csvOf, expectedAt } from './people.ts'
import type { Holdings } from './simulators.ts'
import { callSingly, type Latency, latencyOf, type Single } from './single-adds.ts'
import { uploadCsv } from './upload-csv.ts'

type Counts = Readonly<Record<string, number>> & { readonly pending: number }
type Import = { readonly id: string; readonly status: string; readonly progress: Readonly<Record<string, Counts>> }

/** What one import of one file took. */
export type Run = {
  readonly rows: number
  readonly status: string
  readonly acceptedSeconds: number
  readonly seconds: number
  readonly accounts: Readonly<Record<string, { readonly rowsPerSecond: number; readonly counts: string }>>
  readonly peakMb: number
  readonly cpuSeconds: number
  /** What single calls take, at rest and beside the import. */
  readonly singles: readonly { readonly single: Single; readonly atRest: Latency; readonly beside: Latency }[]
  readonly holdings: Holdings
  readonly claims: readonly { readonly account: string; readonly claimed: number; readonly expected: number }[]
}

const allSingles = ['newsletter', 'apart', 'provider'] as const
const lookEveryMs = 250
const warmUps = 300
const adds = 600

/** Uploads a file of so many rows, watches it to its end, and compares. `singles`: single adds are measured beside it. */
export async function runImport(
  gateway: MeasuredGateway,
  rows: number,
  singles: boolean,
  takeStock: () => Promise<Holdings>,
): Promise<Run> {
  // Made before: this process is to have nothing to do but to look at the clock.
  const file = join(tmpdir(), `bench-import-${process.pid}.csv`)
  writeFileSync(file, '')
  for (const piece of csvOf(rows)) appendFileSync(file, piece)
  const add = async (ended: (count: number) => boolean) => {
    if (!singles) return new Map<Single, number[]>()
    const took = await Promise.all(allSingles.map((single) => callSingly(gateway, single, ended)))
    return new Map<Single, number[]>(allSingles.map((single, index) => [single, took[index] ?? []]))
  }
  await add((count) => count >= warmUps)
  const before = await add((count) => count >= adds)
  const startedAt = performance.now()
  const since = () => (performance.now() - startedAt) / 1000
  const cpuBefore = gateway.cpuSeconds()
  let isRunning = true
  const beside = add(() => !isRunning)
  const accepted = await uploadCsv<Import>(gateway.pool, gateway.authorization, 'newsletter', file)
  const acceptedSeconds = since()
  rmSync(file)
  const { state, endedAt } = await watch(gateway, accepted.id, rows, since)
  const seconds = since()
  isRunning = false
  const besideTook = await beside
  const cpuSeconds = gateway.cpuSeconds() - cpuBefore
  // Before and after, so that what else the machine does counts for both.
  const after = await add((count) => count >= adds)
  const latencies = allSingles.map((single) => ({
    single,
    atRest: latencyOf([...(before.get(single) ?? []), ...(after.get(single) ?? [])]),
    beside: latencyOf(besideTook.get(single) ?? []),
  }))
  return {
    rows,
    status: state.status,
    acceptedSeconds,
    seconds,
    accounts: Object.fromEntries(
      Object.entries(state.progress).map(([account, counts]) => [
        account,
        { rowsPerSecond: rows / ((endedAt.get(account) ?? seconds) - acceptedSeconds), counts: describe(counts) },
      ]),
    ),
    peakMb: gateway.memory().peak,
    cpuSeconds,
    singles: singles ? latencies : [],
    holdings: await takeStock(),
    claims: claimsOf(state, rows),
  }
}

/** Looks at the import until it has ended; the counts have to add up whenever they are seen. */
async function watch(gateway: MeasuredGateway, id: string, rows: number, since: () => number) {
  const endedAt = new Map<string, number>()
  for (;;) {
    const { pool, authorization } = gateway
    const answer = await pool.request({ method: 'GET', path: `/imports/${id}`, headers: { authorization } })
    const state = (await answer.body.json()) as Import
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${JSON.stringify(state)}`)
    for (const [account, counts] of Object.entries(state.progress)) {
      const sum = Object.values(counts).reduce((total, count) => total + count, 0)
      if (sum !== rows) throw new Error(`${account}: ${describe(counts)} do not add up to ${rows}`)
      if (counts.pending === 0 && !endedAt.has(account)) endedAt.set(account, since())
    }
    if (state.status !== 'queued' && state.status !== 'running') return { state, endedAt }
    await wait(lookEveryMs)
  }
}

function claimsOf({ progress }: Import, rows: number): Run['claims'] {
  const providers = { 'oblic-main': 'oblic', 'octopush-fr': 'octopush', 'vobiz-in': 'vobiz' } as const
  return Object.entries(providers).map(([account, provider]) => {
    const { created = 0, updated = 0, accepted = 0 }: Partial<Counts> = progress[account] ?? {}
    return { account, claimed: created + updated + accepted, expected: [...expectedAt(provider, rows)].length }
  })
}

function describe(counts: Counts): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0)
  return parts.map(([status, count]) => `${count} ${status}`).join(', ')
}
