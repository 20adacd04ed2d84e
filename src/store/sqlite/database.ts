import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Durability, gatherWrites, type Write, type WriteSoon } from './gather-writes.ts'
import { migrations } from './schema.ts'
import { diskFault } from './store-error.ts'

/** How long a call waits for another process that is writing. It blocks this process, so it is short. */
const busyTimeoutMs = 900

export type Database = {
  readonly connection: DatabaseSync
  readonly write: Write
  readonly writeSoon: WriteSoon
  /** Throws when it cannot be read, or when the last write failed at the disk and another one does too. */
  check(): void
  close(): void
}

/** The file in DATA_DIR; its log and its index have longer names. */
export const databaseName = 'gateway.db'

/** Told when the disk does not take a write, once, with the reason, and when it takes one again. */
export type OnDisk = (works: boolean, reason: string) => void

/**
 * Opens `<dataDir>/gateway.db`, made with its folder where it is missing, or a database in memory for `:memory:`.
 * Several processes may have the file open. Fails, with a text for the operator, where it cannot be used.
 */
export function openDatabase(dataDir: string, onDisk: OnDisk = () => {}): Database {
  const inMemory = dataDir === ':memory:'
  const path = inMemory ? dataDir : join(dataDir, databaseName)
  const connection = openConnection(dataDir, path)
  try {
    useWriteAheadLog(connection)
    migrate(connection, path)
  } catch (error) {
    connection.close()
    throw toOpenError(error, path)
  }
  const disk = watchDisk(transactionsOf(connection), onDisk)
  const { write } = disk
  const read = connection.prepare('SELECT count(*) FROM pragma_user_version')
  const check = () => {
    read.get()
    // Writes a page, and changes nothing.
    if (disk.isFailing()) write('synced', () => connection.exec(`PRAGMA user_version = ${migrations.length}`))
  }
  return { connection, write, writeSoon: gatherWrites(write), check, close: () => connection.close() }
}

/** Remembers whether the disk took the last write. That another process holds the file says nothing of the disk. */
function watchDisk(transaction: Database['write'], onDisk: OnDisk) {
  let isFailing = false
  const write: Database['write'] = (durability, work) => {
    try {
      const result = transaction(durability, work)
      if (isFailing) onDisk(true, 'The embedded store can be written again.')
      isFailing = false
      return result
    } catch (error) {
      const reason = diskFault(error)
      if (reason !== undefined && !isFailing) onDisk(false, reason)
      isFailing ||= reason !== undefined
      throw error
    }
  }
  return { write, isFailing: () => isFailing }
}

function openConnection(dataDir: string, path: string): DatabaseSync {
  try {
    if (path !== ':memory:') makeFile(dataDir, path)
    return new DatabaseSync(path, { timeout: busyTimeoutMs })
  } catch (error) {
    throw toOpenError(error, path)
  }
}

/** Only we may read it: it holds answers with contacts in them. SQLite gives the files beside it the same mode. */
function makeFile(dataDir: string, path: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  closeSync(openSync(path, 'a', 0o600))
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
  transactionsOf(connection)('synced', () => {
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
  let durability: Durability | undefined
  const takeBack = () => {
    // SQLite itself rolls back after some errors, such as a full disk.
    if (connection.isTransaction) rollback.run()
  }
  return (wanted, work) => {
    // Where that failed the last time.
    takeBack()
    if (wanted !== durability) {
      // Not prepared: it takes effect when it is compiled.
      connection.exec(wanted === 'synced' ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL')
      durability = wanted
    }
    begin.run()
    try {
      const result = work()
      commit.run()
      return result
    } catch (error) {
      try {
        takeBack()
      } catch {
        // What it failed with first says more.
      }
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
