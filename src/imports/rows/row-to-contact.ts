import type { AttributeValue, ContactDraft } from '../../domain/contact.ts'
import { contactLimits, isLongerThan } from '../../domain/contact-limits.ts'
import type { Warning, WarningCode } from '../../domain/outcome.ts'
import { trimInvisible } from '../../domain/tidy-text.ts'
import type { ImportColumns, MappedColumn } from '../columns/match-header.ts'
import type { CsvRow } from '../file/csv-row.ts'
import { cutCell, quoted } from '../file/file-refusal.ts'
import { type CellRules, usualCellRules } from './cell-rules.ts'
import { readTags } from './read-tags.ts'

/** What is wrong with a row before its values are looked at; each is `rejected` at every account. */
export type RowErrorCode =
  | 'too_few_cells'
  | 'too_many_cells'
  | 'value_too_long'
  | 'tag_too_long'
  | 'too_many_tags'
  | 'json_invalid'
  | 'formula_without_value'

export type RowError = {
  readonly code: RowErrorCode
  /** The column's name in the file; empty for cells behind the last column. */
  readonly column: string
  /** The cell, cut to 200 characters. */
  readonly value: string
  /** Into the contact; empty for the whole row. */
  readonly pointer: string
  readonly detail: string
}

/** A row as a contact. With `errors` it must not be sent; `draft` then holds what could be read. */
export type DraftRow = {
  readonly draft: ContactDraft
  /** The only accounts that lack it, as an error report says that is uploaded again; `undefined` for all of the list. */
  readonly accounts: readonly string[] | undefined
  readonly errors: readonly RowError[]
  /** What was left out, since it says nothing. */
  readonly warnings: readonly Warning[]
}

const none: readonly never[] = []

/**
 * Makes a contact of a row. Blank cells and placeholders are absent values; all others are trimmed and else as they are,
 * attributes as text. The limits are those of the API's own contacts.
 */
export function rowToContact(row: CsvRow, columns: ImportColumns, rules: CellRules = usualCellRules): DraftRow {
  const accounts = columns.accountIndex === undefined ? undefined : readAccounts(row.cells[columns.accountIndex])
  const misfit = checkWidth(row.cells, columns) ?? checkAccounts(row, columns)
  if (misfit !== undefined) return { draft: {}, accounts, errors: [misfit], warnings: none }

  const read = new ReadRow(rules)
  for (const column of columns.mapped) {
    const value = row.cells[column.index]?.trim() ?? ''
    if (hasContent(value)) read.take(value, column)
    else if (row.unvalued?.includes(column.index)) read.takeFormula(column)
  }
  const { draft, errors, warnings } = read
  return { draft, accounts, errors, warnings }
}

/** A cell with nothing to see in it is empty. */
function hasContent(value: string): boolean {
  const isPlain = value.charCodeAt(0) < 0x7f
  return value !== '' && (isPlain || trimInvisible(value) !== '')
}

/** A row of which one cell is read after the other. */
class ReadRow {
  readonly draft: ContactDraft = {}
  errors: readonly RowError[] = none
  warnings: readonly Warning[] = none
  readonly #rules: CellRules
  #attributes: Record<string, AttributeValue> | undefined

  constructor(rules: CellRules) {
    this.#rules = rules
  }

  take(value: string, column: MappedColumn): void {
    if (column.isJson) this.#takeJson(value, column)
    else if (this.#rules.isPlaceholder(value, column.target))
      this.#warn(column, 'placeholder_ignored', `${quoted(value)} says that there is no value.`)
    else if (column.target === 'tags') {
      const { tags, groups } = readTags(value, this.#rules.tagSeparator)
      for (const group of groups) this.#warn(column, 'group_ignored', `Every Google contact is in ${quoted(group)}.`)
      this.#putTags(tags, value, column)
    } else this.#put(value, column)
  }

  takeFormula(column: MappedColumn): void {
    this.#warn(column, 'formula_without_value', `The cell is a formula. ${formulaForm}`)
  }

  /** As we write what text alone would not bring back. */
  #takeJson(value: string, column: MappedColumn): void {
    const given = readJson(value)
    const { target } = column
    const isValue = typeof given === 'string' || (isPlain(given) && target.startsWith('attributes.'))
    if (target === 'tags' && isTextArray(given)) this.#putTags(given, value, column)
    else if (target !== 'tags' && isValue) this.#put(given, column)
    else this.#refuse('json_invalid', column, value, jsonForm)
  }

  #put(value: AttributeValue, column: MappedColumn): void {
    const { target } = column
    if (target.startsWith('attributes.')) {
      this.#attributes ??= this.draft.attributes = {}
      this.#attributes[target.slice('attributes.'.length)] = value
      this.#checkLength(value, contactLimits.attribute, column)
    } else {
      const field = target as Exclude<keyof typeof contactLimits, 'tag' | 'tags' | 'attribute' | 'attributes'>
      this.draft[field] = value as string
      this.#checkLength(value, contactLimits[field], column)
    }
  }

