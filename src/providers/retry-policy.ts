import { certainlyNotApplied, type Failure, type FailureKind, failureRules } from '../domain/failure.ts'
import type { Clock } from './clock.ts'
import { RetryBudget } from './retry-budget.ts'

const shortestSpreadMs = 200
const longestSpreadMs = 2_000
/** A retry with less time than this before the deadline is not waited for. */
const leastTimeMs = 20

/** Sent by nobody and refused by the gateway itself: at once again would be no better. */
const refusedHere: ReadonlySet<FailureKind> = new Set(['breakerOpen', 'busy', 'deadline'])

/** When a failed call is sent again: shared by all calls to an account. */
export class RetryPolicy {
  readonly #retries: number
  readonly #clock: Clock
  readonly #budget = new RetryBudget()

  constructor(retries: number, clock: Clock) {
    this.#retries = retries
    this.#clock = clock
  }

  succeededAtOnce(): void {
    this.#budget.succeeded()
  }

  /**
   * How long to wait before the call is sent again after its attempt number `attempt` (from 1) ended so; `undefined`: not
   * at all. A granted retry is taken from the account's budget.
   */
  waitMs(failure: Failure, attempt: number, repeatable: boolean, deadlineAt: number): number | undefined {
    if (attempt > this.#retries || !mayBeSentAgain(failure, repeatable)) return undefined
    if (attempt === 1) this.#budget.failed()
    const waitMs = this.#spread(attempt) + (failure.retryAfterMs ?? 0)
    if (this.#clock.now() + waitMs + leastTimeMs > deadlineAt) return undefined
    return this.#budget.take() ? waitMs : undefined
  }

  /** Full jitter, also on top of a `Retry-After`: callers that failed together come back apart. */
  #spread(attempt: number): number {
    return this.#clock.random() * Math.min(longestSpreadMs, shortestSpreadMs * 2 ** (attempt - 1))
  }
}

function mayBeSentAgain(failure: Failure, repeatable: boolean): boolean {
  return (
    failureRules[failure.kind].transient &&
    !refusedHere.has(failure.kind) &&
    (repeatable || certainlyNotApplied(failure))
  )
}
