import type { ErasureStore } from './erasure-store-port.ts'
import type { EventStore } from './event-store-port.ts'
import type { ExplanationStore } from './explanation-store-port.ts'
import type { ImportStore } from './import-store-port.ts'
import type { SuppressionStore } from './suppression-store-port.ts'

/**
 * What the use cases need of a store. Every method fails with `StoreUnavailable` when the store cannot be reached, and
 * is one round trip. Two implementations (Redis, SQLite) pass one conformance suite.
 */

/** The store cannot be reached or did not answer in time; what was asked may or may not have been done. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/**
 * What has to be known before work begins could not be asked of the store: nothing was done, and what an owner of the key
 * before had noted stands.
 */
export class NotBegun extends StoreUnavailable {}

/** What is stored is there and cannot be opened (docs/adr/0014-encryption-at-rest.md). The text says of what kind it is and why, and nothing of it. */
export class StoredDataUnreadable extends Error {
  override readonly name = 'StoredDataUnreadable'
}

/** Short ones are texts: they go out with the headers, in one write. Out of a store come bytes. */
export type AnswerBody = string | Buffer

/** An answer as it was, or is to be, sent. `headers` holds the few that belong to it (`location`, `x-items-failed`). */
export type StoredAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: AnswerBody
  /** It holds outcomes that a repeat of the request should try again. */
  readonly resumable: boolean
  /** Id of the request that did the work. */
  readonly request?: string | undefined
}

/**
 * A claim on an idempotency key. `key` is unique per client and key (any bytes; the store hashes or encodes it);
 * `owner` is a token that no other claim has; times are in milliseconds.
 */
export type Claim = {
  readonly key: string
  /** Digest of the request, 32 bytes; another one under the same key is refused. */
  readonly fingerprint: Buffer
  /** What the digest of the same request was before the store had a key. */
  readonly formerly?: Buffer
  readonly owner: string
  readonly leaseMs: number
  /** Kept with a fresh claim and handed to whoever takes it over. */
  readonly intent: string
  /** How long an unfinished record is kept after its lease, for a takeover. */
  readonly keepMs: number
}

export type ClaimResult =
  /** Nobody had the key: it is the claimer's now. */
  | { readonly kind: 'claimed' }
  /** An owner works on the same request; its lease ends in `retryAfterMs` unless it is renewed. */
  | { readonly kind: 'running'; readonly retryAfterMs: number }
  /** The key belongs to another request. */
  | { readonly kind: 'reused' }
  | { readonly kind: 'done'; readonly answer: StoredAnswer }
  /**
   * The key is the claimer's now, and there was work before: `previous` is the last stored answer (resumable), `died`
   * tells that an owner began after it and let its lease run out; `intent` and `marks` are that owner's.
   */
  | {
      readonly kind: 'resumed'
      readonly previous: StoredAnswer | undefined
      readonly died: boolean
      readonly intent: string
      readonly marks: readonly string[]
      /** Id of the request of that owner, where its token tells it. */
      readonly request?: string | undefined
    }

export type IdempotencyStore = {
  /** Atomic. A `done` record that is resumable, and a running one whose lease is over, pass to the claimer. */
  claim(claim: Claim): Promise<ClaimResult>
  /** Notes something with the running record, durably. False: the lease was lost to another owner. */
  mark(key: string, owner: string, mark: string): Promise<boolean>
  /** False: the lease was lost to another owner. */
  renew(key: string, owner: string, leaseMs: number): Promise<boolean>
  /**
   * Stores the answer for `ttlMs`; in the place of an earlier one it goes when that would have gone, at the latest. Intent and
   * marks go. False, and nothing stored: another owner has the key.
   */
  complete(key: string, owner: string, answer: StoredAnswer, ttlMs: number): Promise<boolean>
  /**
   * Stores the answer of a key of which the store has nothing any more, since it lost its data. False, and nothing stored:
   * somebody has the key, or there is an answer.
   */
  restore(key: string, fingerprint: Buffer, answer: StoredAnswer, ttlMs: number): Promise<boolean>
  /** Gives the key back: to the previous answer where there is one (its time goes on), else free. */
  release(key: string, owner: string): Promise<boolean>
  /**
   * Undoes a claim under which nothing was done. What an owner before it that died had noted stands as it did, and can be
   * taken over at once; where there was none it is the same as `release`.
   */
  withdraw(key: string, owner: string): Promise<boolean>
}

/** How many bytes stand for a person among writers. */
export const writerNameSize = 4

/** Of one writer at an account. `owner`: 36 characters that no other turn has; `names`: of the people, one after the other. */
export type WriterTurn = { readonly account: string; readonly owner: string; readonly names: Buffer }

/**
 * Whose turn it is to write people at an account. One person has one writer at a time: by itself, or in groups of people who
 * are written at once, which do not wait for each other. Turns end by themselves when their lease is over; for `traceMs` it
 * is remembered when one ended.
 */
export type WriterStore = {
  /** The turn of one person (one name). `taken`: another has it, alone or in a group. Atomic. */
  takeOne(turn: WriterTurn, leaseMs: number, traceMs: number): Promise<'taken' | TakenTurn>
  /** For the owner alone; a call by anybody who has lost the turn changes nothing. */
  endOne(turn: WriterTurn, traceMs: number): Promise<void>
  /**
   * The turn of many: from now on `takeOne` is told `taken` of each of them. Resolves with the names of those whom others
   * have alone until they end; asked again by the owner it renews the lease, and tells again. Atomic.
   */
  takeGroup(turn: WriterTurn, leaseMs: number): Promise<readonly number[]>
  endGroup(turn: WriterTurn, traceMs: number): Promise<void>
}

/** `endedMsAgo`: how long ago a turn of the person ended; `undefined`: none did within `traceMs`. */
export type TakenTurn = { readonly endedMsAgo: number | undefined }

/** The store as a whole, as the process opens and closes it. */
export type Store = {
  readonly idempotency: IdempotencyStore
  readonly writers: WriterStore
  readonly imports: ImportStore
  readonly suppressions: SuppressionStore
  readonly erasures: ErasureStore
  readonly events: EventStore
  readonly explanations: ExplanationStore
  /**
   * What all processes on the store have in common: resolves with the first offer, for as long as somebody asks for it within
   * `keepMs`. Atomic. `name`: a word of ours.
   */
  agree(name: string, offer: Buffer, keepMs: number): Promise<Buffer>
  /** Resolves when it can be used; `StoreUnavailable` otherwise. Bounded in time (1 s). */
  ping(): Promise<void>
  /** What an operator should know, for example an eviction policy that loses keys. Empty when all is well. */
  diagnose(): Promise<readonly string[]>
  close(): Promise<void>
}
