import { contactLimits } from '../../domain/contact-limits.ts'
import type { CsvRow } from '../file/csv-row.ts'
import { type FileRefusal, mappingExample, quoted } from '../file/file-refusal.ts'
import type { Column } from './column.ts'
import { type Contents, contentsOf, looksLikeData, looksLikeHeader } from './column-contents.ts'
import { type ImportWarning, numberFields } from './column-target.ts'
import { mayBeCountryCode } from './country-code-columns.ts'
import { reachesPeople } from './header-names.ts'
import { arrangeColumns, type ImportColumns, type MappedColumn } from './import-columns.ts'
import { type ColumnOrder, checkOrder, findConflict, inOrder, warnOfMerged } from './merge-columns.ts'
import { targetOfJsonColumn } from './name-columns.ts'
import { accountIndexOf } from './report-columns.ts'
import { type ColumnMapping, listNames, type OptionError, pointerPart, takeColumns } from './take-columns.ts'

export type HeaderMatch =
  | { readonly columns: ImportColumns; readonly warnings: readonly ImportWarning[] }
  | { readonly refusal: FileRefusal }

/**
 * Tells what the columns of a file are, by `mapping` first, then by their names. A column of `mapping` takes its target
 * from one that has it by name only. Of several with one target the first that is not empty counts in each row, by `order`
 * and else as merge-columns.ts tells; where that does not tell they are refused, since a guess would lose one of them.
 * `firstRows` never decide; they are for the words of warnings and refusals.
 */
export function matchHeader(
  header: readonly string[],
  mapping: ColumnMapping = {},
  firstRows: readonly CsvRow[] = [],
  order: ColumnOrder = {},
): HeaderMatch {
  const { columns, errors, warnings } = takeColumns(header, mapping)
  const misfits = errors.length > 0 ? errors : [...checkCountryCodes(columns), ...checkOrder(columns, order)]
  if (misfits.length > 0) return { refusal: optionsRefused(misfits, header, firstRows) }
  const refusal = findConflict(columns) ?? findExcess(columns) ?? findLack(columns, firstRows)
  if (refusal !== undefined) return { refusal }

  const account = accountIndexOf(header)
  const accountIndex = account === undefined || columns[account]?.by === 'mapping' ? undefined : account
  const targets = new Set(columns.map(({ target }) => target))
  const ignored = columns.filter(
    ({ index, target, isReport }) => target === undefined && !isReport && index !== accountIndex,
  )
  return {
    columns: arrangeColumns(header, inOrder(columns, order).flatMap(mappedColumn), accountIndex),
    warnings: [
      ...warnings,
      ...warnOfMerged(columns, order),
      ...ignored.map((column) => ignoredColumn(column, contentsOf(firstRows, column.index), targets)),
    ],
  }
}

function optionsRefused(
  errors: readonly OptionError[],
  header: readonly string[],
  firstRows: readonly CsvRow[],
): FileRefusal {
  const line = looksLikeHeader(header) ? undefined : findHeaderLine(firstRows)
  const above = line === undefined ? '' : ` ${headerIsOn(line)}`
  const [option] = [...new Set(errors.map(({ pointer }) => pointer.split('/')[1]))]
  const detail = `The ${option} does not fit the file. Each place that is wrong stands in errors; nothing was sent.${above}`
  return { code: 'validation-failed', detail, errors, ...(line !== undefined && { suggests: { headerRow: line } }) }
}

/** A country without a number says nothing. */
function checkCountryCodes(columns: readonly Column[]): readonly OptionError[] {
  return columns.flatMap(({ name, target }) => {
    const field = numberFields.find((some) => target === `${some}.countryCode`)
    if (field === undefined || columns.some((column) => column.target === field)) return []
    const detail = `No column is ${field}, whose country this would be. Map one to ${field}, or this one to null.`
    return [{ pointer: `#/mapping/${pointerPart(name)}`, code: 'no_number', detail }]
  })
}

function mappedColumn({ index, name, target }: Column): MappedColumn[] {
  return target == null ? [] : [{ index, name, target, isJson: targetOfJsonColumn(name) !== undefined }]
}

function findExcess(columns: readonly Column[]): FileRefusal | undefined {
  const { size } = new Set(columns.flatMap(({ target }) => (target?.startsWith('attributes.') ? target : [])))
  if (size <= contactLimits.attributes) return undefined
  const detail = `${size} columns are attributes, and a contact has at most ${contactLimits.attributes}. Map some of them to null.`
  return { code: 'file-unreadable', detail }
}

function findLack(columns: readonly Column[], firstRows: readonly CsvRow[]): FileRefusal | undefined {
  if (columns.some(({ target }) => reachesPeople(target ?? ''))) return undefined
  const line = findHeaderLine(firstRows)
  const how = line === undefined ? howToReach(columns, firstRows) : headerIsOn(line)
  const detail = `No column is email, phone or whatsapp. ${how} Columns found: ${listNames(columns)}.`
  return { code: 'file-unreadable', detail, ...(line !== undefined && { suggests: { headerRow: line } }) }
}

function howToReach(columns: readonly Column[], firstRows: readonly CsvRow[]): string {
  if (columns.some(({ name }) => looksLikeData(name)))
    return 'Its first row looks like a contact: put a row with the names of the columns above it.'
  const telling = columns.flatMap(({ index, name, isReport }) => {
    const contents = isReport ? undefined : contentsOf(firstRows, index)
    return contents === undefined ? [] : [{ index, name, contents }]
  })
  const [found] = telling
  if (found === undefined)
    return `Rename a column, or say which one it is with a mapping${mappingExample(columns[0]?.name ?? '', 'email')}.`
  const { index, name, contents } = found
  return `Column ${index + 1} ${quoted(name)} seems to hold ${contentsText[contents]}: if so, say it with a mapping${mappingExample(name, contents)}.`
}

/** Above it stands what a program writes about its file. */
const linesAbove = 20

function findHeaderLine(firstRows: readonly CsvRow[]): number | undefined {
  return firstRows.slice(0, linesAbove).find(({ cells }) => looksLikeHeader(cells))?.line
}

function headerIsOn(line: number): string {
  return `The header seems to be on line ${line}: if so, send \`headerRow: ${line}\` in the options, or remove the lines above it.`
}

const contentsText: Readonly<Record<Contents, string>> = { email: 'e-mail addresses', phone: 'phone numbers' }

function ignoredColumn(column: Column, contents: Contents | undefined, targets: ReadonlySet<unknown>): ImportWarning {
  const { index, name } = column
  const called = name.trim() === '' ? `Column ${index + 1}, which has no name,` : `Column ${index + 1} ${quoted(name)}`
  const mend = mendOfIgnored(column, contents, targets)
  const holds = contents === undefined ? '' : ` It seems to hold ${contentsText[contents]}.`
  return { code: 'column_ignored', column: name, detail: `${called} is not sent.${holds} ${mend}` }
}

function mendOfIgnored(column: Column, contents: Contents | undefined, targets: ReadonlySet<unknown>): string {
  const { name } = column
  if (mayBeCountryCode(column) && targets.has('phone') && !targets.has('phone.countryCode'))
    return `If it is the country code of the phone, say it with a mapping${mappingExample(name, 'phone.countryCode')}.`
  return contents === undefined || targets.has(contents)
    ? 'Map it to a field or an attribute, or to null if it is not wanted.'
    : `If so, say it with a mapping${mappingExample(name, contents)}.`
}
