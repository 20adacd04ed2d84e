import { isDeepStrictEqual } from 'node:util'
import type { Contact } from '../../domain/contact.ts'
import type { Warning } from '../../domain/outcome.ts'
import { type ParsedContact, parseContact } from '../../domain/parse-contact.ts'
import type { NumbersFrom } from '../../domain/phone.ts'
import type { ColumnTarget } from '../columns/column-target.ts'
import type { ImportColumns } from '../columns/import-columns.ts'
import type { CsvRow } from '../file/csv-row.ts'
import { quoted } from '../file/file-refusal.ts'
import { type CellRules, columnOfPointer, usualCellRules } from './cell-rules.ts'
import type { RowError } from './read-row.ts'
import { type DraftRow, rowToContact } from './row-to-contact.ts'

/** A row as a contact that was read and checked. With an `error` of the row or the contact it must not be sent. */
export type ParsedRow = {
  readonly contact: ParsedContact
  readonly error: RowError | undefined
  /** The only accounts that are to get it; `undefined` for all of the list. */
  readonly accounts: readonly string[] | undefined
}

/** Reads a row. Its warnings are those of the cells and of the values that stood in them. */
export function parseRow(
  row: CsvRow,
  columns: ImportColumns,
  rules: CellRules = usualCellRules,
  from?: NumbersFrom,
): ParsedRow {
  const draftRow = rowToContact(row, columns, rules)
  const { draft, errors, warnings, accounts, countries, passedOver } = draftRow
  const contact = parseContact(draft, from, countries)
  const [error] = errors
  if (warnings.length === 0 && passedOver.length === 0) return { contact, error, accounts }
  const merged = passedOver.length === 0 ? [] : mergedWarnings(draftRow, contact, row, columns, rules, from)
  return { contact: { ...contact, warnings: [...warnings, ...merged, ...contact.warnings] }, error, accounts }
}

/** Of each part of the contact that another column has in another form, one: what is the same once it is tidied is not lost. */
function mergedWarnings(
  { draft, countries, passedOver }: DraftRow,
  { contact }: ParsedContact,
  { cells }: CsvRow,
  columns: ImportColumns,
  rules: CellRules,
  from: NumbersFrom,
): readonly Warning[] {
  const differing = passedOver.filter((other) => {
    const { target } = other.column
    const read = parseContact(other.draft, from, countries)
    const values = [comparable(contact, target), comparable(read.contact, target)]
    // What is refused has no value that was tidied.
    return values.includes(undefined)
      ? !isDeepStrictEqual(partOf(draft, target), partOf(other.draft, target))
      : !isDeepStrictEqual(values[0], values[1])
  })
  return [...Map.groupBy(differing, ({ column }) => column.target)].map(([target, [other]]) => {
    const pointer = `/${target.replace('.', '/')}`
    const taken = columnOfPointer(columns, pointer, cells, rules)?.name ?? ''
    const detail = `The column ${quoted(other?.column.name ?? '')} has another value, which is not sent: ${quoted(taken)} comes before it.`
    return { code: 'column_merged', pointer, detail }
  })
}

function comparable(contact: Contact, target: ColumnTarget): unknown {
  return target === 'email' ? contact.email?.toLowerCase() : partOf(contact, target)
}

function partOf(contact: Partial<Contact> | DraftRow['draft'], target: ColumnTarget): unknown {
  return target.startsWith('attributes.')
    ? contact.attributes?.[target.slice('attributes.'.length)]
    : contact[target as 'phone']
}
