import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { findServerSource, startFrom } from '../test/support/redis-source.ts'
import { startMeasured } from './bench-import/gateway.ts'
import { type Run, runImport } from './bench-import/run-import.ts'
import type { Holdings, Started } from './bench-import/simulators.ts'
import type { Latency } from './bench-import/single-adds.ts'

/**
 * `npm run bench:import`: files of 50,000 and 500,000 rows to three accounts, over each store. The gateway and the
 * simulators are processes of their own. Prints throughput, peak memory, and what single adds take meanwhile: to the
 * list of the import, whose simulators are busy then (what a call to them takes without the gateway is printed too), and
 * to other accounts. Fails when the simulators do not hold exactly what is claimed, when memory grows by 64 MB or more
 * between the sizes, and when single adds have a p99 of more than three times that at rest.
 *
 *   npm run bench:import -- --store sqlite --rows 50000 --node=--cpu-prof
 */
const { values: given } = parseArgs({
  options: {
    store: { type: 'string', multiple: true, default: ['sqlite', 'redis'] },
    rows: { type: 'string', multiple: true, default: ['50000', '500000'] },
    /** Vobiz drops e-mails, so that its CSV import can carry the rows: otherwise they go one by one. */
    csvImport: { type: 'boolean', default: false },
    /** Without single adds beside the import. */
    alone: { type: 'boolean', default: false },
    /** Arguments of the gateway's Node, such as `--node=--cpu-prof`. */
    node: { type: 'string', multiple: true, default: [] },
  },
})
const singleNames = {
  newsletter: 'single adds to the list of the import',
  apart: 'single adds to other accounts',
  provider: "a provider of the import's own answers, without the gateway",
}

const mostGrowthMb = 64
const mostSlowdown = 3

const [simulators, document] = await startProviders()
const [others, apart] = await startProviders()
Object.assign(document.lists, {
  apart: {
    targets: apart.lists.newsletter.targets.map((target) => ({ ...target, account: `${target.account}-apart` })),
  },
})
for (const [id, account] of Object.entries(apart.accounts))
  Object.assign(document.accounts, { [`${id}-apart`]: { ...account, defaultList: undefined } })
if (given.csvImport) Object.assign(document.accounts['vobiz-in'], { emailAttribute: null })

const failures: string[] = []
for (const store of given.store) {
  const runs: Run[] = []
  for (const rows of given.rows.map(Number)) {
    const run = await measure(store, rows)
    runs.push(run)
    const name = `${store}, ${rows} rows`
    print(name, run)
    failures.push(...defectsOf(run).map((defect) => `${name}: ${defect}`))
  }
  const [small, large] = [runs[0], runs.at(-1)]
  if (small === undefined || large === undefined || small === large) continue
  const growth = large.peakMb - small.peakMb
  console.log(`${store}: peak memory grows by ${growth.toFixed(1)} MB (limit ${mostGrowthMb})`)
  if (growth >= mostGrowthMb) failures.push(`${store}: memory grows by ${growth.toFixed(1)} MB`)
}
for (const child of [simulators, others]) child.kill()
for (const failure of failures) console.error(`FAILED ${failure}`)
process.exitCode = failures.length === 0 ? 0 : 1

async function startProviders(): Promise<[ChildProcess, Started]> {
  const child = fork(new URL('./bench-import/simulators.ts', import.meta.url), { stdio: 'inherit' })
  process.once('exit', () => child.kill('SIGKILL'))
  return [child, (await once(child, 'message'))[0] as Started]
}

async function measure(store: string, rows: number): Promise<Run> {
  const redis = store === 'redis' ? await startFrom(await findServerSource(), {}) : undefined
  const gateway = await startMeasured(document, redis?.url, given.node)
  try {
    return await runImport(gateway, rows, !given.alone, async () => {
      simulators.send({ rows })
      return (await once(simulators, 'message'))[0] as Holdings
    })
  } finally {
    await gateway.stop()
    await redis?.stop()
  }
}

function defectsOf({ holdings, claims, singles, rows }: Run): string[] {
  const defects: string[] = []
  for (const provider of ['oblic', 'octopush', 'vobiz'] as const) {
    const { missing, strange } = holdings[provider]
    if (missing + strange > 0) defects.push(`${provider} lacks ${missing} and has ${strange} that it should not have`)
  }
  if (holdings.twice > 0) defects.push(`${holdings.twice} were stored twice at Oblic`)
  for (const { account, claimed, expected } of claims)
    if (claimed !== expected) defects.push(`${account}: ${claimed} are said to be there, ${expected} should be`)
  for (const measured of singles) {
    const { single, atRest, beside } = measured
    if (rows >= 500_000 && single !== 'provider' && beside.p99 > mostSlowdown * atRest.p99)
      defects.push(`${singleNames[single]}: a p99 of ${slowdownOf(measured)} times that at rest`)
  }
  return defects
}

function slowdownOf({ atRest, beside }: Run['singles'][number]): string {
  return (beside.p99 / atRest.p99).toFixed(2)
}

function print(name: string, run: Run): void {
  console.log(`\n${name}`)
  console.log(
    `  accepted after ${run.acceptedSeconds.toFixed(1)} s, ended after ${run.seconds.toFixed(1)} s: ${run.status}`,
  )
  for (const [account, { rowsPerSecond, counts }] of Object.entries(run.accounts))
    console.log(`  ${account.padEnd(12)} ${Math.round(rowsPerSecond)} rows/s  ${counts}`)
  console.log(`  peak memory ${run.peakMb.toFixed(1)} MB; processor ${run.cpuSeconds.toFixed(1)} s`)
  for (const measured of run.singles) {
    console.log(`  ${singleNames[measured.single]}: p99 ${slowdownOf(measured)} times that at rest`)
    console.log(`    at rest  ${describeLatency(measured.atRest)}`)
    console.log(`    beside   ${describeLatency(measured.beside)}`)
  }
}

function describeLatency({ count, p50, p99, max }: Latency): string {
  return `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${max.toFixed(1)} ms (${count})`
}
