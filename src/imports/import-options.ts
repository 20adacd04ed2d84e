import type { ConflictPolicy } from '../domain/contact.ts'
import type { WrittenNumbers } from '../domain/phone.ts'
import type { ColumnOrder } from './columns/merge-columns.ts'
import type { ColumnMapping } from './columns/take-columns.ts'
import type { Delimiter } from './file/find-delimiter.ts'

/** What a caller may say of a file. */
export type ImportOptions = WrittenNumbers & {
  readonly mapping?: ColumnMapping
  readonly order?: ColumnOrder
  readonly onConflict?: ConflictPolicy
  readonly delimiter?: Delimiter
  /** A label of the Encoding Standard. */
  readonly encoding?: string
  /** On which line of the file the header begins, from 1. */
  readonly headerRow?: number
  readonly tagSeparator?: string
  readonly emptyCells?: readonly string[]
}