  #putTags(tags: readonly string[], cell: string, column: MappedColumn): void {
    if (tags.length > 0) this.draft.tags = tags
    const long = tags.find((tag) => isLongerThan(tag, contactLimits.tag))
    if (long !== undefined) {
      const detail = `A tag has at most ${contactLimits.tag} characters. Shorten it, or say with tagSeparator what stands between tags.`
      this.#refuse('tag_too_long', column, long, detail)
    } else if (tags.length > contactLimits.tags) {
      const detail = `A contact has at most ${contactLimits.tags} tags. Take some away.`
      this.#refuse('too_many_tags', column, cell, detail)
    }
  }

  #checkLength(value: AttributeValue, limit: number, column: MappedColumn): void {
    if (typeof value !== 'string' || !isLongerThan(value, limit)) return
    this.#refuse('value_too_long', column, value, `${column.target} has at most ${limit} characters. Shorten it.`)
  }

  #refuse(code: RowErrorCode, column: MappedColumn, value: string, detail: string): void {
    const error = { code, column: column.name, value: cutCell(value), pointer: pointerOf(column), detail }
    this.errors = [...this.errors, error]
  }

  #warn(column: MappedColumn, code: WarningCode, detail: string): void {
    this.warnings = [...this.warnings, { code, pointer: pointerOf(column), detail }]
  }
}

const jsonForm =
  'The cells of this column are JSON: a text stands in quotes ("007"), a number, true, false and null do not.'

/** Spreadsheets write `TRUE`. */
const jsonWord = /^(?:true|false|null)$/i

function readJson(cell: string): unknown {
  try {
    return JSON.parse(jsonWord.test(cell) ? cell.toLowerCase() : cell)
  } catch {
    return undefined
  }
}

function isPlain(value: unknown): value is AttributeValue {
  return value === null || typeof value === 'number' || typeof value === 'boolean'
}

function isTextArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((tag) => typeof tag === 'string')
}

function pointerOf({ target }: MappedColumn): string {
  return `/${target.replace('.', '/')}`
}

/** Spreadsheets leave out blank cells at the end of a row; a value that is missing there may have been cut off. */
function checkWidth(cells: readonly string[], columns: ImportColumns): RowError | undefined {
  const { header } = columns
  if (cells.length === header.length) return undefined
  const counts = `The row has ${cells.length} cells and the header ${header.length} columns.`
  if (cells.length < header.length) {
    const missing = firstMissing(cells.length, columns)
    if (missing === undefined) return undefined
    const detail = `${counts} Add the missing cells, empty if there is no value, or check its quotes.`
    return { code: 'too_few_cells', column: header[missing] as string, value: '', pointer: '', detail }
  }
  const detail = `${counts} Put cells with a delimiter or line break in them in quotes, or remove what is too much.`
  return { code: 'too_many_cells', column: '', value: cutCell(cells[header.length] as string), pointer: '', detail }
}

const formulaForm =
  'Its value is not in the file. Open the workbook in a spreadsheet program, save it and upload it again.'

/** A row goes to all accounts where it names none: not where that is unknown. */
function checkAccounts({ unvalued }: CsvRow, { header, accountIndex = -1 }: ImportColumns): RowError | undefined {
  if (unvalued?.includes(accountIndex) !== true) return undefined
  const detail = `The accounts of the row are a formula. ${formulaForm}`
  return { code: 'formula_without_value', column: header[accountIndex] as string, value: '', pointer: '', detail }
}

/** The first column that means something and lies behind the last cell. */
function firstMissing(cells: number, { mapped, accountIndex = -1 }: ImportColumns): number | undefined {
  if (accountIndex >= cells) return accountIndex
  return mapped.find(({ index }) => index >= cells)?.index
}

/** `_account` holds one account, or several with commas, semicolons or white space between them. */
function readAccounts(cell: string | undefined): readonly string[] | undefined {
  const accounts = (cell ?? '').split(/[\s,;]+/).filter((account) => account !== '')
  return accounts.length > 0 ? accounts : undefined
}
