import { usageOf } from './machine.ts'
import { type RunningGateway, startGateway } from './systems/gateway.ts'
import { withSurroundings } from './workloads/surroundings.ts'

/**
 * What a single add costs beside another checkout: `node bench/beside.ts <checkout> <other> [pairs] [slices]`. Two
 * processes of the same checkout differ by up to a tenth, and the machine by a third within a minute: so each pair is two
 * fresh processes, which are loaded in turn, half a second each, after two seconds of warming. Prints the processor time
 * of each in µs a request, the ratio of each pair, and over all pairs the median, the geometric mean and its standard error.
 */
const [, , one = '', other = '', pairs = '20', slices = '12'] = process.argv
if (one === '' || other === '') throw new Error('node bench/beside.ts <checkout> <other> [pairs] [slices]')

await withSurroundings(async ({ upstream, redis, generator }) => {
  const load = (gateway: RunningGateway, seconds: number) => {
    const add = { kind: 'add', authorization: gateway.authorization, account: 'vobiz-in' } as const
    return generator.run(add, { port: gateway.port, connections: 64, seconds })
  }
  const comparePair = async (): Promise<number> => {
    const both = []
    for (const checkout of [one, other]) {
      const gateway = await startGateway({ upstreamPort: upstream.port, redisUrl: redis.url, checkout })
      await load(gateway, 2)
      both.push({ gateway, micros: 0, requests: 0 })
    }
    for (let slice = 0; slice < Number(slices); slice++)
      for (const each of slice % 2 === 0 ? both : both.toReversed()) {
        const before = usageOf(each.gateway.pid).cpuMicros
        each.requests += (await load(each.gateway, 0.5)).count
        each.micros += usageOf(each.gateway.pid).cpuMicros - before
      }
    for (const { gateway } of both) await gateway.stop()
    const [mine, beside] = both.map(({ micros, requests }) => micros / requests) as [number, number]
    console.log(`${mine.toFixed(0)} ${beside.toFixed(0)} µs a request: ${(mine / beside).toFixed(3)}`)
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
