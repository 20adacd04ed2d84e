import type { Database } from './database.ts'
import { isUntold } from './events/outbox.ts'

/** How many blocks one transaction deletes: a few megabytes at most. */
const blocksPerStep = 20
const rowsPerStep = 200

/**
 * Deletes what is no longer needed of imports, a little in each call; tells whether there may be more: imports that are
 * kept no longer and whose end was carried, and blocks of canceled imports that nobody will send and that have nothing to report.
 */
export function importSweep(database: Database, now: () => number): () => boolean {
  const { connection } = database
  const expired = connection.prepare(`SELECT id FROM imports WHERE expires_at <= ? AND NOT ${isUntold} LIMIT 1`)
  const parts = [
    ['import_blocks', blocksPerStep],
    ['import_reports', rowsPerStep],
    ['import_jobs', rowsPerStep],
  ] as const
  const deletions = parts.map(([table, limit]) =>
    connection.prepare(
      `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE import_id = ? LIMIT ${limit})`,
    ),
  )
  const deleteAccounts = connection.prepare('DELETE FROM import_accounts WHERE import_id = ?')
  const deleteLosses = connection.prepare('DELETE FROM import_losses WHERE import_id = ?')
  const deleteImport = connection.prepare('DELETE FROM imports WHERE id = ?')
  const unneeded = connection.prepare(
    `SELECT blocks.rowid AS id FROM imports JOIN import_blocks AS blocks ON blocks.import_id = imports.id
     WHERE imports.status = 'canceled'
     AND NOT EXISTS (SELECT 1 FROM import_jobs AS j WHERE j.import_id = blocks.import_id AND j.block = blocks.block)
     AND NOT EXISTS (SELECT 1 FROM import_reports AS r WHERE r.import_id = blocks.import_id AND r.block = blocks.block)
     LIMIT ${blocksPerStep}`,
  )
  const deleteBlock = connection.prepare('DELETE FROM import_blocks WHERE rowid = ?')

  const deleteExpired = (id: string) => {
    if (deletions.some((deletion) => Number(deletion.run(id).changes) > 0)) return
    deleteAccounts.run(id)
    deleteLosses.run(id)
    deleteImport.run(id)
  }

  return () => {
    // Most of the time there is nothing: look without taking the lock.
    const id = expired.get(now())?.id
    const blocks = unneeded.all().map((row) => row.id ?? null)
    if (id === undefined && blocks.length === 0) return false
    database.write('written', () => {
      if (id !== undefined) deleteExpired(String(id))
      for (const block of blocks) deleteBlock.run(block)
    })
    return true
  }
}
