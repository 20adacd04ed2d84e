import type { ContactDraft } from '../../domain/contact.ts'
import type { Warning } from '../../domain/outcome.ts'
import type { NumberCountries } from '../../domain/parse-contact.ts'
import type { ImportColumns, MappedColumn } from '../columns/import-columns.ts'
import type { CsvRow } from '../file/csv-row.ts'
import { cutCell } from '../file/file-refusal.ts'
import { type CellRules, hasContent, usualCellRules } from './cell-rules.ts'
import { type PassedOver, ReadRow, type RowError, withoutValue } from './read-row.ts'

/** A row as a contact. With `errors` it must not be sent; `draft` then holds what could be read. */
export type DraftRow = {
  readonly draft: ContactDraft
  /** The only accounts that lack it, as an error report says that is uploaded again; `undefined` for all of the list. */
  readonly accounts: readonly string[] | undefined
  readonly errors: readonly RowError[]
  /** What was left out, since it says nothing. */
  readonly warnings: readonly Warning[]
  /** Of what country the numbers are, as columns beside them say. */
  readonly countries: NumberCountries | undefined
  /** What other columns hold of the same part of the contact, each by itself. */
  readonly passedOver: readonly PassedOver[]
}

const none: readonly never[] = []

/**
 * Makes a contact of a row. Blank cells and placeholders are absent values; all others are trimmed and else as they are,
 * attributes as text. The limits are those of the API's own contacts.
 */
export function rowToContact(row: CsvRow, columns: ImportColumns, rules: CellRules = usualCellRules): DraftRow {
  const accounts = columns.accountIndex === undefined ? undefined : readAccounts(row.cells[columns.accountIndex])
  const misfit = checkWidth(row.cells, columns) ?? checkFormulas(row, columns)
  if (misfit !== undefined) return refusedRow(accounts, misfit)

  const read = new ReadRow(rules)
  for (const column of columns.mapped) {
    const value = row.cells[column.index]?.trim() ?? ''
    if (hasContent(value)) read.take(value, column)
  }
  for (const same of columns.merged) read.takeFirst(row.cells, same)
  for (const column of columns.countryCodes) read.takeCountry(row.cells, column)
  if (row.unvalued !== undefined) warnOfFormulas(read, row.unvalued, columns)
  const { draft, errors, warnings, countries, passedOver } = read
  return { draft, accounts, errors, warnings, countries, passedOver }
}

function refusedRow(accounts: readonly string[] | undefined, error: RowError): DraftRow {
  return { draft: {}, accounts, errors: [error], warnings: none, countries: undefined, passedOver: none }
}

/** Without its accounts a row would go to all of them, and without its country code a number could be somebody else's. */
function checkFormulas({ unvalued }: CsvRow, columns: ImportColumns): RowError | undefined {
  if (unvalued === undefined) return undefined
  const { header, accountIndex = -1, countryCodes } = columns
  const index = [accountIndex, ...countryCodes.map((column) => column.index)].find((needed) =>
    unvalued.includes(needed),
  )
  if (index === undefined) return undefined
  const column = header[index] as string
  return { code: 'formula_without_value', column, value: '', pointer: '', detail: withoutValue }
}

function warnOfFormulas(read: ReadRow, unvalued: readonly number[], { mapped, merged }: ImportColumns): void {
  for (const column of [...mapped, ...merged.flat()]) if (unvalued.includes(column.index)) read.warnOfFormula(column)
}

/** Spreadsheets leave out blank cells at the end of a row; a value that is missing there may have been cut off. */
function checkWidth(cells: readonly string[], columns: ImportColumns): RowError | undefined {
  const { header } = columns
  if (cells.length === header.length) return undefined
  const counts = `The row has ${cells.length} cells and the header ${header.length} columns.`
  if (cells.length < header.length) {
    const missing = firstMissing(cells, columns)
    if (missing === undefined) return undefined
    const detail = `${counts} Add the missing cells, empty if there is no value, or check its quotes.`
    return { code: 'too_few_cells', column: header[missing] as string, value: '', pointer: '', detail }
  }
  const detail = `${counts} Put cells with a delimiter or line break in them in quotes, or remove what is too much.`
  return { code: 'too_many_cells', column: '', value: cutCell(cells[header.length] as string), pointer: '', detail }
}

/**
 * The first column that means something and lies behind the last cell. Of several with one meaning those do not matter that
 * come behind one with a value.
 */
function firstMissing(cells: readonly string[], columns: ImportColumns): number | undefined {
  const { mapped, merged, countryCodes, accountIndex = -1 } = columns
  const isMissing = ({ index }: MappedColumn) => index >= cells.length
  if (accountIndex >= cells.length) return accountIndex
  const missing = mapped.find(isMissing) ?? countryCodes.find(isMissing)
  if (missing !== undefined) return missing.index
  for (const same of merged) {
    const first = same.find((column) => isMissing(column) || hasContent(cells[column.index]?.trim() ?? ''))
    if (first !== undefined && isMissing(first)) return first.index
  }
  return undefined
}

/** `_account` holds one account, or several with commas, semicolons or white space between them. */
function readAccounts(cell: string | undefined): readonly string[] | undefined {
  const accounts = (cell ?? '').split(/[\s,;]+/).filter((account) => account !== '')
  return accounts.length > 0 ? accounts : undefined
}
