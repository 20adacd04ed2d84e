import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { ImportState } from '../../services/import-store-port.ts'
import { toBuffer } from './to-buffer.ts'

type Row = Record<string, SQLOutputValue>

/** A block that an account is not done with, as a row of `import_jobs`; `rows` are those of the block. */
export type StoredJob = {
  readonly id: number
  readonly importId: string
  readonly accountNumber: number
  readonly block: number
  readonly rows: number
  readonly tries: number
  readonly committed: number
  readonly marked: number | undefined
  readonly wasLeft: boolean
}

/** `failures`: how many it had more. */
type FreedJob = { readonly freeAt: number; readonly failures: 0 | 1; readonly wasLeft: boolean }

export type ImportJobStatements = ReturnType<typeof importJobStatements>

/** The statements on jobs, blocks and reports, prepared once. Times in ms since 1970. */
export function importJobStatements(connection: DatabaseSync) {
  const turnOfNext = connection.prepare(
    'SELECT min(turn) AS turn FROM import_jobs WHERE account = ? AND owner IS NULL AND free_at <= ?',
  )
  const forgetTurns = connection.prepare('DELETE FROM import_turns WHERE account = ?')
  const lastTurn = connection.prepare('SELECT turn FROM import_turns WHERE account = ? AND client = ?')
  const putTurn = connection.prepare('INSERT OR REPLACE INTO import_turns VALUES (?, ?, ?)')
  const insertAll = connection.prepare(
    `INSERT INTO import_jobs (import_id, account_number, block, account, turn, free_at)
     SELECT import_id, ?, block, ?, ? + block, 0 FROM import_blocks WHERE import_id = ?`,
  )
  const findFree = connection.prepare(
    'SELECT * FROM import_jobs WHERE account = ? AND free_at <= ? ORDER BY turn, id LIMIT 1',
  )
  const take = connection.prepare('UPDATE import_jobs SET owner = ?, free_at = ?, was_left = 1 WHERE id = ?')
  const findHeld = connection.prepare(
    `SELECT jobs.*, blocks.rows FROM import_jobs AS jobs JOIN import_blocks AS blocks USING (import_id, block)
     WHERE jobs.id = ? AND jobs.owner = ?`,
  )
  const renew = connection.prepare('UPDATE import_jobs SET free_at = ? WHERE id = ? AND owner = ?')
  const free = connection.prepare(
    'UPDATE import_jobs SET owner = NULL, free_at = ?, tries = tries + ?, was_left = ? WHERE id = ? AND owner = ?',
  )
  const mark = connection.prepare('UPDATE import_jobs SET marked = ? WHERE id = ?')
  const advance = connection.prepare(
    'UPDATE import_jobs SET committed = ?, marked = ?, tries = 0, free_at = ? WHERE id = ?',
  )
  const deleteJob = connection.prepare('DELETE FROM import_jobs WHERE id = ?')
  const deleteFreeJobs = connection.prepare('DELETE FROM import_jobs WHERE import_id = ? AND owner IS NULL')
  const deleteJobs = connection.prepare('DELETE FROM import_jobs WHERE import_id = ?')
  const anyJob = connection.prepare('SELECT 1 FROM import_jobs WHERE import_id = ? LIMIT 1')
  const findBlock = connection.prepare('SELECT payload FROM import_blocks WHERE import_id = ? AND block = ?')
  const dropBlock = connection.prepare(
    `DELETE FROM import_blocks WHERE import_id = ?1 AND block = ?2
     AND NOT EXISTS (SELECT 1 FROM import_jobs WHERE import_id = ?1 AND block = ?2)
     AND NOT EXISTS (SELECT 1 FROM import_reports WHERE import_id = ?1 AND block = ?2)`,
  )
  const lengthOfBlock = connection.prepare(
    'SELECT length(payload) AS bytes FROM import_blocks WHERE import_id = ? AND block = ?',
  )
  const addBytes = connection.prepare('UPDATE imports SET bytes = bytes + ? WHERE id = ?')
  const addReport = connection.prepare(
    'INSERT INTO import_reports (import_id, block, account_number, report) VALUES (?, ?, ?, ?)',
  )
  const findReports = connection.prepare(
    'SELECT account_number, report FROM import_reports WHERE import_id = ? AND block = ? ORDER BY account_number, id',
  )
  const findReported = connection.prepare(
    'SELECT DISTINCT block FROM import_reports WHERE import_id = ? AND block >= ? ORDER BY block LIMIT ?',
  )

  /**
   * A client's next turn follows its last one, and never precedes the job that is next: so clients alternate, and none
   * waits for ever behind those that come later.
   */
  const takeTurns = (account: string, client: string, count: number, at: number): number => {
    const next = turnOfNext.get(account, at)?.turn ?? null
    if (next === null) forgetTurns.run(account)
    const first = Math.max(Number(lastTurn.get(account, client)?.turn ?? 0) + 1, Number(next))
    putTurn.run(account, client, first + count - 1)
    return first
  }

  return {
    /** One job for each block of an import, at one of its accounts. */
    insertAll({ id, client, accounts, blocks }: ImportState, accountNumber: number, at: number): void {
      const account = accounts[accountNumber] ?? ''
      insertAll.run(accountNumber, account, takeTurns(account, client, blocks, at), id)
    },
    /** The job whose turn it is. */
    findFree(account: string, at: number): Omit<StoredJob, 'rows'> | undefined {
      const row = findFree.get(account, at)
      return row && toJob(row)
    },
    take(id: number, owner: string, leaseUntil: number): void {
      take.run(owner, leaseUntil, id)
    },
    /** Undefined: another has the job, or it is gone. */
    findHeld(id: number, owner: string): StoredJob | undefined {
      const row = findHeld.get(id, owner)
      return row && { ...toJob(row), rows: Number(row.rows) }
    },
    renew(id: number, owner: string, leaseUntil: number): void {
      renew.run(leaseUntil, id, owner)
    },
    /** Gives it up, to be taken from `freeAt` on. */
    free(id: number, owner: string, { freeAt, failures, wasLeft }: FreedJob): void {
      free.run(freeAt, failures, wasLeft ? 1 : 0, id, owner)
    },
    mark(id: number, upTo: number): void {
      mark.run(upTo, id)
    },
    advance(id: number, committed: number, markUpTo: number | undefined, leaseUntil: number): void {
      advance.run(committed, markUpTo ?? null, leaseUntil, id)
    },
    /** The job is done; so is its block where no other account needs it and it has nothing to report. */
    end({ id, importId, block }: Pick<StoredJob, 'id' | 'importId' | 'block'>): void {
      deleteJob.run(id)
      const bytes = Number(lengthOfBlock.get(importId, block)?.bytes ?? 0)
      if (dropBlock.run(importId, block).changes > 0) addBytes.run(-bytes, importId)
    },
    deleteFreeJobs(importId: string): void {
      deleteFreeJobs.run(importId)
    },
    /** Those that somebody works on too. */
    deleteJobs(importId: string): void {
      deleteJobs.run(importId)
    },
    hasJobs(importId: string): boolean {
      return anyJob.get(importId) !== undefined
    },
    findBlock(importId: string, block: number): Buffer | undefined {
      const row = findBlock.get(importId, block)
      return row && toBuffer(row.payload)
    },
    addReport({ importId, block, accountNumber }: StoredJob, report: Buffer): void {
      addReport.run(importId, block, accountNumber, report)
      addBytes.run(report.length, importId)
    },
    findReports(importId: string, block: number): readonly { accountNumber: number; report: Buffer }[] {
      return findReports
        .all(importId, block)
        .map((row) => ({ accountNumber: Number(row.account_number), report: toBuffer(row.report) }))
    },
    findReported(importId: string, from: number, limit: number): readonly number[] {
      return findReported.all(importId, from, limit).map((row) => Number(row.block))
    },
  }
}

function toJob(row: Row): Omit<StoredJob, 'rows'> {
  return {
    id: Number(row.id),
    importId: String(row.import_id),
    accountNumber: Number(row.account_number),
    block: Number(row.block),
    tries: Number(row.tries),
    committed: Number(row.committed),
    marked: row.marked === null ? undefined : Number(row.marked),
    wasLeft: row.was_left === 1,
  }
}
