import type { SQLOutputValue } from 'node:sqlite'
import type { Rewrite, RewriteReport } from '../../services/import-store-port.ts'
import type { Database } from './database.ts'
import { toStoreError } from './store-error.ts'
import { toBuffer } from './to-buffer.ts'

/** Puts blocks and reports of imports in the place of those that were read; each step is one transaction. */
export function importRewrites(
  { connection, writeSoon }: Pick<Database, 'connection' | 'writeSoon'>,
  accountsOf: (importId: string) => readonly string[],
) {
  const block = connection.prepare(
    'SELECT rowid AS id, payload AS bytes FROM import_blocks WHERE import_id = ? AND block = ?',
  )
  const putBlock = connection.prepare('UPDATE import_blocks SET payload = ? WHERE rowid = ? AND payload = ?')
  const reports = connection.prepare('SELECT id, account_number FROM import_reports WHERE import_id = ? AND block = ?')
  const report = connection.prepare('SELECT id, report AS bytes FROM import_reports WHERE id = ?')
  const putReport = connection.prepare('UPDATE import_reports SET report = ? WHERE id = ? AND report = ?')
  const addBytes = connection.prepare('UPDATE imports SET bytes = bytes + ? WHERE id = ?')

  type Read = () => { readonly id?: SQLOutputValue; readonly bytes?: SQLOutputValue } | undefined
  const rewrite = async (importId: string, read: Read, put: typeof putBlock, change: Rewrite): Promise<void> => {
    for (;;) {
      const row = asStore(read)
      const before = row && toBuffer(row.bytes)
      const after = before && (await change(before))
      if (before === undefined || after === undefined) return
      const isDone = await writeSoon('synced', () => {
        if (put.run(after, Number(row?.id), before).changes === 0) return false
        addBytes.run(after.length - before.length, importId)
        return true
      })
      if (isDone) return
    }
  }
  return {
    rewriteBlock: (importId: string, number: number, change: Rewrite) =>
      rewrite(importId, () => block.get(importId, number), putBlock, change),
    async rewriteReports(importId: string, number: number, change: RewriteReport): Promise<void> {
      const accounts = asStore(() => accountsOf(importId))
      for (const { id, account_number } of asStore(() => reports.all(importId, number))) {
        const account = accounts[Number(account_number)] ?? ''
        await rewrite(
          importId,
          () => report.get(Number(id)),
          putReport,
          (bytes) => change(bytes, account),
        )
      }
    },
  }
}

function asStore<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw toStoreError(error)
  }
}
