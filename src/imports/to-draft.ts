import type { ContactDraft } from '../domain/contact.ts'
import { contactLimits, isLongerThan } from '../domain/contact-limits.ts'
import type { ImportColumns, MappedColumn } from './match-header.ts'
import type { CsvRow } from './read-csv.ts'

/** What is wrong with a row before its values are looked at; each is `rejected` at every account. */
export type RowErrorCode = 'too_few_cells' | 'too_many_cells' | 'value_too_long' | 'tag_too_long' | 'too_many_tags'

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
}

const reportedCharacters = 200
const none: readonly never[] = []

/**
 * Makes a contact of a row. Blank cells are absent values; `tags` are split at commas and trimmed; all other values
 * stay as they are, attributes as text. The limits are those of the API's own contacts.
 */
export function toDraft(row: CsvRow, columns: ImportColumns): DraftRow {
  const accounts = columns.accountIndex === undefined ? undefined : readAccounts(row.cells[columns.accountIndex])
  const misfit = checkWidth(row.cells, columns)
  if (misfit !== undefined) return { draft: {}, accounts, errors: [misfit] }

  const draft: ContactDraft = {}
  const attributes: Record<string, string> = {}
  let errors: RowError[] | undefined
  for (const column of columns.mapped) {
    const value = row.cells[column.index] as string
    if (value.trim() === '') continue
    const error = readValue(value, column, draft, attributes)
    if (error === undefined) continue
    errors ??= []
    errors.push(error)
  }
  if (Object.keys(attributes).length > 0) draft.attributes = attributes
  return { draft, accounts, errors: errors ?? none }
}

function readValue(
  value: string,
  column: MappedColumn,
  draft: ContactDraft,
  attributes: Record<string, string>,
): RowError | undefined {
  const { target } = column
  if (target === 'tags') return readTags(value, column, draft)
  if (target.startsWith('attributes.')) {
    attributes[target.slice('attributes.'.length)] = value
    return checkLength(value, contactLimits.attribute, column)
  }
  const field = target as Exclude<keyof typeof contactLimits, 'tag' | 'tags' | 'attribute' | 'attributes'>
  draft[field] = value
  return checkLength(value, contactLimits[field], column)
}

function readTags(value: string, column: MappedColumn, draft: ContactDraft): RowError | undefined {
  const tags = value.split(',').flatMap((tag) => tag.trim() || [])
  if (tags.length > 0) draft.tags = tags
  const long = tags.find((tag) => isLongerThan(tag, contactLimits.tag))
  if (long !== undefined) {
    const detail = `A tag has at most ${contactLimits.tag} characters; tags are separated by commas. Shorten it.`
    return rowError('tag_too_long', column, long, detail)
  }
  if (tags.length <= contactLimits.tags) return undefined
  const detail = `A contact has at most ${contactLimits.tags} tags. Take some away.`
  return rowError('too_many_tags', column, value, detail)
}

function checkLength(value: string, limit: number, column: MappedColumn): RowError | undefined {
  if (!isLongerThan(value, limit)) return undefined
  return rowError('value_too_long', column, value, `${column.target} has at most ${limit} characters. Shorten it.`)
}

function rowError(code: RowErrorCode, column: MappedColumn, value: string, detail: string): RowError {
  return { code, column: column.name, value: cut(value), pointer: `/${column.target.replace('.', '/')}`, detail }
}

function checkWidth(cells: readonly string[], { header }: ImportColumns): RowError | undefined {
  if (cells.length === header.length) return undefined
  const counts = `The row has ${cells.length} cells and the header ${header.length} columns.`
  if (cells.length < header.length) {
    const detail = `${counts} Add the missing cells, empty if there is no value, or check its quotes.`
    return { code: 'too_few_cells', column: header[cells.length] as string, value: '', pointer: '', detail }
  }
  const detail = `${counts} Put cells with a delimiter or line break in them in quotes, or remove what is too much.`
  return { code: 'too_many_cells', column: '', value: cut(cells[header.length] as string), pointer: '', detail }
}

/** `_account` holds one account, or several with commas, semicolons or white space between them. */
function readAccounts(cell: string | undefined): readonly string[] | undefined {
  const accounts = (cell ?? '').split(/[\s,;]+/).filter((account) => account !== '')
  return accounts.length > 0 ? accounts : undefined
}

function cut(value: string): string {
  return value.length <= reportedCharacters ? value : value.slice(0, reportedCharacters).replace(/[\ud800-\udbff]$/, '')
}
