import { type Generator, startGenerator } from '../load/start-generator.ts'
import { loadCore, testedCore, usageOf, usageOfOne } from '../machine.ts'
import { atLeast, type Section, showFigure } from '../report/section.ts'
import { figureOf, ratioOf } from '../report/statistics.ts'
import { startGateway } from '../systems/gateway.ts'
import { startRedis } from '../systems/redis.ts'
import { startUpstream } from '../systems/start-upstream.ts'
import type { Rounds } from './rounds.ts'
import { type Surroundings, withSurroundings } from './surroundings.ts'

/** Of each generator. */
const connections = 32
/** Seconds; as long for each process as `measureInRounds` takes. */
const warmUpSeconds = 16

/** `WORKERS=2` on two cores beside one process on one core. */
export function benchProcesses({ rounds, seconds }: Rounds): Promise<Section> {
  return withSurroundings(async ({ keep }) => {
    const one = await startUnit([testedCore], keep)
    const two = await startUnit([loadCore, testedCore], keep)
    for (const unit of [one, two]) await unit.run(Math.min(warmUpSeconds, 5 * seconds))
    const found = { one: [] as Run[], two: [] as Run[] }
    const turns = [
      async () => found.one.push(await one.run(seconds)),
      async () => found.two.push(await two.run(seconds)),
    ]
    for (let round = 0; round < rounds; round++) {
      for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn()
      process.stderr.write('.')
    }
    process.stderr.write('\n')
    const of = (runs: readonly Run[], pick: (run: Run) => number) => figureOf(runs.map(pick))
    const speed = (runs: readonly Run[]) => of(runs, ({ perSecond }) => perSecond)
    return {
      id: 'processes',
      title: 'Two processes on two cores',
      how: `One: the gateway, a load generator, the upstream and Redis, all on one core. Two: \`WORKERS=2\`, two load generators, the upstream and Redis on two cores, as the system places them. ${connections} connections a generator. The processor time is that of all processes of the gateway; the first one is that which begins the others and passes their log on.`,
      columns: ['', 'requests a second', 'CPU µs each', 'of it the first process'],
      rows: [
        ['one', showFigure(speed(found.one)), showFigure(of(found.one, ({ micros }) => micros)), '–'],
        [
          'two',
          ...[
            speed(found.two),
            ...(['micros', 'firstMicros'] as const).map((name) => of(found.two, (run) => run[name])),
          ].map(showFigure),
        ],
      ],
      reach: [
        atLeast('two processes on two cores to one on one', 1.75, ' ×', ratioOf(speed(found.two), speed(found.one))),
      ],
      figures: found,
    }
  })
}

type Run = { readonly perSecond: number; readonly micros: number; readonly firstMicros: number }

/** A gateway with a process for each core, and all that it needs, on these cores alone. */
async function startUnit(cores: readonly number[], keep: Surroundings['keep']) {
  const upstream = keep(await startUpstream(cores))
  const redis = keep(await startRedis(cores))
  const generators: Generator[] = []
  for (const core of cores) generators.push(keep(await startGenerator(core)))
  const gateway = keep(
    await startGateway({
      upstreamPort: upstream.port,
      redisUrl: redis.url,
      core: cores,
      ...(cores.length > 1 && { env: { WORKERS: String(cores.length) } }),
    }),
  )
  const { port, pid, authorization } = gateway
  const kind = { kind: 'add', authorization, account: 'vobiz-in' } as const
  return {
    async run(forSeconds: number): Promise<Run> {
      const [before, firstBefore] = [usageOf(pid).cpuMicros, usageOfOne(pid).cpuMicros]
      const loads = await Promise.all(
        generators.map((generator) => generator.run(kind, { port, connections, seconds: forSeconds })),
      )
      const count = loads.reduce((sum, load) => sum + load.count, 0)
      return {
        perSecond: loads.reduce((sum, load) => sum + load.count / load.seconds, 0),
        micros: (usageOf(pid).cpuMicros - before) / count,
        firstMicros: (usageOfOne(pid).cpuMicros - firstBefore) / count,
      }
    },
  }
}
