import { setTimeout as wait } from 'node:timers/promises'
import { usageOf } from '../machine.ts'
import { nameBeside } from '../report/beside.ts'
import { atMost, type Section, showFigure } from '../report/section.ts'
import { figureOf, ratioOf } from '../report/statistics.ts'
import { startGateway } from '../systems/gateway.ts'
import { connections, type Surroundings, withSurroundings } from './surroundings.ts'

const borders = [1_000, 5_000, 20_000] as const
const steady = { from: 40_000, to: 60_000 }

/** One start: seconds until it was ready, and µs a request over the first ones, and over those that come much later. */
type Start = { readonly readySeconds: number; readonly first: readonly number[]; readonly steady: number }

/** What the first requests after a start cost. */
export function benchCold(rounds: number, beside: string | undefined): Promise<Section> {
  return withSurroundings(async (surroundings) => {
    const own = nameBeside('gateway', undefined)
    const checkouts = new Map([[own, undefined as string | undefined]])
    if (beside !== undefined) checkouts.set(nameBeside('gateway', beside), beside)
    const found = new Map([...checkouts.keys()].map((name) => [name, [] as Start[]]))
    for (let round = 0; round < rounds; round++)
      for (const [name, checkout] of checkouts) {
        found.get(name)?.push(await startCold(checkout, surroundings))
        process.stderr.write('.')
      }
    process.stderr.write('\n')
    const of = (name: string, pick: (start: Start) => number) => figureOf((found.get(name) ?? []).map(pick))
    const afterwards = (name: string) => of(name, (start) => start.steady)
    const first = (name: string, place: number) => of(name, (start) => start.first[place] as number)
    return {
      id: 'cold',
      title: 'The first requests after a start (cold)',
      how: `A start in production with Redis, until \`/readyz\` is ready; then single adds over ${connections} connections, as fast as they are answered. Processor time of the gateway for a request over the first so many, and over those between ${steady.from.toLocaleString('en-US')} and ${steady.to.toLocaleString('en-US')} (steady).`,
      columns: [
        '',
        'seconds to ready',
        ...borders.map((border) => `µs, first ${border.toLocaleString('en-US')}`),
        'µs, steady',
        `first ${borders[0].toLocaleString('en-US')} to steady`,
      ],
      rows: [...found.keys()].map((name) => [
        name,
        showFigure(of(name, (start) => start.readySeconds)),
        ...borders.map((_, place) => showFigure(first(name, place))),
        showFigure(afterwards(name)),
        showFigure(ratioOf(first(name, 0), afterwards(name))),
      ]),
      reach: [
        atMost('cold, first 1,000 to steady', 2, ' × the CPU time', ratioOf(first(own, 0), afterwards(own))),
        atMost(
          'cold, start to ready',
          3,
          ' s',
          of(own, (start) => start.readySeconds),
        ),
      ],
      figures: Object.fromEntries(found),
    }
  })
}

async function startCold(checkout: string | undefined, { upstream, redis, generator }: Surroundings): Promise<Start> {
  const startedAt = performance.now()
  const gateway = await startGateway({ upstreamPort: upstream.port, redisUrl: redis.url, checkout })
  const { port, authorization, pid } = gateway
  while ((await fetch(`http://127.0.0.1:${port}/readyz`)).status !== 200) await wait(10)
  const readySeconds = (performance.now() - startedAt) / 1_000
  const begin = usageOf(pid).cpuMicros
  let requests = 0
  /** Processor time until so many requests were answered, in microseconds; each part has connections of its own. */
  const microsUntil = async (border: number): Promise<number> => {
    const kind = { kind: 'add', authorization, account: 'vobiz-in' } as const
    requests += (await generator.run(kind, { port, connections, requests: border - requests })).count
    return usageOf(pid).cpuMicros - begin
  }
  const first: number[] = []
  for (const border of borders) first.push((await microsUntil(border)) / border)
  const before = await microsUntil(steady.from)
  const after = await microsUntil(steady.to)
  await gateway.stop()
  return { readySeconds, first, steady: (after - before) / (steady.to - steady.from) }
}
