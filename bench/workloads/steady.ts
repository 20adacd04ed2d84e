import { type Generator, startGenerator } from '../load/start-generator.ts'
import { loadCore } from '../machine.ts'
import { atMost, type Section, show, showFigure } from '../report/section.ts'
import { type Figure, figureOf, quantileOf } from '../report/statistics.ts'
import { type RunningGateway, startGateway } from '../systems/gateway.ts'
import type { Rounds } from './rounds.ts'
import { connections, withSurroundings } from './surroundings.ts'

/** Requests a second; below them half of what the gateway can do. */
const rates = [50, 200, 1_000] as const
const quantiles = { p50: 0.5, p99: 0.99, 'p99.9': 0.999 } as const
type Quantile = keyof typeof quantiles
const names = Object.keys(quantiles) as Quantile[]
/** A round holds so many requests at least, so that it has a p99. */
const leastRequests = 500
/** Where the generator sent one in a thousand requests that late, a round says nothing. */
export const mostLateMs = 1
/** As many requests as the compiler takes to be done with all that they run through. */
const warmUpRequests = 70_000

/** The times of one round in ms, ascending: of calls straight to the upstream, and of single adds; how late the generator was. */
export type Pair = { readonly direct: readonly number[]; readonly through: readonly number[]; readonly lateMs: number }

/** What one rate came to. */
type Steady = {
  readonly rate: number
  readonly pairs: readonly Pair[]
  /** How late the generator was in each round that is void, in ms. */
  readonly voided: readonly number[]
}

/** What the gateway adds to a call at fixed rates. */
export function benchSteady({ rounds, seconds }: Rounds): Promise<Section> {
  return withSurroundings(async ({ upstream, redis, generator, keep }) => {
    const gateway = keep(await startGateway({ upstreamPort: upstream.port, redisUrl: redis.url }))
    const punctual = keep(await startGenerator(loadCore, true))
    const most = await warmUp(gateway, generator, { rounds, seconds })
    const all = [...rates, Math.round(most / 2)].map((rate) => ({ rate, pairs: [] as Pair[], voided: [] as number[] }))
    for (let round = 0; round < 2 * rounds; round++)
      for (const one of all.filter(({ pairs }) => pairs.length < rounds)) {
        const pair = await takePair(punctual, upstream.port, gateway, one.rate, seconds + 2, round % 2 === 1)
        if (pair.lateMs > mostLateMs) one.voided.push(pair.lateMs)
        else one.pairs.push(pair)
        process.stderr.write('.')
      }
    process.stderr.write('\n')
    return describe(all, most)
  })
}

function describe(all: readonly Steady[], most: number): Section {
  const half = all.at(-1) as Steady
  const labelOf = (one: Steady) => `${one.rate.toLocaleString('en-US')}/s${one === half ? ', half of the maximum' : ''}`
  const p99 = (rate: number) => addedAt('p99', all.find((one) => one.rate === rate)?.pairs ?? [])
  return {
    id: 'steady',
    title: 'Latency at fixed rates (steady)',
    how: `Single adds at fixed moments whether or not earlier ones were answered, Redis store, over up to ${connections} connections; the time of a request runs from the moment at which it was due, so that what holds up one counts for all that are due meanwhile. In each round the same comes straight to the upstream, and is subtracted. Quantiles are those of all rounds together (lowest and highest of a round). The gateway can do ${show(most)} a second on its core. Rounds are void, and are repeated where there are enough tries left, in which the generator sent one request in a thousand more than ${mostLateMs} ms late.`,
    columns: [
      '',
      ...names.map((name) => `${name} direct, ms`),
      ...names.map((name) => `${name} added, ms`),
      'requests',
      'void',
    ],
    rows: all.map((one) => [
      labelOf(one),
      ...names.map((name) => show(directAt(name, one.pairs))),
      ...names.map((name) => showFigure(addedAt(name, one.pairs))),
      show(one.pairs.reduce((sum, { through }) => sum + through.length, 0)),
      one.voided.length === 0 ? '0' : `${one.voided.length} (late by ${show(Math.min(...one.voided))} ms and more)`,
    ]),
    reach: [
      atMost('steady at 200/s, p99 above the direct call', 3, ' ms', p99(200)),
      atMost('steady at half of the maximum, p99 above the direct call', 10, ' ms', p99(half.rate)),
    ],
    figures: all.map(({ rate, pairs, voided }) => ({
      rate,
      voided,
      late: pairs.map(({ lateMs }) => lateMs),
      direct: Object.fromEntries(names.map((name) => [name, directAt(name, pairs)])),
      added: Object.fromEntries(names.map((name) => [name, addedAt(name, pairs)])),
    })),
  }
}

/** Warms a gateway up; returns how many single adds a second it can do. */
export async function warmUp(
  { port, authorization }: RunningGateway,
  generator: Generator,
  { rounds, seconds }: Rounds,
): Promise<number> {
  const add = { kind: 'add', authorization, account: 'vobiz-in' } as const
  await generator.run(add, { port, connections, requests: Math.min(warmUpRequests, seconds * 25_000) })
  const speeds: number[] = []
  for (let round = 0; round < rounds; round++) {
    const load = await generator.run(add, { port, connections, seconds: 1 })
    speeds.push(load.count / load.seconds)
  }
  return figureOf(speeds).median
}

/** One round, in either order. */
export async function takePair(
  generator: Generator,
  upstream: number,
  { port, authorization }: RunningGateway,
  rate: number,
  seconds: number,
  isReversed: boolean,
): Promise<Pair> {
  const options = { connections, rate, seconds: Math.max(seconds, leastRequests / rate) }
  const runs = [
    () => generator.runAtRate({ kind: 'pass' }, { ...options, port: upstream }),
    () => generator.runAtRate({ kind: 'add', authorization, account: 'vobiz-in' }, { ...options, port }),
  ]
  const loads = []
  for (const run of isReversed ? runs.toReversed() : runs) loads.push(await run())
  const [direct, through] = (isReversed ? loads.toReversed() : loads).map(({ times }) => times)
  return { direct, through, lateMs: Math.max(...loads.map(({ lateMs }) => lateMs)) } as Pair
}

/** What the gateway added at a quantile: of all requests of all rounds, and of each round. */
export function addedAt(name: Quantile, pairs: readonly Pair[]): Figure {
  const part = quantiles[name]
  const added = pairs.map(({ direct, through }) => quantileOf(through, part) - quantileOf(direct, part))
  const median = quantileOf(together(pairs.map(({ through }) => through)), part) - directAt(name, pairs)
  return { ...figureOf(added), median }
}

function directAt(name: Quantile, pairs: readonly Pair[]): number {
  return quantileOf(together(pairs.map(({ direct }) => direct)), quantiles[name])
}

function together(rounds: readonly (readonly number[])[]): readonly number[] {
  return rounds.flat().toSorted((a, b) => a - b)
}
