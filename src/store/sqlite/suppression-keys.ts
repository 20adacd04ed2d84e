import type { SuppressionKeyStore } from '../../services/suppression-store-port.ts'
import type { Database } from './database.ts'
import { toStoreError } from './store-error.ts'
import { toBuffer } from './to-buffer.ts'

const own = 'own'
const checkPrefix = 'check '

/** A handful of rows. */
export function sqliteSuppressionKeys({ connection, writeSoon }: Database): SuppressionKeyStore {
  const find = connection.prepare('SELECT value FROM suppression_keys WHERE name = ?')
  const names = connection.prepare("SELECT name FROM suppression_keys WHERE name <> 'own'")
  const put = connection.prepare('INSERT OR REPLACE INTO suppression_keys VALUES (?, ?)')
  const remove = connection.prepare('DELETE FROM suppression_keys WHERE name = ?')
  const readOwn = (): Buffer | undefined => {
    const row = find.get(own)
    return row && toBuffer(row.value)
  }
  return {
    async own() {
      try {
        return readOwn()
      } catch (error) {
        throw toStoreError(error)
      }
    },
    replaceOwn: (before, after) =>
      writeSoon('synced', () => {
        const found = readOwn()
        const isSame = before === undefined ? found === undefined : found?.equals(before) === true
        if (isSame) put.run(own, after)
        return isSame
      }),
    async checks() {
      try {
        return names.all().map(({ name }) => String(name).slice(checkPrefix.length))
      } catch (error) {
        throw toStoreError(error)
      }
    },
    addCheck: (check) =>
      writeSoon('synced', () => {
        put.run(checkPrefix + check, Buffer.alloc(0))
      }),
    removeCheck: (check) =>
      writeSoon('synced', () => {
        remove.run(checkPrefix + check)
      }),
  }
}
