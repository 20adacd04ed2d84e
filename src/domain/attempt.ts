import type { BreakerState } from './breaker-state.ts'
import type { FailureKind } from './failure.ts'

/**
 * What comes after an attempt. `again`: the call is sent once more. The others end it: `deadline`: there is no time left;
 * `retry_budget`: the account's retries are used up for now; `not_repeatable`: it may have been applied, and a second time
 * would do harm; `breaker`: the account is not called just now; `final`: nothing is to be won by another one.
 */
export const nextSteps = ['again', 'done', 'deadline', 'retry_budget', 'not_repeatable', 'breaker', 'final'] as const
export type NextStep = (typeof nextSteps)[number]

/**
 * One attempt of a call to a provider, with those before it. It is made for each attempt, so it has numbers alone and
 * nothing that is made for it. Times are in milliseconds, moments on the clock of the account.
 */
export class Attempt {
  readonly account: string
  readonly operation: string
  /** How many the call is about; 0 where it is about none. */
  readonly contacts: number
  /** From 1. */
  readonly number: number
  /** The one before it, of the same call. */
  readonly before: Attempt | undefined
  /** Whether a refused token is reason enough for another one. */
  readonly mayRenew: boolean
  /** When it began to wait; from `send` on, when it was sent. */
  at = 0
  waitedForPlace = 0
  waitedForPace = 0
  /** It gave way to requests whose callers wait. */
  gaveWay = 0
  breaker: BreakerState = 'closed'
  /** `undefined`: it was not sent. */
  took: number | undefined = undefined
  /** `defect` until it is known. */
  result: FailureKind | 'ok' = 'defect'
  providerStatus: number | undefined = undefined
  providerCode: string | undefined = undefined
  next: NextStep = 'final'
  /** How long it was waited for then, where it goes on. */
  nextIn = 0

  constructor(account: string, operation: string, contacts: number, before: Attempt | undefined, mayRenew: boolean) {
    this.account = account
    this.operation = operation
    this.contacts = contacts
    this.number = before === undefined ? 1 : before.number + 1
    this.before = before
    this.mayRenew = mayRenew
  }
}

/** Is told of each call once it has ended, by its last attempt. Must not throw. */
export type CallsTold = { ended(last: Attempt): void }

/** The attempts of a call, from the first. */
export function attemptsOf(last: Attempt): readonly Attempt[] {
  const attempts: Attempt[] = []
  for (let one: Attempt | undefined = last; one !== undefined; one = one.before) attempts.push(one)
  return attempts.reverse()
}
