import type { CallLog } from '../../domain/call-context.ts'
import type { IdempotencyStore, StoredAnswer } from '../store-port.ts'
import { repeatWhile } from './repeat-while.ts'

/** An answer that is to be stored under its owner, and what it takes to do so later. Times on `performance.now()`. */
export type OwnedAnswer = {
  readonly key: string
  readonly owner: string
  readonly fingerprint: Buffer
  readonly answer: StoredAnswer
  /** It is worth storing until then. */
  readonly keepUntil: number
  /** From then on another owner may have taken the key over. */
  readonly leaseUntil: number
  readonly log: CallLog
}

/** Answers that could not be stored: this process keeps them, and stores them when the store is back. */
export type UnstoredAnswers = {
  /** Stores an answer, or keeps it. False: the store does not have it (yet). */
  store(owned: OwnedAnswer): Promise<boolean>
  /** The answer that is kept for a key. */
  find(key: string): OwnedAnswer | undefined
  /** Tries once more. True: the store is the one to ask from now on, whether it took the answer or has another. */
  settle(owned: OwnedAnswer): Promise<boolean>
  /** Tries once more for all. */
  close(): Promise<void>
}

const intervalMs = 500

export type UnstoredLimits = { readonly count: number; readonly bytes: number }
/** What is in flight when the store goes: later requests with a key are refused until it is back. */
const usualLimits: UnstoredLimits = { count: 1_000, bytes: 32 * 1_048_576 }

/** The latest answer per key is kept, for as long as the store would keep it. */
export function createUnstoredAnswers(
  store: Pick<IdempotencyStore, 'complete' | 'restore'>,
  limits: UnstoredLimits = usualLimits,
): UnstoredAnswers {
  const kept = new Map<string, OwnedAnswer>()
  const attempts = new Map<OwnedAnswer, Promise<boolean>>()
  let bytes = 0

  const forget = (owned: OwnedAnswer) => {
    if (kept.get(owned.key) !== owned) return
    kept.delete(owned.key)
    bytes -= Buffer.byteLength(owned.answer.body)
  }

  const keep = (owned: OwnedAnswer) => {
    const { key, answer, log } = owned
    const before = kept.get(key)
    if (before !== undefined) forget(before)
    const isFull = kept.size >= limits.count || bytes + Buffer.byteLength(answer.body) > limits.bytes
    log.error({ event: 'answer-not-stored', kept: !isFull }, isFull ? notKept : keptHere)
    if (isFull) return
    kept.set(key, owned)
    bytes += Buffer.byteLength(answer.body)
  }

  // False: overtaken. A call without a reply may have been done: then the owner does not have the key any more, and there
  // is an answer.
  const attempt = ({ key, owner, fingerprint, answer, keepUntil }: OwnedAnswer): Promise<boolean> => {
    const ttlMs = keepUntil - performance.now()
    return store
      .complete(key, owner, answer, ttlMs)
      .then((isStored) => isStored || store.restore(key, fingerprint, answer, ttlMs))
  }

  /** One attempt at a time for each: a second one that comes later could undo what came between. */
  const attemptOnce = (owned: OwnedAnswer) => {
    const running = attempts.get(owned) ?? attempt(owned).finally(() => attempts.delete(owned))
    attempts.set(owned, running)
    return running
  }

  const settle = async (owned: OwnedAnswer): Promise<boolean> => {
    try {
      await attemptOnce(owned)
    } catch {
      return false
    }
    forget(owned)
    return true
  }

  /** One after the other: while the store is away there is no use in all of them. */
  const settleAll = async () => {
    for (const owned of kept.values()) {
      if (owned.keepUntil <= performance.now()) forget(owned)
      else if (!(await settle(owned))) return
    }
  }

  let settling: Promise<void> | undefined
  const repeating = repeatWhile(
    () => kept.size > 0,
    intervalMs,
    () => {
      settling ??= settleAll().finally(() => {
        settling = undefined
      })
    },
  )

  return {
    // Nobody else can be trying it: an answer that is not kept is not known.
    store: (owned) =>
      attempt(owned).catch(() => {
        keep(owned)
        repeating.wake()
        return false
      }),
    find: (key) => kept.get(key),
    settle,
    async close() {
      repeating.close()
      await settling
      await settleAll()
    },
  }
}

const keptHere =
  'An answer could not be stored under its idempotency key. This process keeps it and stores it when the store is back. Check the store.'
const notKept =
  'An answer could not be stored under its idempotency key, and too many are kept already. Check the store.'
