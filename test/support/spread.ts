import { isLongRun } from './long-run.ts'

/** The numbers from 1 to `last`: all of them in the long form, else some, the last among them. */
export function spread(last: number, atMost = 2): number[] {
  if (last < 1) throw new RangeError('there is nothing to choose from')
  const count = isLongRun ? last : Math.min(last, atMost)
  return Array.from({ length: count }, (_, n) => (count === 1 ? last : 1 + Math.round((n * (last - 1)) / (count - 1))))
}
