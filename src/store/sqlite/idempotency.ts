import type { Claim, ClaimResult, IdempotencyStore } from '../../services/ports.ts'
import { decodeAnswer, encodeAnswer, isResumable } from '../answer-codec.ts'
import { recordDigest } from '../record-digest.ts'
import { type Database, toStoreError } from './database.ts'
import { type Run, recordStatements } from './record-statements.ts'

/** A claim's result with the answers still encoded, so that the transaction need not wait for the decoding. */
type Claimed =
  | Exclude<ClaimResult, { kind: 'done' | 'resumed' }>
  | { kind: 'done'; answer: Buffer }
  | { kind: 'resumed'; previous: Buffer | undefined; died: boolean; intent: string; marks: readonly string[] }

/** Idempotency records in SQLite: the same behaviour as the scripts of `../redis/lua`. `now` is the clock (ms). */
export function sqliteIdempotency(database: Database, now: () => number): IdempotencyStore {
  const records = recordStatements(database.connection)

  /** Runs `change` in one transaction if the owner has the key; tells whether it had. */
  const asOwner = (key: Buffer, owner: string, change: (run: Run, at: number) => void) =>
    guard(() =>
      database.write(() => {
        const at = now()
        const run = records.findRun(key, at)
        if (run?.owner !== owner) return false
        change(run, at)
        return true
      }),
    )

  const take = (claim: Claim, key: Buffer, fingerprint: Buffer): Claimed => {
    const at = now()
    const run = records.findRun(key, at)
    const answer = records.findAnswer(key, at)
    const sameOwner = run?.owner === claim.owner
    if (run) {
      if (!fingerprint.equals(run.fingerprint)) return { kind: 'reused' }
      const left = run.leaseUntil - at
      if (left > 0 && !sameOwner) return { kind: 'running', retryAfterMs: left }
    } else if (answer) {
      if (!fingerprint.equals(answer.fingerprint)) return { kind: 'reused' }
      if (!isResumable(answer.bytes)) return { kind: 'done', answer: answer.bytes }
    }
    // An owner that claims again (it did not hear the first answer) hears the same as then.
    const died = run !== undefined && (!sameOwner || run.died)
    const marks = died ? records.marksOf(key) : []
    if (!run) records.deleteMarks(key)
    records.putRun(key, {
      fingerprint,
      owner: claim.owner,
      leaseUntil: at + Math.ceil(claim.leaseMs),
      keepMs: Math.ceil(claim.keepMs),
      // The marks speak of the intent that they were made under: it stays with them.
      intent: run?.intent ?? claim.intent,
      died,
    })
    if (!died && !answer) return { kind: 'claimed' }
    return { kind: 'resumed', previous: answer?.bytes, died, intent: died ? (run?.intent ?? '') : '', marks }
  }

  return {
    async claim(claim) {
      const key = recordDigest(claim.key)
      const fingerprint = recordDigest(claim.fingerprint)
      return decodeClaim(guard(() => database.write(() => take(claim, key, fingerprint))))
    },
    async mark(key, owner, mark) {
      const digest = recordDigest(key)
      return asOwner(digest, owner, () => records.addMark(digest, mark))
    },
    async renew(key, owner, leaseMs) {
      const digest = recordDigest(key)
      return asOwner(digest, owner, (run, at) =>
        records.putRun(digest, { ...run, leaseUntil: at + Math.ceil(leaseMs) }),
      )
    },
    async complete(key, owner, answer, ttlMs) {
      const digest = recordDigest(key)
      const bytes = await encodeAnswer(answer)
      return asOwner(digest, owner, (run, at) => {
        records.putAnswer(digest, run.fingerprint, bytes, at + Math.ceil(ttlMs))
        records.deleteRun(digest)
      })
    },
    async release(key, owner) {
      const digest = recordDigest(key)
      return asOwner(digest, owner, () => records.deleteRun(digest))
    },
  }
}

async function decodeClaim(claimed: Claimed): Promise<ClaimResult> {
  if (claimed.kind === 'done') return { kind: 'done', answer: await decodeAnswer(claimed.answer) }
  if (claimed.kind !== 'resumed') return claimed
  return { ...claimed, previous: claimed.previous === undefined ? undefined : await decodeAnswer(claimed.previous) }
}

function guard<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw toStoreError(error)
  }
}
