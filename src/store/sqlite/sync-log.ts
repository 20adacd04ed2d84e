import { type FileHandle, open } from 'node:fs/promises'
import type { DatabaseSync } from 'node:sqlite'
import { StoreUnavailable } from '../../services/store-port.ts'
import { toStoreError } from './store-error.ts'

export type LogSync = {
  /** Resolves when all that was committed before the call outlives a loss of power. Rejects with `StoreUnavailable`. */
  synced(): Promise<void>
  close(): Promise<void>
}

/**
 * Makes commits durable without holding up the event loop, as a synced transaction does: SQLite has them in its write-ahead
 * log, which is the same file for as long as the connection is open, and another thread waits for the disk. Those who ask
 * meanwhile share the next wait.
 */
export function logSync(connection: DatabaseSync): LogSync {
  const path = connection.location()
  let log: FileHandle | undefined
  let isTrusted = true
  let running = Promise.resolve()
  let next: Promise<void> | undefined

  const sync = async (file: string) => {
    next = undefined
    if (!isTrusted) bringIntoFile(connection)
    isTrusted = true
    try {
      log ??= await open(`${file}-wal`, 'r+')
      await log.datasync()
    } catch (error) {
      isTrusted = false
      await log?.close().catch(() => {})
      log = undefined
      const { code } = error as NodeJS.ErrnoException
      throw new StoreUnavailable(`The log of the embedded store cannot be brought to the disk (${code}).`)
    }
  }

  return {
    async synced() {
      if (path === null) return
      const begin = () => sync(path)
      if (next === undefined) {
        next = running.then(begin, begin)
        running = next
      }
      await next
    },
    async close() {
      await running.catch(() => {})
      await log?.close()
    },
  }
}

/**
 * After a failure the system may take what it could not write for written, and the next sync of the log would tell a lie:
 * what the log holds goes into the database, which is synced in its own right.
 */
function bringIntoFile(connection: DatabaseSync): void {
  try {
    const done = connection.prepare('PRAGMA wal_checkpoint(FULL)').get()
    if (done?.busy === 0) return
  } catch (error) {
    throw toStoreError(error)
  }
  throw new StoreUnavailable('The embedded store is in use by another process.')
}
