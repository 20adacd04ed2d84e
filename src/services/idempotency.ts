import { randomUUID } from 'node:crypto'
import type { CallLog } from '../domain/call-context.ts'
import { createGiveBack } from './give-back.ts'
import { type ClaimResult, type IdempotencyStore, type StoredAnswer, StoreUnavailable } from './ports.ts'

/** A request that came with an idempotency key. */
export type KeyedRequest = {
  /** Unique per client and key. */
  readonly key: string
  /** Digest of the request, 32 bytes. */
  readonly fingerprint: Buffer
  /** What whoever takes over has to know of the way the work is noted. */
  readonly intent: string
  readonly log: CallLog
  /** How long the answer is kept; `undefined` for the usual time. */
  readonly ttlMs?: number | undefined
}

/** What an earlier try of the same request left. */
export type EarlierTry = Omit<Extract<ClaimResult, { kind: 'resumed' }>, 'kind'>

/** What work under a key may use. */
export type Journal = {
  readonly earlier: EarlierTry | undefined
  /** Notes durably what is about to be sent. @throws LeaseLost, StoreUnavailable: then it must not be sent. */
  mark(note: string): Promise<void>
}

/** The end of the work. `keep`: something may have been applied, so the answer is stored. */
export type Finished = { readonly answer: StoredAnswer; readonly keep: boolean }

export type KeyedAnswer = {
  readonly answer: StoredAnswer
  readonly replayed: 'true' | 'resumed' | undefined
  /** False: the answer is true, and a repeat of the request will not find it. */
  readonly stored: boolean
}

/** The key cannot be used now, or not for this request. */
export class KeyRefused extends Error {
  override readonly name = 'KeyRefused'
  readonly reason: 'running' | 'reused'
  readonly retryAfterMs: number
  constructor(reason: 'running' | 'reused', retryAfterMs: number) {
    super(reason)
    this.reason = reason
    this.retryAfterMs = retryAfterMs
  }
}

/** Another owner has taken the key over; nothing more may be sent. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

export type IdempotencyOptions = {
  /** How long an owner may be silent before another takes over. */
  readonly leaseMs: number
  /** How long an answer is kept. */
  readonly answerTtlMs: number
}

export type Idempotency = {
  /**
   * Runs `work` at most once at a time per key: a repeat of a finished request gets its answer, one of an unfinished
   * request is refused, and one whose owner died or whose answer can be bettered takes it over.
   * @throws KeyRefused; StoreUnavailable before `work` is begun; whatever `work` throws
   */
  run(request: KeyedRequest, work: (journal: Journal) => Promise<Finished>): Promise<KeyedAnswer>
  close(): void
}

/** Errors of `work` that say: refused, and certainly nothing sent. */
export type IsRefusal = (error: unknown) => boolean

/** The one mechanism behind every idempotent write. One timer renews all leases of the process. */
export function createIdempotency(
  store: IdempotencyStore,
  options: IdempotencyOptions,
  isRefusal: IsRefusal,
): Idempotency {
  const running = new Map<string, { readonly key: string; readonly log: CallLog }>()
  const renewal = setInterval(() => {
    for (const [owner, { key, log }] of running) {
      store.renew(key, owner, options.leaseMs).then(
        (renewed) => renewed || running.delete(owner),
        () => log.error({ event: 'lease' }, 'The lease of an idempotency key could not be renewed. Check the store.'),
      )
    }
  }, options.leaseMs / 3)
  renewal.unref()

  const giveBack = createGiveBack(store)

  const claim = async ({ key, fingerprint, intent }: KeyedRequest, owner: string): Promise<ClaimResult> => {
    const { leaseMs, answerTtlMs: keepMs } = options
    try {
      return await store.claim({ key, fingerprint, owner, intent, leaseMs, keepMs })
    } catch (error) {
      giveBack.add(key, owner)
      throw error
    }
  }

  const finish = async (
    { key, log, ttlMs = options.answerTtlMs }: KeyedRequest,
    owner: string,
    { answer, keep }: Finished,
  ): Promise<boolean> => {
    try {
      if (keep) return await store.complete(key, owner, answer, ttlMs)
      await store.release(key, owner)
      return true
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      log.error(
        { event: 'answer-not-stored' },
        'An answer could not be stored under its idempotency key. Check the store.',
      )
      if (!keep) giveBack.add(key, owner)
      return !keep
    }
  }

  return {
    async run(request, work) {
      const owner = randomUUID()
      const claimed = await claim(request, owner)
      if (claimed.kind === 'done') return { answer: claimed.answer, replayed: 'true', stored: true }
      if (claimed.kind === 'running') throw new KeyRefused('running', claimed.retryAfterMs)
      if (claimed.kind === 'reused') throw new KeyRefused('reused', 0)
      running.set(owner, request)
      try {
        const earlier = claimed.kind === 'resumed' ? claimed : undefined
        const mark = async (note: string) => {
          if (!(await store.mark(request.key, owner, note))) throw new LeaseLost()
        }
        const finished = await work({ earlier, mark })
        const stored = await finish(request, owner, finished)
        return { answer: finished.answer, replayed: earlier && 'resumed', stored }
      } catch (error) {
        // After a defect the key stays with its lease: something may have been sent, and a takeover will sort it out.
        if (isRefusal(error)) await store.release(request.key, owner).catch(() => giveBack.add(request.key, owner))
        throw error
      } finally {
        running.delete(owner)
      }
    },
    close() {
      clearInterval(renewal)
      giveBack.close()
    },
  }
}
