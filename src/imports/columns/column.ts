import type { ColumnTarget } from './column-target.ts'

/**
 * How the target of a column was found: the mapping says it; its name is ours, is listed, is put together from known
 * words, or may be the field; or by what stands beside it.
 */
export type FoundBy = 'mapping' | 'ourName' | 'name' | 'words' | 'fallback'

/** A column of a header, on its way to a target. */
export type Column = {
  readonly index: number
  readonly name: string
  /** Our own error report added it. */
  readonly isReport: boolean
  target?: ColumnTarget | null
  by?: FoundBy
}
