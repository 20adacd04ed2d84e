import type { NextStep } from './attempt.ts'
import type { BreakerState } from './breaker-state.ts'
import type { CallsMade } from './calls-made.ts'
import type { FailureKind } from './failure.ts'

/** What an idempotency key meant for a request; `none`: it had none. */
export const keyedResults = ['new', 'replayed', 'resumed', 'taken_over', 'refused', 'none'] as const
export type KeyedResult = (typeof keyedResults)[number]

/** Times are in milliseconds; `atMs` counts from when the request came. */
export type ToldAttempt = {
  readonly atMs: number
  readonly waitedMs?: { readonly place: number; readonly pace: number }
  readonly breaker: BreakerState
  /** Absent: it was not sent. */
  readonly tookMs?: number
  readonly result: FailureKind | 'ok'
  readonly providerStatus?: number
  readonly providerCode?: string
  readonly next: NextStep
  readonly nextInMs?: number
}

export type ToldCall = {
  readonly operation: string
  readonly contacts: number
  readonly attempts: readonly ToldAttempt[]
}

export type ToldAccount = {
  readonly account: string
  readonly contacts: number
  readonly outcomes: Readonly<Record<string, number>>
  readonly callsLeftOut: number
  readonly calls: readonly ToldCall[]
}

/** What is told of a request beside its calls. */
export type ExplanationHead = {
  readonly id: string
  readonly client: string
  readonly method: string
  /** Its template. */
  readonly route: string
  readonly list?: string
  readonly status: number
  /** Of its problem. */
  readonly code?: string
  /** RFC 3339, UTC. */
  readonly receivedAt: string
  readonly durationMs: number
  readonly deadlineMs: number
  /** Of those that answer, the one that did. */
  readonly replica: string
  readonly idempotency: {
    readonly result: KeyedResult
    /** The request that did the work. */
    readonly firstRequest?: string
    readonly storeMs?: number
  }
  /** For a person. */
  readonly explanation: readonly string[]
}

/** A request, as it is explained. It holds no body, address, credential or text of a provider. */
export type Explanation = {
  readonly head: ExplanationHead
  readonly accounts: readonly ToldAccount[]
  /** Accounts for which there was no room. */
  readonly accountsLeftOut: number
}

/** What became of one contact at one account. */
export type ExplainedOutcome = {
  readonly account: string
  readonly status: string
  readonly error?: { readonly code: string } | undefined
}

/** What is known of a request when it is answered. `startedAt`: on the clock of the accounts. */
export type AnsweredRequest = Omit<ExplanationHead, 'explanation'> & {
  readonly startedAt: number
  readonly outcomes: readonly ExplainedOutcome[]
  readonly calls: CallsMade | undefined
  /** What the request that it took over from had noted, `writeSendingNote` among it. */
  readonly left?: readonly string[] | undefined
}
