import type { Load } from '../load/generate.ts'
import { startGenerator } from '../load/start-generator.ts'
import { usageOf } from '../machine.ts'
import { atLeast, type Section, showFigure } from '../report/section.ts'
import { figureOf, ratioOf } from '../report/statistics.ts'
import { startGateway } from '../systems/gateway.ts'
import { startUpstream } from '../systems/start-upstream.ts'
import type { Rounds } from './rounds.ts'
import { type Surroundings, withSurroundings } from './surroundings.ts'

const connections = 32

/** Two processes on two cores beside one, over one Redis. */
export function benchProcesses({ rounds, seconds }: Rounds): Promise<Section> {
  return withSurroundings(async (surroundings) => {
    const alone = await startUnit(1, surroundings)
    const other = await startUnit(0, surroundings)
    await Promise.all([alone.run(3), other.run(3)])
    const speeds = { one: [] as number[], two: [] as number[] }
    const micros = { one: [] as number[], two: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      const before = alone.cpuMicros()
      const single = await alone.run(seconds)
      speeds.one.push(single.count / single.seconds)
      micros.one.push((alone.cpuMicros() - before) / single.count)
      const beforeBoth = alone.cpuMicros() + other.cpuMicros()
      const both = await Promise.all([alone.run(seconds), other.run(seconds)])
      const count = both.reduce((sum, load) => sum + load.count, 0)
      speeds.two.push(both.reduce((sum, load) => sum + load.count / load.seconds, 0))
      micros.two.push((alone.cpuMicros() + other.cpuMicros() - beforeBoth) / count)
      process.stderr.write('.')
    }
    process.stderr.write('\n')
    const [one, two] = [figureOf(speeds.one), figureOf(speeds.two)]
    return {
      id: 'processes',
      title: 'Two processes on two cores',
      how: 'Each process has a load generator and an upstream of its own, all three on its core; one Redis, on core 0, for both. One: the process on core 1 alone.',
      columns: ['', 'requests a second', 'CPU µs each'],
      rows: [
        ['one', showFigure(one), showFigure(figureOf(micros.one))],
        ['two', showFigure(two), showFigure(figureOf(micros.two))],
      ],
      reach: [atLeast('5. two processes to one', 1.7, ' ×', ratioOf(two, one))],
      figures: { speeds, micros },
    }
  })
}

async function startUnit(core: number, { redis, keep }: Surroundings) {
  const upstream = keep(await startUpstream(core))
  const generator = keep(await startGenerator(core))
  const gateway = keep(await startGateway({ upstreamPort: upstream.port, redisUrl: redis.url, core }))
  const kind = { kind: 'add', authorization: gateway.authorization, account: 'vobiz-in' } as const
  return {
    cpuMicros: () => usageOf(gateway.pid).cpuMicros,
    run: (seconds: number): Promise<Load> => generator.run(kind, { port: gateway.port, connections, seconds }),
  }
}
