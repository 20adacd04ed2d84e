import type { Store } from '../../services/store-port.ts'
import type { SealPlace } from '../sealing/store-seal.ts'
import { sqliteAgree } from './agree.ts'
import { type OnDisk, openDatabase } from './database.ts'
import { sqliteErasures } from './erasures.ts'
import { sqliteEvents } from './events/sqlite-events.ts'
import { sqliteExplanations } from './explanations.ts'
import { openToOthers } from './file-modes.ts'
import { sqliteIdempotency } from './idempotency.ts'
import { sqliteImports } from './imports.ts'
import { sqliteSealPlace } from './seal-place.ts'
import { toStoreError } from './store-error.ts'
import { sqliteSuppressions } from './suppressions.ts'
import { startSweeping } from './sweep.ts'
import { sqliteWriters } from './writers.ts'

export type SqliteStoreOptions = {
  /** The folder of the file, made where it is missing; `:memory:` keeps nothing. */
  readonly dataDir: string
  /** The clock, in ms since 1970. */
  readonly now?: () => number
  readonly onDisk?: OnDisk | undefined
}

const withoutLog =
  'DATA_DIR lies on a file system without shared memory (a network drive?): the embedded store runs without its ' +
  'write-ahead log, slowly, and may be damaged there. Move DATA_DIR to a local disk.'

/** `sweep` deletes at once what has expired; it happens by itself every 15 s. */
export type SqliteStore = Store & { sweep(): Promise<void>; readonly seal: SealPlace }

/** The embedded store: one SQLite file, for one machine. Fails where the file cannot be used. */
export function openSqliteStore({ dataDir, now: clock, onDisk }: SqliteStoreOptions): SqliteStore {
  const now = clock ?? Date.now
  const database = openDatabase(dataDir, onDisk)
  // What is deleted is overwritten: people are erased from it, and what was written before there was a key does not outlive its end.
  database.connection.exec('PRAGMA secure_delete = ON')
  const imports = sqliteImports(database, now)
  // What they are due by is dated by the clock of the services.
  const events = sqliteEvents(database, clock ?? (() => Date.now()))
  const sweeping = startSweeping(database, now)
  const journal = database.connection.prepare('SELECT journal_mode FROM pragma_journal_mode')
  return {
    idempotency: sqliteIdempotency(database, now),
    writers: sqliteWriters(database, now),
    imports,
    suppressions: sqliteSuppressions(database, now),
    erasures: sqliteErasures(database, now),
    events,
    explanations: sqliteExplanations(database, now),
    agree: sqliteAgree(database, now),
    sweep: sweeping.sweep,
    seal: sqliteSealPlace(database),
    async ping() {
      try {
        database.check()
      } catch (error) {
        throw toStoreError(error)
      }
    },
    async diagnose() {
      if (dataDir === ':memory:') return []
      const hasLog = journal.get()?.journal_mode === 'wal'
      return [...(hasLog ? [] : [withoutLog]), ...(await openToOthers(dataDir))]
    },
    async close() {
      await Promise.all([imports.close(), events.close()])
      sweeping.stop()
      if (database.connection.isOpen) database.close()
    },
  }
}
