import { usageOf } from './machine.ts'
import { startGateway } from './systems/gateway.ts'
import { connections, withSurroundings } from './workloads/surroundings.ts'

/**
 * What the first requests after a start cost: `node bench/cold.ts [checkout] [rounds]` starts the gateway in production with
 * Redis, waits until it is ready, sends single adds, and prints the processor time of a request (µs) over the first 1,000,
 * 5,000 and 20,000, over those between 40,000 and 60,000 (steady), and how long the start took, of each round.
 */
const [, , checkout, rounds = '3'] = process.argv
const borders = [1_000, 5_000, 20_000]
const steady = { from: 40_000, to: 60_000 }
const sliceSeconds = 0.1

await withSurroundings(async ({ upstream, redis, generator }) => {
  for (let round = 0; round < Number(rounds); round++) {
    const startedAt = performance.now()
    const gateway = await startGateway({ upstreamPort: upstream.port, redisUrl: redis.url, checkout })
    while ((await fetch(`http://127.0.0.1:${gateway.port}/readyz`)).status !== 200)
      await new Promise((resolve) => setTimeout(resolve, 10))
    const startMs = performance.now() - startedAt
    const { port, authorization, pid } = gateway
    const before = usageOf(pid).cpuMicros
    const points: { readonly requests: number; readonly micros: number }[] = [{ requests: 0, micros: 0 }]
    while ((points.at(-1)?.requests ?? 0) < steady.to) {
      const { count } = await generator.run(
        { kind: 'add', authorization, account: 'vobiz-in' },
        { port, connections, seconds: sliceSeconds },
      )
      points.push({ requests: (points.at(-1)?.requests ?? 0) + count, micros: usageOf(pid).cpuMicros - before })
    }
    const microsAt = (requests: number): number => {
      const next = points.findIndex((point) => point.requests >= requests)
      const [low, high] = [points[next - 1], points[next]] as [(typeof points)[0], (typeof points)[0]]
      return low.micros + ((high.micros - low.micros) * (requests - low.requests)) / (high.requests - low.requests)
    }
    const perRequest = (from: number, to: number) =>
      Math.round((microsAt(to) - (from === 0 ? 0 : microsAt(from))) / (to - from))
    const first = borders.map((border) => `${border}: ${perRequest(0, border)}`).join(', ')
    console.log(
      `ready after ${Math.round(startMs)} ms (${Math.round(before / 1_000)} ms of processor time); µs a request, first ${first}; steady: ${perRequest(steady.from, steady.to)}`,
    )
    await gateway.stop()
  }
})
