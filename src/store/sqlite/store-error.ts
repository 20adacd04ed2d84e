import { StoreUnavailable } from '../../services/store-port.ts'

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

/** SQLITE_READONLY, IOERR, CORRUPT, FULL and CANTOPEN. */
const diskFaults: ReadonlySet<number> = new Set([8, 10, 11, 13, 14])

/** For the operator, where it is the disk that keeps SQLite from writing. */
export function diskFault(error: unknown): string | undefined {
  const { errcode = 0, errstr } = error as { errcode?: number; errstr?: string }
  if (!diskFaults.has(errcode & 0xff)) return undefined
  return `The embedded store cannot be written: ${errstr} (${errcode}). Make room on the disk of DATA_DIR, or mend it.`
}
