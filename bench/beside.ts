import { usageOf } from './machine.ts'
import { startGateway } from './systems/gateway.ts'
import { withSurroundings } from './workloads/surroundings.ts'

/**
 * What a single add costs beside another checkout: `node bench/beside.ts <checkout> <other> [pairs] [seconds]`. Each figure
 * is from a process of its own, since two processes of the same checkout differ by up to a tenth; the pairs take turns.
 * Prints the processor time of each in µs a request, and the ratios of the pairs.
 */
const [, , one = '', other = '', pairs = '20', seconds = '3'] = process.argv
if (one === '' || other === '') throw new Error('node bench/beside.ts <checkout> <other> [pairs] [seconds]')

await withSurroundings(async ({ upstream, redis, generator }) => {
  const costOf = async (checkout: string): Promise<number> => {
    const gateway = await startGateway({ upstreamPort: upstream.port, redisUrl: redis.url, checkout })
    const add = { kind: 'add', authorization: gateway.authorization, account: 'vobiz-in' } as const
    const load = () => generator.run(add, { port: gateway.port, connections: 64, seconds: Number(seconds) })
    await load()
    const before = usageOf(gateway.pid).cpuMicros
    const { count } = await load()
    const cost = (usageOf(gateway.pid).cpuMicros - before) / count
    await gateway.stop()
    return cost
  }
  const costs: [number, number][] = []
  for (let pair = 0; pair < Number(pairs); pair++) {
    if (pair % 2 === 0) costs.push([await costOf(one), await costOf(other)])
    else costs.push([await costOf(other), await costOf(one)].reverse() as [number, number])
    const [mine, beside] = costs.at(-1) as [number, number]
    console.log(`${mine.toFixed(0)} ${beside.toFixed(0)} µs a request: ${(mine / beside).toFixed(2)}`)
  }
  const ratios = costs.map(([mine, beside]) => mine / beside).sort((a, b) => a - b)
  console.log(`median ${(ratios[ratios.length >> 1] as number).toFixed(3)}`)
})
