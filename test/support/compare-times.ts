import { quantile } from './process-size.ts'
import { createRandom } from './random.ts'

/** How the times of one kind of windows compare with those of another, and what of it may be noise. */
export type Comparison = {
  /** 1.1 is 10 % slower. */
  readonly ratio: number
  /** Where the ratio lies in 95 of 100 resamplings of both (bootstrap). */
  readonly between: readonly [number, number]
  /** A against A: two halves of the calm windows differ by less than this factor in 95 of 100 divisions. */
  readonly noise: number
  /** The share of random divisions of all windows into two such kinds that give such a ratio or more. */
  readonly chance: number
}

const rounds = 2_000

/**
 * Compares a number for each of some calm windows with those of others, each kind by the value below which this share of
 * its windows is. A lower one has less of what else the machine does: that makes windows slower and never faster.
 */
export function compareTimes(calm: readonly number[], other: readonly number[], share: number): Comparison {
  const random = createRandom(1)
  const repeated = (work: () => number) => Array.from({ length: rounds }, work)
  const resample = (values: readonly number[]) => values.map(() => random.pick(values))
  const ratioOf = (one: readonly number[], two: readonly number[]) => quantile(two, share) / quantile(one, share)
  const divided = (values: readonly number[], at: number) => {
    const shuffled = random.shuffle(values)
    return ratioOf(shuffled.slice(0, at), shuffled.slice(at))
  }
  const ratio = ratioOf(calm, other)
  const bootstrap = repeated(() => ratioOf(resample(calm), resample(other)))
  const halves = repeated(() => divided(calm, Math.ceil(calm.length / 2))).map((one) => Math.max(one, 1 / one))
  const mixed = repeated(() => divided([...calm, ...other], calm.length))
  return {
    ratio,
    between: [quantile(bootstrap, 0.025), quantile(bootstrap, 0.975)],
    noise: quantile(halves, 0.95),
    chance: mixed.filter((one) => one >= ratio).length / rounds,
  }
}
