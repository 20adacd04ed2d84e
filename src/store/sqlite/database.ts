import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreUnavailable } from '../../services/ports.ts'
import { migrations } from './schema.ts'

/** How long a call waits for another process that is writing. It blocks this process, so it is short. */
const busyTimeoutMs = 900

export type Database = {
  readonly connection: DatabaseSync
  /** One transaction that no other process can come between. */
  write<T>(work: () => T): T
  close(): void
}

/**
 * Opens `<dataDir>/gateway.db`, made with its folder where it is missing, or a database in memory for `:memory:`.
 * Several processes may have the file open. Fails, with a text for the operator, where it cannot be used.
 */
export function openDatabase(dataDir: string): Database {
  const inMemory = dataDir === ':memory:'
  const path = inMemory ? dataDir : join(dataDir, 'gateway.db')
  const connection = openConnection(dataDir, path)
  try {
    useWriteAheadLog(connection)
    // FULL syncs the log at every commit. NORMAL would be faster, but a loss of power could take back the last commits:
    // a record that says "sent" would be gone, and a repeated request would be sent again.
    connection.exec('PRAGMA synchronous = FULL')
    migrate(connection, path)
  } catch (error) {
    connection.close()
    throw toOpenError(error, path)
  }
  return { connection, write: transactionsOf(connection), close: () => connection.close() }
}

function openConnection(dataDir: string, path: string): DatabaseSync {
  try {
    // Only we may read it: it holds answers with contacts in them.
    if (path !== ':memory:') mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    return new DatabaseSync(path, { timeout: busyTimeoutMs })
  } catch (error) {
    throw toOpenError(error, path)
  }
}

/** Processes that open a new file at the same moment can be refused here without the busy timeout: try for 1 s. */
function useWriteAheadLog(connection: DatabaseSync): void {
  const deadline = performance.now() + busyTimeoutMs
  for (;;) {
    try {
      connection.exec('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

function migrate(connection: DatabaseSync, path: string): void {
  transactionsOf(connection)(() => {
    const version = Number(connection.prepare('PRAGMA user_version').get()?.user_version)
    if (version > migrations.length) {
      throw new Error(
        `${path} was written by a newer version of the gateway (schema ${version}, this version knows ` +
          `${migrations.length}). Start that version, or give DATA_DIR another folder.`,
      )
    }
    for (const migration of migrations.slice(version)) connection.exec(migration)
    connection.exec(`PRAGMA user_version = ${migrations.length}`)
  })
}

function transactionsOf(connection: DatabaseSync): Database['write'] {
  const begin = connection.prepare('BEGIN IMMEDIATE')
  const commit = connection.prepare('COMMIT')
  const rollback = connection.prepare('ROLLBACK')
  return (work) => {
    begin.run()
    try {
      const result = work()
      commit.run()
      return result
    } catch (error) {
      // SQLite itself rolls back after some errors, such as a full disk.
      if (connection.isTransaction) rollback.run()
      throw error
    }
  }
}

function isBusy(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === 5
}

function toOpenError(error: unknown, path: string): Error {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === undefined) return error as Error
  return new Error(`DATA_DIR: ${path} cannot be used: ${message} (${code}).`)
}

/**
 * The error that callers see: whatever keeps SQLite from working (locked by another process, disk full, file damaged,
 * closed) is `StoreUnavailable`; an error in our own SQL stays what it is.
 */
export function toStoreError(error: unknown): unknown {
  const { code, errcode, errstr } = error as { code?: string; errcode?: number; errstr?: string }
  if (code === 'ERR_INVALID_STATE') return new StoreUnavailable('The embedded store is closed.')
  if (code !== 'ERR_SQLITE_ERROR' || errcode === undefined || ownFaults.has(errcode & 0xff)) return error
  return new StoreUnavailable(`The embedded store cannot be used: ${errstr} (${errcode}).`)
}

/** SQLITE_ERROR, CONSTRAINT, MISMATCH, MISUSE and RANGE. */
const ownFaults: ReadonlySet<number> = new Set([1, 19, 20, 21, 25])
