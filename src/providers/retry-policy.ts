import type { NextStep } from '../domain/attempt.ts'
import { certainlyNotApplied, type Failure, type FailureKind, failureRules } from '../domain/failure.ts'
import type { Clock } from './clock.ts'
import { RetryBudget } from './retry-budget.ts'

const shortestSpreadMs = 200
const longestSpreadMs = 2_000
/** A retry with less time than this before the deadline is not waited for. */
const leastTimeMs = 20

/** How long a provider that could not be asked is not asked again. */
const questionRestMs = 60_000

/** Calls that the gateway itself refused to send: trying again at once would be no better. */
const refusedHere: ReadonlySet<FailureKind> = new Set(['breakerOpen', 'busy', 'deadline'])

/** Why a call is not sent again. */
export type NoRetry = Exclude<NextStep, 'again' | 'done'>

/** When a failed call is sent again: shared by all calls to an account. */
export class RetryPolicy {
  readonly #retries: number
  readonly #clock: Clock
  readonly #budget = new RetryBudget()
  #askAgainAt = Number.NEGATIVE_INFINITY
  #lostAt = Number.NEGATIVE_INFINITY

  constructor(retries: number, clock: Clock) {
    this.#retries = retries
    this.#clock = clock
  }

  /** A call succeeded with its attempt number `attempt` (from 1). */
  succeeded(attempt: number): void {
    this.#askAgainAt = Number.NEGATIVE_INFINITY
    if (attempt === 1) this.#budget.succeeded()
  }

  /**
   * How long to wait before the call is sent again after its attempt number `attempt` (from 1) ended so, or why it is not
   * sent again. A granted retry is taken from the account's budget.
   */
  waitMs(failure: Failure, attempt: number, repeatable: boolean, deadlineAt: number): number | NoRetry {
    const end = this.endOf(failure, attempt, repeatable)
    if (end !== undefined) return end
    if (attempt === 1) this.#budget.failed()
    const waitMs = this.#spread(attempt) + (failure.retryAfterMs ?? 0)
    if (this.#clock.now() + waitMs + leastTimeMs > deadlineAt) return 'deadline'
    return this.#budget.take() ? waitMs : 'retry_budget'
  }

  /** Why a call is not sent again that ended so, whatever else allows it; `undefined`: it may be. */
  endOf(failure: Failure, attempt: number, repeatable: boolean): NoRetry | undefined {
    if (failure.kind === 'breakerOpen') return 'breaker'
    if (failure.kind === 'deadline') return 'deadline'
    if (!failureRules[failure.kind].transient || failure.kind === 'busy') return 'final'
    if (!repeatable && !certainlyNotApplied(failure)) return 'not_repeatable'
    return attempt > this.#retries ? 'final' : undefined
  }

  /**
   * Whether to ask the provider what became of a call. A question that failed shows that it is no use, until some call
   * succeeds or a minute has passed: else a provider that is down would receive each call twice.
   */
  get isWorthAsking(): boolean {
    return this.#clock.now() >= this.#askAgainAt
  }

  /** The provider was asked what became of a call, and did not say. */
  questionFailed({ kind }: Failure): void {
    if (!refusedHere.has(kind)) this.#askAgainAt = this.#clock.now() + questionRestMs
  }

  /** The answer to a write was lost. */
  lost(now: number): void {
    this.#lostAt = now
  }

  /** When an answer to a write was last lost. */
  get lostAt(): number {
    return this.#lostAt
  }

  /** Whether a call that the provider turned out not to have applied may be sent again: a retry like any other. */
  maySendLostCall(): boolean {
    this.#budget.failed()
    return this.#budget.take()
  }

  /** Full jitter, also on top of a `Retry-After`: callers that failed together come back apart. */
  #spread(attempt: number): number {
    return this.#clock.random() * Math.min(longestSpreadMs, shortestSpreadMs * 2 ** (attempt - 1))
  }
}
