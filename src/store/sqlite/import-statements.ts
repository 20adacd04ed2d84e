import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { type OutcomeStatus, outcomeStatuses } from '../../domain/outcome.ts'
import type { ImportBacklog, ImportRecord, ImportState, ImportStatus } from '../../services/import-store-port.ts'
import { type CountedCode, importLosses, type LossKind } from '../import-losses.ts'
import { importProgress } from '../import-progress.ts'
import { isUntold } from './events/outbox.ts'

type Row = Record<string, SQLOutputValue>

export type ImportStatements = ReturnType<typeof importStatements>

/** The statements on imports as a whole, prepared once. Imports that have expired `at` a time are not found. */
export function importStatements(connection: DatabaseSync) {
  const insert = connection.prepare(
    `INSERT INTO imports (id, client, record, status, created_at, expires_at, bytes) VALUES (?, ?, ?, 'draft', ?, ?, ?)`,
  )
  const insertAccount = connection.prepare('INSERT INTO import_accounts (import_id, number) VALUES (?, ?)')
  const insertBlock = connection.prepare('INSERT INTO import_blocks VALUES (?, ?, ?, ?)')
  const grow = connection.prepare(
    `UPDATE imports SET rows = rows + ?, blocks = blocks + 1, bytes = bytes + ?, expires_at = ?
     WHERE id = ? AND status = 'draft' AND expires_at > ?`,
  )
  const countBlocks = connection.prepare(
    'SELECT count(*) AS blocks, coalesce(sum(rows), 0) AS rows FROM import_blocks WHERE import_id = ?',
  )
  const find = connection.prepare('SELECT * FROM imports WHERE id = ? AND expires_at > ?')
  const findUntold = connection.prepare(`SELECT * FROM imports WHERE id = ? AND ${isUntold}`)
  const findCounts = connection.prepare('SELECT * FROM import_accounts WHERE import_id = ? ORDER BY number')
  const findLosses = connection.prepare(
    'SELECT account_number, kind, code, count FROM import_losses WHERE import_id = ?',
  )
  const addLoss = connection.prepare(
    `INSERT INTO import_losses VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (import_id, account_number, kind, code) DO UPDATE SET count = count + excluded.count`,
  )
  const change = connection.prepare(
    `UPDATE imports SET status = ?, started_at = ?, finished_at = ?, expires_at = ?, version = version + 1 WHERE id = ?`,
  )
  const listFirst = connection.prepare(
    `SELECT * FROM imports WHERE (client = ?1 OR ?1 IS NULL) AND status <> 'draft' AND expires_at > ?2
     ORDER BY created_at DESC, id DESC LIMIT ?3`,
  )
  const listAfter = connection.prepare(
    `SELECT * FROM imports WHERE (client = ?1 OR ?1 IS NULL) AND status <> 'draft' AND expires_at > ?2
     AND (created_at, id) < (SELECT created_at, id FROM imports WHERE id = ?4 AND (client = ?1 OR ?1 IS NULL))
     ORDER BY created_at DESC, id DESC LIMIT ?3`,
  )
  const countUnfinished = connection.prepare(
    `SELECT count(*) AS count FROM imports WHERE client = ? AND status IN ('queued', 'running') AND expires_at > ?`,
  )
  // Whatever is unfinished has jobs: of imports that have ended there may be many more.
  const countByStatus = connection.prepare(
    `SELECT status, count(*) AS count FROM imports WHERE id IN (SELECT import_id FROM import_jobs)
     AND status IN ('queued', 'running') AND expires_at > ? GROUP BY status`,
  )
  const countWaiting = connection.prepare(
    `SELECT jobs.account, sum(blocks.rows - jobs.committed) AS rows FROM import_jobs AS jobs
     JOIN import_blocks AS blocks USING (import_id, block) JOIN imports ON imports.id = jobs.import_id
     WHERE status IN ('queued', 'running') AND expires_at > ? GROUP BY jobs.account`,
  )
  const sums = outcomeStatuses.map((status) => `${status} = ${status} + ?`).join(', ')
  const addCounts = connection.prepare(`UPDATE import_accounts SET ${sums} WHERE import_id = ? AND number = ?`)
  const hasErrors = connection.prepare(
    'SELECT 1 FROM import_accounts WHERE import_id = ? AND rejected + failed + unknown > 0',
  )
  const expire = connection.prepare('UPDATE imports SET expires_at = 0 WHERE id = ?')

  const toState = (row: Row): ImportState => {
    const record = JSON.parse(String(row.record)) as ImportRecord
    const counts = findCounts.all(record.id)
    const rows = Number(row.rows)
    return {
      ...record,
      status: row.status as ImportStatus,
      rows,
      blocks: Number(row.blocks),
      progress: importProgress(record.accounts, rows, (number, status) => Number(counts[number]?.[status])),
      ...importLosses(record.accounts, findLosses.all(record.id).map(toLoss)),
      startedAt: toText(row.started_at),
      finishedAt: toText(row.finished_at),
      version: Number(row.version),
    }
  }

  return {
    insert(record: ImportRecord, expiresAt: number): void {
      const text = JSON.stringify(record)
      const size = Buffer.byteLength(text)
      insert.run(record.id, record.client, text, Date.parse(record.createdAt), expiresAt, size)
      for (const number of record.accounts.keys()) insertAccount.run(record.id, number)
    },
    /** False: there is no such draft (any more). */
    addBlock(id: string, block: number, payload: Buffer, rows: number, at: number, expiresAt: number): boolean {
      if (grow.run(rows, payload.length, expiresAt, id, at).changes === 0) return false
      insertBlock.run(id, block, rows, payload)
      return true
    },
    /** Whether these are its blocks, and all of them are there. */
    holds({ id, blocks, rows }: ImportState, added: { readonly blocks: number; readonly rows: number }): boolean {
      const stored = countBlocks.get(id)
      return (
        [blocks, stored?.blocks].every((n) => n === added.blocks) && [rows, stored?.rows].every((n) => n === added.rows)
      )
    },
    /** Finds drafts too. */
    find(id: string, at: number): { status: ImportStatus | 'draft'; state: () => ImportState } | undefined {
      const row = find.get(id, at)
      return row && { status: row.status as ImportStatus | 'draft', state: () => toState(row) }
    },
    /** One whose end waits to be carried, also where it is found no more. */
    findUntold(id: string): ImportState | undefined {
      const row = findUntold.get(id)
      return row && toState(row)
    },
    change(id: string, { status, startedAt, finishedAt }: Change, expiresAt: number): void {
      change.run(status, startedAt ?? null, finishedAt ?? null, expiresAt, id)
    },
    list(client: string | undefined, limit: number, after: string | undefined, at: number): ImportState[] {
      const of = client ?? null
      const rows = after === undefined ? listFirst.all(of, at, limit) : listAfter.all(of, at, limit, after)
      return rows.map(toState)
    },
    countUnfinished(client: string, at: number): number {
      return Number(countUnfinished.get(client, at)?.count)
    },
    backlog(at: number): ImportBacklog {
      const counts = new Map(countByStatus.all(at).map(({ status, count }) => [status, Number(count)]))
      const rows = new Map(countWaiting.all(at).map((row) => [String(row.account), Number(row.rows)]))
      return { queued: counts.get('queued') ?? 0, running: counts.get('running') ?? 0, rows }
    },
    addCounts(id: string, accountNumber: number, counts: readonly (readonly [OutcomeStatus, number])[]): void {
      const byStatus = new Map(counts)
      addCounts.run(...outcomeStatuses.map((status) => byStatus.get(status) ?? 0), id, accountNumber)
    },
    addLosses(id: string, accountNumber: number, losses: readonly CountedCode[]): void {
      for (const { kind, code, count } of losses) addLoss.run(id, accountNumber, kind, code, count)
    },
    hasErrors(id: string): boolean {
      return hasErrors.get(id) !== undefined
    },
    /** From now on it is found no more. */
    expire(id: string): void {
      expire.run(id)
    },
  }
}

type Change = Pick<ImportState, 'status' | 'startedAt' | 'finishedAt'>

function toLoss(row: Row) {
  return {
    accountNumber: Number(row.account_number),
    kind: row.kind as LossKind,
    code: String(row.code),
    count: Number(row.count),
  }
}

function toText(value: SQLOutputValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
