import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { toBuffer } from './to-buffer.ts'

/** A row of `runs`. Times in ms. */
export type Run = {
  readonly fingerprint: Buffer
  readonly owner: string
  readonly leaseUntil: number
  readonly keepMs: number
  readonly intent: string
  readonly died: boolean
}

/** A row of `answers`: its bytes are what `encodeAnswer` made. */
export type Answer = { readonly fingerprint: Buffer; readonly bytes: Buffer }

export type RecordStatements = ReturnType<typeof recordStatements>

/**
 * The statements on idempotency records, prepared once. `key` is a digest; records that have expired `at` a time are
 * not found.
 */
export function recordStatements(connection: DatabaseSync) {
  const findRun = connection.prepare('SELECT * FROM runs WHERE key = ? AND expires_at > ?')
  const putRun = connection.prepare('INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const deleteRun = connection.prepare('DELETE FROM runs WHERE key = ?')
  const findMarks = connection.prepare('SELECT mark FROM marks WHERE key = ? ORDER BY number')
  const addMark = connection.prepare(
    'INSERT INTO marks SELECT ?1, coalesce(max(number), 0) + 1, ?2 FROM marks WHERE key = ?1',
  )
  const deleteMarks = connection.prepare('DELETE FROM marks WHERE key = ?')
  const findAnswer = connection.prepare('SELECT fingerprint, answer FROM answers WHERE key = ? AND expires_at > ?')
  const putAnswer = connection.prepare(
    `INSERT INTO answers (key, fingerprint, answer, expires_at) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (key) DO UPDATE SET fingerprint = ?2, answer = ?3,
       expires_at = CASE WHEN expires_at > ?5 THEN min(expires_at, ?4) ELSE ?4 END`,
  )

  return {
    findRun(key: Buffer, at: number): Run | undefined {
      const row = findRun.get(key, at)
      return row && toRun(row)
    },
    putRun(key: Buffer, { fingerprint, owner, leaseUntil, keepMs, intent, died }: Run): void {
      putRun.run(key, fingerprint, owner, leaseUntil, keepMs, leaseUntil + keepMs, intent, died ? 1 : 0)
    },
    /** Its marks go with it. */
    deleteRun(key: Buffer): void {
      deleteMarks.run(key)
      deleteRun.run(key)
    },
    marksOf(key: Buffer): readonly string[] {
      return findMarks.all(key).map((row) => String(row.mark))
    },
    addMark(key: Buffer, mark: string): void {
      addMark.run(key, mark)
    },
    deleteMarks(key: Buffer): void {
      deleteMarks.run(key)
    },
    findAnswer(key: Buffer, at: number): Answer | undefined {
      const row = findAnswer.get(key, at)
      return row && { fingerprint: toBuffer(row.fingerprint), bytes: toBuffer(row.answer) }
    },
    /** In the place of an earlier answer it goes when that would have gone. */
    putAnswer(key: Buffer, { fingerprint, bytes }: Answer, expiresAt: number, at: number): void {
      putAnswer.run(key, fingerprint, bytes, expiresAt, at)
    },
  }
}

function toRun(row: Record<string, SQLOutputValue>): Run {
  return {
    fingerprint: toBuffer(row.fingerprint),
    owner: String(row.owner),
    leaseUntil: Number(row.lease_until),
    keepMs: Number(row.keep_ms),
    intent: String(row.intent),
    died: row.died === 1,
  }
}
