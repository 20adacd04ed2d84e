import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { describeImportStore } from '../conformance/import-store.ts'
import { sealed, testStoreKey } from '../support/sealed.ts'

const tables = ['imports', 'import_accounts', 'import_blocks', 'import_jobs', 'import_losses', 'import_reports']

const sorts = [
  ['', async (store: SqliteStore) => store, ''],
  [', with a key', (store: SqliteStore) => sealed(store), testStoreKey],
] as const

for (const [sort, over, storeKey] of sorts) {
  describeImportStore(`sqlite${sort}`, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'contact-gateway-imports-'))
    const open = () => over(openSqliteStore({ dataDir }))
    const [store, second] = [await open(), await open()]
    const database = new DatabaseSync(join(dataDir, 'gateway.db'))
    return {
      store,
      another: async () => second,
      openedBy: { dataDir, storeKey },
      // It expires so much sooner; the clock stays as it is, for leases have to do with it too.
      pass: async (id, ms) => {
        database.prepare('UPDATE imports SET expires_at = expires_at - ? WHERE id = ?').run(ms, id)
      },
      passPlaces: async (client, ms) => {
        database.prepare('UPDATE import_places SET expires_at = expires_at - ? WHERE client = ?').run(ms, client)
      },
      traces: async (id) => {
        await store.sweep()
        const counts = tables.map((table) => {
          const column = table === 'imports' ? 'id' : 'import_id'
          return Number(database.prepare(`SELECT count(*) AS count FROM ${table} WHERE ${column} = ?`).get(id)?.count)
        })
        return counts.reduce((sum, count) => sum + count, 0)
      },
      close: async () => {
        await Promise.all([store.close(), second.close()])
        database.close()
        rmSync(dataDir, { recursive: true })
      },
    }
  })
}
