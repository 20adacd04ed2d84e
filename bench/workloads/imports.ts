import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { csvOf } from '../../scripts/bench-import/people.ts'
import { uploadCsv } from '../../scripts/bench-import/upload-csv.ts'
import { startScript, testedCore, usageOf } from '../machine.ts'
import { costBeside, nameBeside } from '../report/beside.ts'
import { atLeast, atMost, type Section, show, showFigure } from '../report/section.ts'
import { figureOf, ratioOf } from '../report/statistics.ts'
import { type RunningGateway, startGateway } from '../systems/gateway.ts'
import type { Upstream } from '../systems/start-upstream.ts'
import { type Surroundings, withSurroundings } from './surroundings.ts'

const accounts = ['oblic-main', 'octopush-fr', 'vobiz-files'] as const
type Account = (typeof accounts)[number]
type Counts = Readonly<Record<string, number>>
type Import = { readonly id: string; readonly status: string; readonly progress: Readonly<Record<Account, Counts>> }

/** One way of getting a file to all accounts: rows a second for each of them, from the first byte to its last answer. */
type Run = {
  readonly rowsPerSecond: Readonly<Record<Account, number>>
  readonly cpuMicrosPerRow: number
  readonly peakMb: number
}

const lookEveryMs = 100

/** F: a CSV file to three accounts, beside a script that does the same without durability, validation and reports. */
export function benchImports(rows: number, rounds: number, beside: string | undefined): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-import-'))
  const file = join(folder, 'people.csv')
  writeFileSync(file, [...csvOf(rows)].join(''))
  return withSurroundings(async (surroundings) => {
    const { upstream, redis, keep } = surroundings
    const gateway = keep(await startGateway({ upstreamPort: upstream.port, redisUrl: redis.url }))
    const other =
      beside === undefined
        ? undefined
        : keep(await startGateway({ upstreamPort: upstream.port, redisUrl: redis.url, checkout: beside }))
    const runs = { gateway: [] as Run[], script: [] as Run[], beside: [] as Run[] }
    for (let round = 0; round < rounds; round++) {
      runs.script.push(await runScript(file, rows, surroundings))
      const runOwn = async () => runs.gateway.push(await runImport(gateway, file, rows, upstream))
      const runOther = async () => other && runs.beside.push(await runImport(other, file, rows, upstream))
      // Who comes first finds the machine otherwise than who comes second.
      for (const run of round % 2 === 0 ? [runOwn, runOther] : [runOther, runOwn]) await run()
      process.stderr.write('.')
    }
    process.stderr.write('\n')
    const speed = (of: readonly Run[], account: Account) => figureOf(of.map((run) => run.rowsPerSecond[account]))
    const cost = (of: readonly Run[]) => figureOf(of.map(({ cpuMicrosPerRow }) => cpuMicrosPerRow))
    const peak = figureOf([Math.max(...runs.gateway.map(({ peakMb }) => peakMb))])
    return {
      id: 'F',
      title: `Import of ${rows.toLocaleString('en-US')} rows (F)`,
      how: 'One CSV file to Oblic, Octopush and Vobiz at once, from the first byte of the upload to the last answer of each; 1 % of its rows have a bad phone and 1 % no e-mail. The script reads the file once with csv-parse and sends batches with fetch, eight calls at a time to each account. The contacts that arrived at the upstream are compared with the counts of the import.',
      columns: ['rows a second', 'gateway', 'script', 'ratio'],
      rows: [
        ...accounts.map((account) => {
          const [own, theirs] = [speed(runs.gateway, account), speed(runs.script, account)]
          return [account, showFigure(own), showFigure(theirs), showFigure(ratioOf(own, theirs))]
        }),
        [
          'CPU µs a row, all accounts',
          ...[runs.gateway, runs.script].map((of) => showFigure(cost(of))),
          '',
        ],
        ['peak MB', ...[runs.gateway, runs.script].map((of) => show(Math.max(...of.map(({ peakMb }) => peakMb)))), ''],
      ],
      reach: [
        ...accounts.map((account) =>
          atLeast(`F, ${account}`, 0.75, ' ×', ratioOf(speed(runs.gateway, account), speed(runs.script, account))),
        ),
        atMost('F, peak memory', 400, ' MB', peak),
        ...costBeside(
          [
            { name: 'F', cpuMicros: cost(runs.gateway) },
            { name: nameBeside('F', beside), cpuMicros: cost(runs.beside) },
          ],
          beside,
          1.05,
        ),
      ],
      figures: runs,
    } satisfies Section
  }).finally(() => rmSync(folder, { recursive: true, force: true }))
}

