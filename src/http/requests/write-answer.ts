import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OutcomeStatus } from '../../domain/outcome.ts'
import type { Journal } from '../../services/idempotency/idempotency.ts'
import type { PersonStatus } from '../../services/people/search-people.ts'
import type { AnswerBody } from '../../services/store-port.ts'

/** The whole answer of a write, before it is serialised: once, for the caller and the store alike. */
export type WriteAnswer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Something may have been applied, so that a repeat must find this answer. */
  readonly keep: boolean
  /** It holds outcomes that a repeat should try again. */
  readonly resumable: boolean
  readonly facts?: WriteFacts
}

/** What a write did, for the audit: nothing of it is made for that alone. */
export type WriteFacts = {
  readonly outcomes?: readonly WrittenOutcome[]
  /** An import that was started. */
  readonly import?: { readonly id: string; readonly rows: number }
  readonly suppressions?: readonly AuditedSuppression[]
}

/** What was done to one entry of the suppression list, and all that was said of it. No address is in it. */
export type AuditedSuppression =
  | {
      readonly id: string
      readonly status: 'created' | 'updated' | 'unchanged'
      readonly channels: readonly string[]
      readonly reason: string
      readonly source: string
      readonly note: string | undefined
      /** RFC 3339. */
      readonly saidAt: string
    }
  | { readonly id: string; readonly status: 'removed'; readonly takenBackFor: string }

/** What became of one contact at one account, or whether a person is there. */
export type WrittenOutcome = {
  readonly account: string
  readonly status: OutcomeStatus | 'deleted' | 'removed' | PersonStatus
  readonly id?: string | undefined
  readonly error?: { readonly code: string } | undefined
}

export type WriteOptions = {
  /** Handed to whoever takes the key over. */
  readonly intent?: string
  /** How the caller wants to see the stored body. */
  readonly view?: (body: AnswerBody) => AnswerBody
  /** What tells this request from others, where that is not the parsed body. */
  readonly content?: unknown
  /** How long the answer is kept; the usual time when it is not given. */
  readonly ttlMs?: number
}

/** Runs a write under its `Idempotency-Key`, or as it is when it has none, and sends the answer. */
export type Idempotently = (
  request: FastifyRequest,
  reply: FastifyReply,
  work: (journal: Journal | undefined) => Promise<WriteAnswer>,
  options?: WriteOptions,
) => Promise<FastifyReply>
