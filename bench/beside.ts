import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { csvOf } from '../scripts/bench-import/people.ts'
import type { Generator } from './load/start-generator.ts'
import { usageOf } from './machine.ts'
import { type RunningGateway, startGateway } from './systems/gateway.ts'
import type { Upstream } from './systems/start-upstream.ts'
import { runImport } from './workloads/imports.ts'
import { withSurroundings } from './workloads/surroundings.ts'

/**
 * What a request costs beside another checkout: `node bench/beside.ts <checkout> <other> [A|E|F] [pairs] [slices]`. Two
 * processes of the same checkout differ by up to a tenth, and the machine by a third within a minute: so each pair is two
 * fresh processes, which are warmed, and then loaded in turn for half a second each (F: with a file of 200,000 rows each).
 * With `AUDIT=1` the first one writes audit events to a file, with `REDIS_OF_FIRST=redis://…` it has a Redis of its own. Prints the processor time of each in µs a request or row, the ratio of each pair, and over all pairs the median, the
 * geometric mean and its standard error.
 */
const [, , one = '', other = '', workload = 'A', pairs = '20', slices = workload === 'F' ? '2' : '12'] = process.argv
if (one === '' || other === '') throw new Error('node bench/beside.ts <checkout> <other> [A|E|F] [pairs] [slices]')
const folder = mkdtempSync(join(tmpdir(), 'bench-beside-'))
const file = join(folder, 'people.csv')
const rows = 200_000
writeFileSync(file, [...csvOf(rows)].join(''))

/** Loads a gateway for a moment; resolves with the requests that were answered, or the rows that were sent. */
async function load(gateway: RunningGateway, upstream: Upstream, generator: Generator, seconds: number): Promise<number> {
  const { port, authorization } = gateway
  if (workload === 'F') {
    await runImport(gateway, file, rows, upstream)
    return rows
  }
  const kind =
    workload === 'E'
      ? ({ kind: 'batch', authorization, list: 'three', contacts: 500, accounts: 3 } as const)
      : ({ kind: 'add', authorization, account: 'vobiz-in' } as const)
  return (await generator.run(kind, { port, connections: workload === 'E' ? 8 : 64, seconds })).count
}

await withSurroundings(async ({ upstream, redis, generator }) => {
  const comparePair = async (): Promise<number> => {
    const both = []
    for (const checkout of [one, other]) {
      const env: Record<string, string> =
        checkout === one && process.env.AUDIT === '1' ? { AUDIT_LOG: join(folder, 'audit.log') } : {}
      const redisUrl = (checkout === one && process.env.REDIS_OF_FIRST) || redis.url
      const gateway = await startGateway({ upstreamPort: upstream.port, redisUrl, checkout, env })
      await load(gateway, upstream, generator, 2)
      both.push({ gateway, micros: 0, requests: 0 })
    }
    for (let slice = 0; slice < Number(slices); slice++)
      for (const each of slice % 2 === 0 ? both : both.toReversed()) {
        const before = usageOf(each.gateway.pid).cpuMicros
        each.requests += await load(each.gateway, upstream, generator, 0.5)
        each.micros += usageOf(each.gateway.pid).cpuMicros - before
      }
    for (const { gateway } of both) await gateway.stop()
    const [mine, beside] = both.map(({ micros, requests }) => micros / requests) as [number, number]
    console.log(`${mine.toFixed(0)} ${beside.toFixed(0)} µs: ${(mine / beside).toFixed(3)}`)
    return mine / beside
  }
  const ratios: number[] = []
  for (let pair = 0; pair < Number(pairs); pair++) ratios.push(await comparePair())
  ratios.sort((a, b) => a - b)
  const logs = ratios.map(Math.log)
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length
  const spread = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (logs.length - 1) / logs.length)
  const median = (ratios[ratios.length >> 1] as number).toFixed(3)
  console.log(`median ${median}, geometric mean ${Math.exp(mean).toFixed(3)} ± ${spread.toFixed(3)}`)
})
rmSync(folder, { recursive: true })
