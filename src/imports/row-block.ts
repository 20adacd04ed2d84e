import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import type { Contact } from '../domain/contact.ts'
import type { Warning } from '../domain/outcome.ts'

/** Why a row cannot be sent to any account. */
export type RowRefusal = {
  readonly code: string
  readonly detail: string
  /** The column's name in the file; empty when no single one is to blame. */
  readonly column: string
  readonly value: string
}

/** One row of an import, read and checked once, for all accounts. */
export type BlockRow = {
  /** From 1, without the header. */
  readonly row: number
  /** On which line of the file it begins, from 1. */
  readonly line: number
  /** As uploaded, for the reports. */
  readonly cells: readonly string[]
  readonly contact: Contact
  readonly warnings: readonly Warning[]
  readonly refusal?: RowRefusal
  /** The earlier row that is the same person. */
  readonly duplicateOf?: number
  /** The only accounts that are to get it; absent for all of the list. */
  readonly accounts?: readonly string[]
}

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** Rows that are stored and sent together, at most. */
export const rowsPerBlock = 1_000

/** A block as it is stored: compressed, off the main thread. */
export async function encodeBlock(rows: readonly BlockRow[]): Promise<Buffer> {
  return compress(JSON.stringify(rows))
}

/** The rows of a stored block. Members that a contact lacks are absent, not `undefined`. */
export async function decodeBlock(payload: Buffer): Promise<readonly BlockRow[]> {
  return JSON.parse((await decompress(payload)).toString('utf8')) as BlockRow[]
}
