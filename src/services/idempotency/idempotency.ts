import { randomUUID } from 'node:crypto'
import type { CallLog } from '../../domain/call-context.ts'
import { ownerTokens } from '../../domain/owner-token.ts'
import {
  type ClaimResult,
  type IdempotencyStore,
  NotBegun,
  type StoredAnswer,
  StoreUnavailable,
} from '../store-port.ts'
import { createGiveBack } from './give-back.ts'
import { createUnstoredAnswers, type OwnedAnswer } from './unstored-answers.ts'

/** A request that came with an idempotency key. */
export type KeyedRequest = {
  /** Id of the request. */
  readonly id?: string | undefined
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

/** The key cannot be used now, or not for this request; this try of it has sent nothing. */
export class KeyRefused extends Error {
  override readonly name = 'KeyRefused'
  readonly reason: 'running' | 'reused' | 'unavailable'
  readonly retryAfterMs: number
  constructor(reason: 'running' | 'reused' | 'unavailable', retryAfterMs: number) {
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
   * request is refused, and one whose owner died or whose answer can be bettered takes it over. An answer that could not
   * be stored is kept here: a repeat gets it from this process, and the store when it is back.
   * @throws KeyRefused, also when the store is away before `work` is begun; whatever `work` throws
   */
  run(request: KeyedRequest, work: (journal: Journal) => Promise<Finished>): Promise<KeyedAnswer>
  close(): Promise<void>
}

/** Errors of `work` that say: refused, and certainly nothing sent. */
export type IsRefusal = (error: unknown) => boolean

/** Work under a key that goes on in this process. Times on `performance.now()`. */
type Run = {
  readonly owner: string
  readonly request: KeyedRequest
  leaseUntil: number
  /** Another owner has the key, or the store has lost its data. */
  isLost: boolean
}

/** The one mechanism behind every idempotent write. One timer renews all leases of the process. */
export function createIdempotency(
  store: IdempotencyStore,
  { leaseMs, answerTtlMs }: IdempotencyOptions,
  isRefusal: IsRefusal,
): Idempotency {
  const running = new Map<string, Run>()
  const ownerOf = ownerTokens(randomUUID())
  const renewal = setInterval(() => {
    for (const run of running.values()) if (!run.isLost) renew(run)
  }, leaseMs / 3)
  renewal.unref()

  const renew = (run: Run) => {
    const { key, log } = run.request
    const leaseUntil = performance.now() + leaseMs
    store.renew(key, run.owner, leaseMs).then(
      (renewed) => {
        if (renewed) run.leaseUntil = leaseUntil
        else run.isLost = true
      },
      () => log.error({ event: 'lease' }, 'The lease of an idempotency key could not be renewed. Check the store.'),
    )
  }

  const giveBack = createGiveBack(store)
  const unstored = createUnstoredAnswers(store)

  /** What this process knows of the key, if it knows more than the store can. */
  const recall = ({ key, fingerprint }: KeyedRequest): Promise<KeyedAnswer | undefined> | undefined => {
    const run = running.get(key)
    const kept = unstored.find(key)
    const known = run?.request ?? kept
    if (known !== undefined && !known.fingerprint.equals(fingerprint)) throw new KeyRefused('reused', 0)
    if (run !== undefined) throw new KeyRefused('running', retryMs)
    return kept && recallKept(kept)
  }

  const recallKept = async (kept: OwnedAnswer): Promise<KeyedAnswer | undefined> => {
    if (await unstored.settle(kept)) return undefined
    // Another process that reaches the store may be trying again what failed.
    if (kept.answer.resumable && performance.now() > kept.leaseUntil) throw new KeyRefused('unavailable', retryMs)
    return { answer: kept.answer, replayed: 'true', stored: false }
  }

  const claim = ({ key, fingerprint, intent }: KeyedRequest, owner: string): Promise<ClaimResult> =>
    store.claim({ key, fingerprint, owner, intent, leaseMs, keepMs: answerTtlMs }).catch((error) => {
      giveBack.add('withdraw', key, owner)
      throw error instanceof StoreUnavailable ? new KeyRefused('unavailable', retryMs) : error
    })

  const mark = async (key: string, owner: string, note: string): Promise<void> => {
    if (!(await store.mark(key, owner, note))) throw new LeaseLost()
  }

  const release = async ({ key }: KeyedRequest, owner: string): Promise<void> => {
    await store.release(key, owner).catch(() => giveBack.add('release', key, owner))
  }

  const withdraw = async ({ key }: KeyedRequest, owner: string): Promise<void> => {
    await store.withdraw(key, owner).catch(() => giveBack.add('withdraw', key, owner))
  }

  /** Whether the answer is where a repeat will find it, or need not be. */
  const finish = ({ owner, request, leaseUntil }: Run, { answer, keep }: Finished): Promise<boolean> => {
    if (!keep) return release(request, owner).then(() => true)
    const { key, fingerprint, log, ttlMs = answerTtlMs } = request
    return unstored.store({ key, owner, fingerprint, answer, keepUntil: performance.now() + ttlMs, leaseUntil, log })
  }

  return {
    async run(request, work) {
      const recalling = recall(request)
      const recalled = recalling && (await recalling)
      if (recalled !== undefined) return recalled
      const owner = ownerOf(request.id)
      const leaseUntil = performance.now() + leaseMs
      const claimed = await claim(request, owner)
      if (claimed.kind === 'done') return { answer: claimed.answer, replayed: 'true', stored: true }
      if (claimed.kind === 'running') throw new KeyRefused('running', claimed.retryAfterMs)
      if (claimed.kind === 'reused') throw new KeyRefused('reused', 0)
      const run: Run = { owner, request, leaseUntil, isLost: false }
      running.set(request.key, run)
      try {
        const earlier = claimed.kind === 'resumed' ? claimed : undefined
        const finished = await work({ earlier, mark: (note) => mark(request.key, owner, note) })
        const stored = await finish(run, finished)
        return { answer: finished.answer, replayed: earlier && 'resumed', stored }
      } catch (error) {
        // After a defect the key stays with its lease: something may have been sent, and a takeover will sort it out.
        if (error instanceof NotBegun) await withdraw(request, owner)
        else if (error instanceof KeyRefused || isRefusal(error)) await release(request, owner)
        throw error
      } finally {
        if (running.get(request.key) === run) running.delete(request.key)
      }
    },
    async close() {
      clearInterval(renewal)
      giveBack.close()
      await unstored.close()
    },
  }
}

/** When it is worth asking again for a key that this process works on, or that the store cannot tell of. */
const retryMs = 1_000
