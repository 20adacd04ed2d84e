/** What a request, or an import, brings along to every call that it makes. */
export type CallContext = {
  /** On the clock of `performance.now()`; nothing is sent after it, and nothing waited for. */
  readonly deadlineAt: number
  readonly log: CallLog
  /** Absent: `interactive`. Where calls wait for each other, imports come second. */
  readonly priority?: CallPriority
}

export type CallPriority = 'interactive' | 'import'

/** Where attempts are logged: account, operation, outcome and time; never a body, a header or a secret. */
export type CallLog = { debug(fields: object, message: string): void; error(fields: object, message: string): void }
