import type { Clock } from './clock.ts'

/**
 * Spreads the calls to one account so that no second has more than its `requestsPerSecond`. The replicas of a gateway may
 * share one pace.
 */
export type Pace = {
  /**
   * Books the next free moments for up to `count` calls, at least for one. All of them may go after `waitMs`. What is
   * booked is spent, whether or not it is used.
   */
  book(count: number): Booking | Promise<Booking>
}

export type Booking = { readonly count: number; readonly waitMs: number }

/** The pace as a number of calls in each period; less than one call a second becomes one in a longer period. */
export function paceOf(requestsPerSecond: number): { readonly calls: number; readonly periodMs: number } {
  const calls = Math.max(1, Math.floor(requestsPerSecond))
  return { calls, periodMs: (calls / requestsPerSecond) * 1000 }
}

/**
 * A pace for this process alone: the moments of the last calls, so that the next one is a period after the one that was
 * `calls` before it. Calls that come together go together, as far as the period has room.
 */
export function createPace(requestsPerSecond: number, clock: Pick<Clock, 'now'>): Pace {
  const { calls, periodMs } = paceOf(requestsPerSecond)
  const moments = new Float64Array(calls).fill(Number.NEGATIVE_INFINITY)
  let next = 0
  return {
    book(count) {
      const now = clock.now()
      const at = Math.max(now, (moments[next] as number) + periodMs)
      let booked = 0
      while (booked < Math.min(count, calls) && (moments[next] as number) + periodMs <= at) {
        moments[next] = at
        next = (next + 1) % calls
        booked++
      }
      return { count: booked, waitMs: at - now }
    },
  }
}

/** A shared pace, and one of this process for as long as the shared one cannot be asked. */
export function withSubstitute(shared: Pace, substitute: Pace): Pace {
  return {
    async book(count) {
      try {
        return await shared.book(count)
      } catch {
        return substitute.book(count)
      }
    },
  }
}
