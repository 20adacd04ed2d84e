import { type BreakerState, breakerStates } from './breaker-state.ts'

/** What one process has seen of an account in one minute. */
export type ActivityPart = {
  /** Attempts by result. */
  readonly calls: Readonly<Record<string, number>>
  /** How long they took: counts by bound, each at the first that it does not exceed, and at the end if it exceeds all. */
  readonly buckets: readonly number[]
  /** Calls that waited, at most. */
  readonly waiting: number
  /** The worst that it was. */
  readonly breaker: BreakerState
}

/** What all processes have seen. Absent: nobody was there, or nothing was called. */
export type Activity = {
  readonly calls: Readonly<Record<string, number>>
  readonly p95Ms?: number
  readonly waiting?: number
  readonly breaker?: BreakerState
}

/** The worse state of two. */
export function worseBreaker(one: BreakerState, other: BreakerState): BreakerState {
  const badness = (state: BreakerState) => ['closed', 'half-open', 'open'].indexOf(state)
  return badness(one) >= badness(other) ? one : other
}

export function isBreakerState(word: unknown): word is BreakerState {
  return (breakerStates as readonly unknown[]).includes(word)
}

/** What one process has seen first and then, within one minute. */
export function addPart(before: ActivityPart | undefined, more: ActivityPart): ActivityPart {
  if (before === undefined) return more
  return {
    calls: addCalls(before.calls, more.calls),
    buckets: addBuckets(before.buckets, more.buckets),
    waiting: Math.max(before.waiting, more.waiting),
    breaker: worseBreaker(before.breaker, more.breaker),
  }
}

/** What several processes have seen in the same minute. `bounds`: of the buckets, in milliseconds. */
export function mergeParts(parts: readonly ActivityPart[], bounds: readonly number[]): Activity {
  if (parts.length === 0) return { calls: {} }
  const buckets = parts.map((part) => part.buckets).reduce(addBuckets, [])
  const p95Ms = quantile(0.95, buckets, bounds)
  return {
    calls: parts.map((part) => part.calls).reduce(addCalls, {}),
    ...(p95Ms !== undefined && { p95Ms }),
    waiting: parts.reduce((sum, { waiting }) => sum + waiting, 0),
    breaker: parts.map(({ breaker }) => breaker).reduce(worseBreaker),
  }
}

function addCalls(one: ActivityPart['calls'], other: ActivityPart['calls']): Readonly<Record<string, number>> {
  const sum = { ...one }
  for (const [result, count] of Object.entries(other)) sum[result] = (sum[result] ?? 0) + count
  return sum
}

function addBuckets(one: readonly number[], other: readonly number[]): readonly number[] {
  const longer = one.length >= other.length ? one : other
  return longer.map((_, place) => (one[place] ?? 0) + (other[place] ?? 0))
}

/**
 * The value that a share of all values does not exceed, as far as buckets tell: within one they count as spread evenly.
 * What exceeds all bounds counts as the last.
 */
export function quantile(share: number, buckets: readonly number[], bounds: readonly number[]): number | undefined {
  const total = buckets.reduce((sum, count) => sum + count, 0)
  if (total === 0) return undefined
  const rank = share * total
  let below = 0
  for (const [place, count] of buckets.entries()) {
    if (below + count >= rank && count > 0) {
      const [from, to] = [bounds[place - 1] ?? 0, bounds[place]]
      return to === undefined ? from : Math.round(from + ((to - from) * (rank - below)) / count)
    }
    below += count
  }
  return bounds.at(-1)
}
