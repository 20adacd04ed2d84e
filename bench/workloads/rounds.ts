import type { Load } from '../load/tally.ts'
import { usageOf } from '../machine.ts'
import { show, showFigure } from '../report/section.ts'
import { type Figure, figureOf } from '../report/statistics.ts'

/** One of those that are compared. */
export type Contestant = {
  readonly name: string
  readonly pid: number
  /** A process that works for it and whose time is told apart: its Redis. */
  readonly helperPid?: number
  /** What one request carries: contacts, where that is what is counted. */
  readonly unitsPerRequest?: number
  /** Makes load on it for so many seconds. */
  run(seconds: number): Promise<Load>
}

/** What was measured of a contestant, round by round. */
export type Measured = {
  readonly name: string
  /** Right answers a second, or the units that they carried. */
  readonly perSecond: Figure
  /** Processor time of the process for each of them, in microseconds. */
  readonly cpuMicros: Figure
  readonly helperMicros: Figure | undefined
  /** How much of its core it used, from 0 to 1: well below 1 it was not what held it up. */
  readonly coreShare: Figure
  readonly p50Ms: Figure
  readonly p99Ms: Figure
  readonly peakMb: number
  readonly requests: number
}

export type Rounds = { readonly rounds: number; readonly seconds: number }

/**
 * How long each one is warmed up before the first round: the compiler is done with all of the gateway only after some 70,000
 * requests, which is 15 seconds where it has to share the core.
 */
const warmUpSeconds = 16
/** What a round begins with and does not count: connections are made, caches filled again after the turns of the others. */
const settleSeconds = 1

/** Measures all in turn, round after round, so that what changes on the machine changes for all of them. */
export async function measureInRounds(
  contestants: readonly Contestant[],
  { rounds, seconds }: Rounds,
): Promise<Measured[]> {
  for (const contestant of contestants) await contestant.run(Math.min(warmUpSeconds, 5 * seconds))
  const samples = new Map(contestants.map(({ name }) => [name, [] as Sample[]]))
  for (let round = 0; round < rounds; round++) {
    // Not always in the same order: nobody always follows the one that leaves the most behind.
    const order = round % 2 === 0 ? contestants : contestants.toReversed()
    for (const contestant of order) samples.get(contestant.name)?.push(await sample(contestant, seconds))
    process.stderr.write('.')
  }
  process.stderr.write('\n')
  return contestants.map(({ name, pid }) => summarise(name, pid, samples.get(name) as Sample[]))
}

type Sample = {
  readonly perSecond: number
  readonly cpuMicros: number
  readonly helperMicros: number | undefined
  readonly coreShare: number
  readonly p50: number
  readonly p99: number
  readonly requests: number
}

async function sample(contestant: Contestant, seconds: number): Promise<Sample> {
  const { pid, helperPid, unitsPerRequest = 1 } = contestant
  await contestant.run(settleSeconds)
  const helperUsed = () => (helperPid === undefined ? 0 : usageOf(helperPid).cpuMicros)
  const [before, helperBefore] = [usageOf(pid).cpuMicros, helperUsed()]
  const { count, seconds: took, p50, p99 } = await contestant.run(seconds)
  const used = usageOf(pid).cpuMicros - before
  const units = count * unitsPerRequest
  return {
    perSecond: units / took,
    cpuMicros: used / units,
    helperMicros: helperPid === undefined ? undefined : (helperUsed() - helperBefore) / units,
    coreShare: used / (took * 1_000_000),
    p50,
    p99,
    requests: count,
  }
}

function summarise(name: string, pid: number, samples: readonly Sample[]): Measured {
  const of = (pick: (sample: Sample) => number) => figureOf(samples.map(pick))
  return {
    name,
    perSecond: of(({ perSecond }) => perSecond),
    cpuMicros: of(({ cpuMicros }) => cpuMicros),
    helperMicros: samples[0]?.helperMicros === undefined ? undefined : of(({ helperMicros }) => helperMicros as number),
    coreShare: of(({ coreShare }) => coreShare),
    p50Ms: of(({ p50 }) => p50),
    p99Ms: of(({ p99 }) => p99),
    peakMb: usageOf(pid).peakMb,
    requests: samples.reduce((sum, { requests }) => sum + requests, 0),
  }
}

export const measuredColumns = (unit: string) => [
  '',
  `${unit} a second`,
  'CPU µs each',
  'Redis µs each',
  'core used',
  'p50 ms',
  'p99 ms',
  'peak MB',
]

export function measuredRow(measured: Measured): string[] {
  const { name, perSecond, cpuMicros, helperMicros, coreShare, p50Ms, p99Ms, peakMb } = measured
  return [
    name,
    showFigure(perSecond),
    showFigure(cpuMicros),
    helperMicros === undefined ? '–' : show(helperMicros.median),
    `${Math.round(coreShare.median * 100)} %`,
    show(p50Ms.median),
    show(p99Ms.median),
    show(peakMb),
  ]
}
