/**
 * Explanations of requests as a store keeps them: of each client the newest, for some hours. Every method fails with
 * `StoreUnavailable` when the store cannot be reached. Two implementations (Redis, SQLite) pass one conformance suite.
 */
export type ExplanationStore = {
  /**
   * Keeps explanations of one client, in one atomic step; those that are over the limits go, the oldest first. Of one id the
   * newest is kept, and how many there were.
   */
  keep(client: string, explanations: readonly KeptExplanation[], limits: ExplanationLimits): Promise<void>
  get(client: string, id: string): Promise<FoundExplanation | undefined>
  /** The newest first. */
  page(client: string, query: ExplanationQuery): Promise<ExplanationPage>
}

/** `head` and `accounts` are JSON, and not looked into. `at`: when the request came, in milliseconds since 1970. */
export type KeptExplanation = {
  readonly id: string
  readonly at: number
  readonly status: number
  readonly list: string | undefined
  readonly head: string
  readonly accounts: string
}

/** `sameId`: how many requests of the client had this id. */
export type FoundExplanation = KeptExplanation & { readonly sameId: number }

export type ExplanationLimits = {
  readonly keepMs: number
  /** Of one client. */
  readonly most: number
  readonly mostBytes: number
}

export type ExplanationQuery = {
  readonly limit: number
  /** `next` of the page before. */
  readonly from?: string | undefined
  readonly since?: number | undefined
  readonly status?: number | undefined
  readonly list?: string | undefined
}

/** A page may have fewer than its limit, and others after it. `next`: where to go on; `undefined` at the end. */
export type ExplanationPage = {
  readonly items: readonly Omit<FoundExplanation, 'accounts'>[]
  readonly next: string | undefined
}
