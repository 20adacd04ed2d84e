import type { Erasure, ErasureStatus } from '../domain/erasure.ts'
import type { OutboxEvent } from './event-store-port.ts'

/**
 * Erasures as a store keeps them: few, each for years. Every method fails with `StoreUnavailable` when the store cannot be
 * reached. Two implementations (Redis, SQLite) pass one conformance suite.
 */
export type ErasureStore = {
  /**
   * Keeps a new erasure, durably, unless one of the same people is not completed: then that one. `people`: of each set of
   * keys of the suppression list, what stands for all of the addresses together; the first one is that of `erasure`.
   */
  begin(erasure: Erasure, people: readonly string[]): Promise<StoredErasure>
  get(id: string): Promise<StoredErasure | undefined>
  /**
   * Puts another state in the place of what was read, durably. `undefined`: it has been changed since, or is gone, and is as
   * it was. One that is completed is kept for `keepMs` from now on, and does not stand in the way of another. `event`: what
   * callers are told of it, left in the outbox in the same step.
   */
  replace(
    before: StoredErasure,
    after: Erasure,
    keepMs: number,
    event?: OutboxEvent,
  ): Promise<StoredErasure | undefined>
  /** From the newest to the oldest. */
  page(query: ErasureQuery): Promise<ErasurePage>
  /** All that are not completed. */
  unfinished(): Promise<readonly UnfinishedErasure[]>
  /**
   * One that has something to do at `now` and that nobody else has taken: nobody gets it for `leaseMs`, unless it is
   * replaced before. `undefined`: there is none. Atomic.
   */
  take(now: number, leaseMs: number): Promise<StoredErasure | undefined>
  /** Whether any has something to do, now or later, without waiting for a person. */
  hasWork(): Promise<boolean>
  /** Keeps one that was taken for oneself until then. */
  hold(id: string, until: number): Promise<void>
  /** What was deleted or written over is in none of the store's files any more, as far as it is the store's to see to. */
  purge(): Promise<void>
}

/** `version`: grows with each change. */
export type StoredErasure = { readonly erasure: Erasure; readonly version: number }

export type UnfinishedErasure = Pick<Erasure, 'id' | 'createdAt' | 'dueAt'> & { readonly status: ErasureStatus }

export type ErasureQuery = {
  readonly limit: number
  /** `next` of the page before. */
  readonly from?: string | undefined
  readonly status?: ErasureStatus | undefined
  /** Those that have something to do with this account. */
  readonly account?: string | undefined
}

/** A page may have fewer erasures than its limit, and others after it. `next`: where to go on; `undefined` at the end. */
export type ErasurePage = { readonly items: readonly StoredErasure[]; readonly next: string | undefined }
