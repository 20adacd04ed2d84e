import type { RequestKind } from '../load/requests.ts'
import { atMost, type Section, show, showFigure } from '../report/section.ts'
import { figureOf } from '../report/statistics.ts'
import { startGateway } from '../systems/gateway.ts'
import type { Rounds } from './rounds.ts'
import { connections, withSurroundings } from './surroundings.ts'

const quantiles = ['p50', 'p99', 'p999'] as const

/** H: what the gateway adds to a call, at half of what it can do. */
export function benchLatency({ rounds, seconds }: Rounds): Promise<Section> {
  return withSurroundings(async ({ upstream, redis, generator, keep }) => {
    const gateway = keep(await startGateway({ upstreamPort: upstream.port, redisUrl: redis.url }))
    const add: RequestKind = { kind: 'add', authorization: gateway.authorization, account: 'vobiz-in' }
    // As many requests as the compiler takes to be done with all that they run through.
    await generator.run(add, { port: gateway.port, connections, requests: 70_000 })
    const tops: number[] = []
    for (let round = 0; round < rounds; round++) {
      const { count, seconds: took } = await generator.run(add, { port: gateway.port, connections, seconds: 1 })
      tops.push(count / took)
    }
    const rate = Math.round(figureOf(tops).median / 2)
    const differences = { p50: [] as number[], p99: [] as number[], p999: [] as number[] }
    const direct = { p50: [] as number[], p99: [] as number[], p999: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      const options = { connections, seconds: seconds + 2, rate }
      const straight = await generator.run({ kind: 'pass' }, { ...options, port: upstream.port })
      const through = await generator.run(add, { ...options, port: gateway.port })
      for (const quantile of quantiles) {
        direct[quantile].push(straight[quantile])
        differences[quantile].push(through[quantile] - straight[quantile])
      }
      process.stderr.write('.')
    }
    process.stderr.write('\n')
    return {
      id: 'H',
      title: 'Latency at half of the maximum (H)',
      how: `${show(rate)} single adds a second at fixed times, Redis store; a request's time runs from when it was due. The same rate straight to the upstream is subtracted, round by round.`,
      columns: ['', 'direct call, ms', 'added by the gateway, ms'],
      rows: quantiles.map((quantile) => [
        quantile.replace('999', '99.9'),
        showFigure(figureOf(direct[quantile])),
        showFigure(figureOf(differences[quantile])),
      ]),
      reach: [atMost('4. H, p99 above the direct call', 2, ' ms', figureOf(differences.p99))],
      figures: { rate, direct, differences },
    }
  })
}
