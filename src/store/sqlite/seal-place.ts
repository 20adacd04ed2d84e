import type { SealPlace } from '../sealing/store-seal.ts'
import type { Database } from './database.ts'
import { toBuffer } from './to-buffer.ts'

/** The seal of the store in SQLite: a table of one row. */
export function sqliteSealPlace({ connection, write }: Database): SealPlace {
  const find = connection.prepare('SELECT seal FROM store_seal')
  const put = connection.prepare('INSERT OR REPLACE INTO store_seal VALUES (1, ?)')
  const read = (): Buffer | undefined => {
    const row = find.get()
    return row && toBuffer(row.seal)
  }
  return {
    read: async () => read(),
    replace: async (before, after) =>
      write('synced', () => {
        const found = read()
        const isSame = before === undefined ? found === undefined : found?.equals(before) === true
        if (isSame) put.run(after)
        return isSame
      }),
  }
}
