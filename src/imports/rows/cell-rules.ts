import { trimInvisible } from '../../domain/tidy-text.ts'
import type { ColumnTarget } from '../columns/column-target.ts'
import { columnsOfPointer, type ImportColumns, type MappedColumn } from '../columns/import-columns.ts'

/** How the cells of a file are to be read. */
export type CellRules = {
  /** Between tags; found in each cell when it is not given. */
  readonly tagSeparator: string | undefined
  /** True when a cell says that there is no value: `N/A`. */
  readonly isPlaceholder: (value: string, target: ColumnTarget) => boolean
}

/** What programs write where they have no value. In exactly these spellings: `Na` and `null` may be what somebody is called. */
export const usualPlaceholders: readonly string[] = ['N/A', '#N/A', '-', 'NULL', '\\N']

/** There are people called Null. */
const names: ReadonlySet<ColumnTarget> = new Set(['name', 'firstName', 'lastName'])

/** The rules for what a caller says of a file. A list of `emptyCells` counts instead of the usual one, in each column. */
export function cellRules(options: {
  readonly tagSeparator?: string
  readonly emptyCells?: readonly string[]
}): CellRules {
  const { tagSeparator, emptyCells } = options
  const placeholders = new Set((emptyCells ?? usualPlaceholders).map((text) => text.trim()))
  const longest = Math.max(0, ...[...placeholders].map((text) => text.length))
  const areUsual = emptyCells === undefined
  return {
    tagSeparator,
    isPlaceholder: (value, target) =>
      value.length <= longest && placeholders.has(value) && !(areUsual && value === 'NULL' && names.has(target)),
  }
}

export const usualCellRules = cellRules({})

/** A cell with nothing to see in it is empty. */
export function hasContent(value: string): boolean {
  const isPlain = value.charCodeAt(0) < 0x7f
  return value !== '' && (isPlain || trimInvisible(value) !== '')
}

/** True for a trimmed cell that has a value. */
export function isGiven(value: string, { target, isJson }: MappedColumn, rules: CellRules): boolean {
  return hasContent(value) && (isJson || !rules.isPlaceholder(value, target))
}

/**
 * The column of a row that a pointer into the contact (`/phone`) comes from: of several the one that counts, which is the
 * first when all are empty; `undefined` for none.
 */
export function columnOfPointer(
  columns: ImportColumns,
  pointer: string,
  cells: readonly string[],
  rules: CellRules,
): MappedColumn | undefined {
  const carriers = columnsOfPointer(columns, pointer)
  return carriers.find((column) => isGiven(cells[column.index]?.trim() ?? '', column, rules)) ?? carriers[0]
}
