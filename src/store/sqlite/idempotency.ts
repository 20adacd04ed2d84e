import { requestOf } from '../../domain/owner-token.ts'
import type { Claim, ClaimResult, IdempotencyStore } from '../../services/store-port.ts'
import { decodeAnswer, encodeAnswer, isResumable } from '../answer-codec.ts'
import { recordDigest } from '../record-digest.ts'
import type { Database } from './database.ts'
import type { Durability } from './gather-writes.ts'
import { type Run, recordStatements } from './record-statements.ts'

/** A claim's result with the answers still encoded, so that the transaction need not wait for the decoding. */
type Claimed =
  | Exclude<ClaimResult, { kind: 'done' | 'resumed' }>
  | { kind: 'done'; answer: Buffer }
  | {
      kind: 'resumed'
      previous: Buffer | undefined
      died: boolean
      intent: string
      marks: readonly string[]
      request?: string
    }

/** Idempotency records in SQLite: the same behaviour as the scripts of `../redis/lua`. `now` is the clock (ms). */
export function sqliteIdempotency(database: Database, now: () => number): IdempotencyStore {
  const records = recordStatements(database.connection)

  /** Runs `change` if the owner has the key; tells whether it had. */
  const asOwner = (
    durability: Durability,
    key: string,
    owner: string,
    change: (digest: Buffer, run: Run, at: number) => void,
  ): Promise<boolean> => {
    const digest = recordDigest(key)
    return database.writeSoon(durability, () => {
      const at = now()
      const run = records.findRun(digest, at)
      if (run?.owner !== owner) return false
      change(digest, run, at)
      return true
    })
  }

  const take = (claim: Claim, key: Buffer): Claimed => {
    const isSame = (kept: Buffer) => claim.fingerprint.equals(kept) || claim.formerly?.equals(kept) === true
    const at = now()
    const run = records.findRun(key, at)
    const answer = records.findAnswer(key, at)
    const sameOwner = run?.owner === claim.owner
    if (run) {
      if (!isSame(run.fingerprint)) return { kind: 'reused' }
      const left = run.leaseUntil - at
      if (left > 0 && !sameOwner) return { kind: 'running', retryAfterMs: left }
    } else if (answer) {
      if (!isSame(answer.fingerprint)) return { kind: 'reused' }
      if (!isResumable(answer.bytes)) return { kind: 'done', answer: answer.bytes }
    }
    // An owner that claims again (it did not hear the first answer) hears the same as then.
    const died = run !== undefined && (!sameOwner || run.died)
    const marks = died ? records.marksOf(key) : []
    if (!run) records.deleteMarks(key)
    records.putRun(key, {
      fingerprint: claim.fingerprint,
      owner: claim.owner,
      leaseUntil: at + Math.ceil(claim.leaseMs),
      keepMs: Math.ceil(claim.keepMs),
      // The marks speak of the intent that they were made under: it stays with them.
      intent: run?.intent ?? claim.intent,
      died,
    })
    if (!died && !answer) return { kind: 'claimed' }
    const request = died ? requestOf(run?.owner ?? '') : undefined
    return {
      kind: 'resumed',
      previous: answer?.bytes,
      died,
      intent: died ? (run?.intent ?? '') : '',
      marks,
      ...(request !== undefined && { request }),
    }
  }

  return {
    // A claim and a mark are synced before anything is sent. The rest is written: an answer that a loss of power takes
    // back leaves its claim and its marks, and a repeat of the request settles them.
    async claim(claim) {
      const key = recordDigest(claim.key)
      return decodeClaim(await database.writeSoon('synced', () => take(claim, key)))
    },
    mark: (key, owner, mark) => asOwner('synced', key, owner, (digest) => records.addMark(digest, mark)),
    renew: (key, owner, leaseMs) =>
      asOwner('written', key, owner, (digest, run, at) =>
        records.putRun(digest, { ...run, leaseUntil: at + Math.ceil(leaseMs) }),
      ),
    async complete(key, owner, answer, ttlMs) {
      const bytes = await encodeAnswer(answer)
      return asOwner('written', key, owner, (digest, run, at) => {
        records.putAnswer(digest, { fingerprint: run.fingerprint, bytes }, at + Math.ceil(ttlMs), at)
        records.deleteRun(digest)
      })
    },
    async restore(key, fingerprint, answer, ttlMs) {
      const digest = recordDigest(key)
      const bytes = await encodeAnswer(answer)
      return database.writeSoon('written', () => {
        const at = now()
        if (records.findRun(digest, at) !== undefined || records.findAnswer(digest, at) !== undefined) return false
        records.putAnswer(digest, { fingerprint, bytes }, at + Math.ceil(ttlMs), at)
        return true
      })
    },
    release: (key, owner) => asOwner('written', key, owner, (digest) => records.deleteRun(digest)),
    withdraw: (key, owner) =>
      asOwner('written', key, owner, (digest, run, at) =>
        run.died ? records.putRun(digest, { ...run, owner: '', leaseUntil: at }) : records.deleteRun(digest),
      ),
  }
}

async function decodeClaim(claimed: Claimed): Promise<ClaimResult> {
  if (claimed.kind === 'done') return { kind: 'done', answer: await decodeAnswer(claimed.answer) }
  if (claimed.kind !== 'resumed') return claimed
  return { ...claimed, previous: claimed.previous === undefined ? undefined : await decodeAnswer(claimed.previous) }
}
