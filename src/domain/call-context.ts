import type { CallsTold } from './attempt.ts'
import type { Failure } from './failure.ts'

/** What a request, or an import, brings along to every call that it makes. */
export type CallContext = {
  /** On the clock of `performance.now()`; nothing is sent after it, and nothing waited for. */
  readonly deadlineAt: number
  readonly log: CallLog
  /** Absent: `interactive`. Where calls wait for each other, imports come second. */
  readonly priority?: CallPriority
  /** Asked before each attempt, for work that nobody waits for. Absent: the work need not give way. */
  readonly giveWay?: () => Promise<void> | undefined
  /**
   * Asked when an attempt to write somebody is about to go out, after all that it waited for: why it must not. Absent: it
   * writes nobody.
   */
  readonly mayGo?: (() => Failure | undefined | Promise<Failure | undefined>) | undefined
  /** Absent: nothing is traced. */
  readonly trace?: CallTrace | undefined
  /** Is told what was done. Absent: nobody will ask. */
  readonly calls?: CallsTold | undefined
}

/** What a request tells its trace. Must not throw. */
export type CallTrace = {
  /** An attempt at a provider begins. */
  attempt(account: string, operation: string, attempt: number): AttemptTrace
}

/** One attempt on its way. */
export type AttemptTrace = {
  /** The value of the header `traceparent`, by which the provider is told of the trace. */
  readonly traceparent: string
  /** It ended: `ok` or the kind of its failure, with the HTTP status where a failure tells one. */
  end(outcome: string, status: number | undefined): void
}

export type CallPriority = 'interactive' | 'import'

/** Where attempts are logged: account, operation, outcome and time; never a body, a header or a secret. */
export type CallLog = {
  debug(fields: object, message: string): void
  /** Absent: such lines are for debugging too. */
  warn?(fields: object, message: string): void
  error(fields: object, message: string): void
  /** Absent: nobody knows, and lines are made. */
  isLevelEnabled?(level: 'debug'): boolean
}
