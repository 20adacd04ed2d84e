import type { CallTotals } from '../services/activity/activity.ts'
import type { Count, Distribution } from './families.ts'

/** What is counted of an operation at an account. */
export type CallSeries = { readonly duration: Distribution; readonly outcomes: ReadonlyMap<string, Count> }

/** The same by account, of all operations. */
export function totalsByAccount(series: Iterable<readonly [account: string, CallSeries]>): readonly CallTotals[] {
  return [...Map.groupBy(series, ([account]) => account)].map(([account, ofAccount]) => {
    const calls: Record<string, number> = {}
    const buckets: number[] = []
    for (const [, { duration, outcomes }] of ofAccount) {
      for (const [result, { value }] of outcomes) calls[result] = (calls[result] ?? 0) + value
      for (const [place, count] of duration.counts.entries()) buckets[place] = (buckets[place] ?? 0) + count
    }
    return { account, calls, buckets }
  })
}