async function runScript(file: string, rows: number, { upstream }: Surroundings): Promise<Run> {
  await upstream.counts()
  const { started } = await startScript('systems/import-script.ts', testedCore, [file, String(upstream.port)])
  const before = usageOf(started.pid).cpuMicros
  started.child.send('begin')
  const [done] = (await once(started.child, 'message')) as [{ rows: number; took: Record<Account, number> }]
  const { cpuMicros, peakMb } = usageOf(started.pid)
  await started.stop()
  const arrived = await upstream.counts()
  if (arrived.octopush !== rows || arrived.vobiz !== rows)
    throw new Error(`the script lost rows: ${JSON.stringify(arrived)}`)
  return {
    rowsPerSecond: perAccount((account) => rows / (done.took[account] / 1000)),
    cpuMicrosPerRow: (cpuMicros - before) / rows,
    peakMb,
  }
}

/** Uploads a file and waits until all accounts have it; fails where the counts are not what arrived. */
export async function runImport(gateway: RunningGateway, file: string, rows: number, upstream: Upstream): Promise<Run> {
  await upstream.counts()
  const pool = new Pool(`http://127.0.0.1:${gateway.port}`, { headersTimeout: 0, bodyTimeout: 0 })
  const before = usageOf(gateway.pid).cpuMicros
  const startedAt = performance.now()
  const { id } = await uploadCsv<Import>(pool, gateway.authorization, 'three', file)
  const endedAt: Partial<Record<Account, number>> = {}
  let state: Import
  do {
    await wait(lookEveryMs)
    const answer = await pool.request({
      method: 'GET',
      path: `/imports/${id}`,
      headers: { authorization: gateway.authorization },
    })
    state = (await answer.body.json()) as Import
    if (answer.statusCode !== 200) throw new Error(`the import was not told: ${JSON.stringify(state)}`)
    for (const account of accounts)
      if (state.progress[account]?.pending === 0) endedAt[account] ??= performance.now() - startedAt
  } while (state.status === 'queued' || state.status === 'running')
  const { cpuMicros, peakMb } = usageOf(gateway.pid)
  await pool.destroy()
  compare(state, rows, await upstream.counts())
  return {
    rowsPerSecond: perAccount((account) => rows / ((endedAt[account] ?? Number.NaN) / 1000)),
    cpuMicrosPerRow: (cpuMicros - before) / rows,
    peakMb,
  }
}

/** What the import says was taken has to be what arrived, and all rows have to be accounted for. */
function compare({ status, progress }: Import, rows: number, arrived: Awaited<ReturnType<Upstream['counts']>>): void {
  const taken = ({ created = 0, updated = 0, accepted = 0 }: Counts) => created + updated + accepted
  const pairs: [Account, number][] = [
    ['oblic-main', arrived.oblic],
    ['octopush-fr', arrived.octopush],
    ['vobiz-files', arrived.vobiz],
  ]
  for (const [account, count] of pairs) {
    const counts = progress[account]
    const sum = Object.values(counts).reduce((total, one) => total + one, 0)
    if (taken(counts) === count && sum === rows && count > 0.97 * rows) continue
    throw new Error(`the import (${status}) at ${account} says ${JSON.stringify(counts)}, and ${count} arrived`)
  }
}

function perAccount(of: (account: Account) => number): Record<Account, number> {
  return Object.fromEntries(accounts.map((account) => [account, of(account)])) as Record<Account, number>
}
