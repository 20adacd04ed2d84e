import type { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { toStoreError } from './store-error.ts'

const [tries, pauseMs] = [20, 50]

/**
 * Brings the log into the file and cuts it to nothing: it keeps pages as they were before. Whoever reads holds that up for a
 * moment; others are waited for in turns of our own. False: it could not be done now.
 */
export async function emptyLog(connection: DatabaseSync): Promise<boolean> {
  for (let attempt = 0; attempt < tries; attempt++) {
    if (!connection.isOpen) return false
    if (isEmptied(connection)) return true
    await setTimeout(pauseMs)
  }
  return false
}

/** What others hold is not waited for, which would hold up this process. */
function isEmptied(connection: DatabaseSync): boolean {
  const { timeout: usual } = connection.prepare('PRAGMA busy_timeout').get() as { timeout: number }
  connection.exec('PRAGMA busy_timeout = 0')
  try {
    const result = connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()
    return Number(result?.busy ?? 0) === 0
  } catch (error) {
    throw toStoreError(error)
  } finally {
    connection.exec(`PRAGMA busy_timeout = ${usual}`)
  }
}
