import { contactLimits } from '../../domain/contact-limits.ts'
import type { CsvRow } from '../file/csv-row.ts'
import { type FileRefusal, mappingExample, quoted } from '../file/file-refusal.ts'
import { type Contents, contentsOf, looksLikeData, looksLikeHeader } from './column-contents.ts'
import type { ColumnTarget, ImportWarning } from './column-target.ts'
import { contactFields, normalizeName, reachesPeople } from './header-names.ts'
import { type Column, isTarget, nameColumns, targetOfJsonColumn } from './name-columns.ts'
import { accountIndexOf, reportIndexes } from './report-columns.ts'

/** By the column's name in the file: a target, or `null` for a column that is not wanted. */
export type ColumnMapping = Readonly<Record<string, string | null>>

export type MappedColumn = {
  readonly index: number
  readonly name: string
  readonly target: ColumnTarget
  /** Its cells are JSON, as we write those that text alone would not bring back. */
  readonly isJson: boolean
}

/** A header that was understood: what each cell of a row is. */
export type ImportColumns = {
  readonly header: readonly string[]
  /** In the order of the file; no target comes twice. */
  readonly mapped: readonly MappedColumn[]
  /** The index of the cell that names a row's accounts, in an error report that is uploaded again. */
  readonly accountIndex: number | undefined
}

/** The same without the names, as it is kept with an import: what reports need need not be found anew. */
export type KeptColumns = {
  readonly mapped: readonly (readonly [index: number, target: ColumnTarget, isJson: boolean])[]
  readonly accountIndex: number | undefined
}

export function keepColumns({ mapped, accountIndex }: ImportColumns): KeptColumns {
  return { mapped: mapped.map(({ index, target, isJson }) => [index, target, isJson]), accountIndex }
}

export function recallColumns({ mapped, accountIndex }: KeptColumns, header: readonly string[]): ImportColumns {
  const columns = mapped.map(([index, target, isJson]) => ({ index, target, isJson, name: header[index] ?? '' }))
  return { header, mapped: columns, accountIndex }
}

export type HeaderMatch =
  | { readonly columns: ImportColumns; readonly warnings: readonly ImportWarning[] }
  | { readonly refusal: FileRefusal }

/**
 * Tells what the columns of a file are, by `mapping` first, then by their names. A column of `mapping` takes its target
 * from one that has it by name only; two others with one target are refused, since a guess would lose one of them.
 * `firstRows` never decide; they are for the words of warnings and refusals.
 */
export function matchHeader(
  header: readonly string[],
  mapping: ColumnMapping = {},
  firstRows: readonly CsvRow[] = [],
): HeaderMatch {
  const own = reportIndexes(header)
  const columns = header.map((name, index): Column => ({ index, name, isReport: own.has(index) }))
  const errors = applyMapping(columns, mapping)
  if (errors.length > 0) {
    const line = looksLikeHeader(header) ? undefined : findHeaderLine(firstRows)
    const above = line === undefined ? '' : ` ${headerIsOn(line)}`
    const detail = `The mapping does not fit the file. Each place that is wrong stands in errors; nothing was sent.${above}`
    return { refusal: { code: 'validation-failed', detail, errors } }
  }
  const taken = nameColumns(columns)
  const refusal = findConflict(columns) ?? findExcess(columns) ?? findLack(columns, firstRows)
  if (refusal !== undefined) return { refusal }

  const account = accountIndexOf(header, own)
  const accountIndex = account === undefined || columns[account]?.isMapped ? undefined : account
  const targets = new Set(columns.map(({ target }) => target))
  const ignored = columns.filter(
    ({ index, target, isReport }) => target === undefined && !isReport && index !== accountIndex,
  )
  return {
    columns: { header, mapped: columns.flatMap(mappedColumn), accountIndex },
    warnings: [
      ...taken,
      ...ignored.map((column) => ignoredColumn(column, contentsOf(firstRows, column.index), targets)),
    ],
  }
}

/** The name in the file of the column that a pointer into the contact (`/phone`) comes from; `undefined` for none. */
export function columnOfPointer({ mapped }: ImportColumns, pointer: string): MappedColumn | undefined {
  const target = pointer
    .replace(/^\//, '')
    .replaceAll('/', '.')
    .replace(/^tags\..*/, 'tags')
  return mapped.find((column) => column.target === target)
}

function applyMapping(columns: readonly Column[], mapping: ColumnMapping) {
  const entries = Object.entries(mapping)
  if (entries.length === 0) return []
  const columnsCalled = columnFinder(columns)
  return entries.flatMap(([name, target]) => {
    const pointer = `#/mapping/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const named = columnsCalled(name)
    if (isWrongWayRound(columnsCalled, name, target)) {
      const detail = `The mapping is the wrong way round: write {${JSON.stringify(target)}: ${JSON.stringify(name)}}.`
      return [{ pointer, code: named.length === 0 ? 'unknown_column' : 'unknown_target', detail }]
    }
    if (named.length === 0) {
      const detail = `The file has no column ${quoted(name)}. Its columns: ${listNames(columns)}.`
      return [{ pointer, code: 'unknown_column', detail }]
    }
    if (target !== null && !isTarget(target)) {
      const detail = `A column can become one of ${contactFields.join(', ')}, attributes.<name> (a letter, then letters, digits and _), or null.`
      return [{ pointer, code: 'unknown_target', detail }]
    }
    for (const column of named) Object.assign(column, { target, isMapped: true })
    return []
  })
}

/** A field that is to become a column, where a column becomes a field. */
function isWrongWayRound(columnsCalled: FindColumns, name: string, target: string | null): target is string {
  return target !== null && !isTarget(target) && isTarget(name) && columnsCalled(target).length > 0
}

type FindColumns = (name: string) => readonly Column[]

/**
 * Finds those of exactly a name, else those that differ in case, accents, white space, `_` and `-` only. What a report added
 * is not meant where the file has a column of that name itself.
 */
function columnFinder(columns: readonly Column[]): FindColumns {
  const exact = Map.groupBy(columns, ({ name }) => name)
  const alike = Map.groupBy(columns, ({ name }) => normalizeName(name))
  alike.delete('')
  return (name) => {
    const called = exact.get(name) ?? alike.get(normalizeName(name)) ?? []
    const ownOfFile = called.filter(({ isReport }) => !isReport)
    return ownOfFile.length > 0 ? ownOfFile : called
  }
}

function mappedColumn({ index, name, target }: Column): MappedColumn[] {
  return target == null ? [] : [{ index, name, target, isJson: targetOfJsonColumn(name) !== undefined }]
}

function findConflict(columns: readonly Column[]): FileRefusal | undefined {
  for (const [target, same] of Map.groupBy(columns.flatMap(mappedColumn), (column) => column.target)) {
    const [first, second] = same
    if (first === undefined || second === undefined) continue
    const mend =
      first.name === second.name
        ? 'Rename or remove one of them'
        : `Say with a mapping which one counts${mappingExample(second.name, null)}`
    const detail = `Columns ${first.index + 1} ${quoted(first.name)} and ${second.index + 1} ${quoted(second.name)} are both ${target}. ${mend}.`
    return { code: 'file-unreadable', detail }
  }
  return undefined
}

function findExcess(columns: readonly Column[]): FileRefusal | undefined {
  const attributes = columns.filter((column) => column.target?.startsWith('attributes.')).length
  if (attributes <= contactLimits.attributes) return undefined
  const detail = `${attributes} columns are attributes, and a contact has at most ${contactLimits.attributes}. Map some of them to null.`
  return { code: 'file-unreadable', detail }
}

function findLack(columns: readonly Column[], firstRows: readonly CsvRow[]): FileRefusal | undefined {
  if (columns.some(({ target }) => reachesPeople(target ?? ''))) return undefined
  const detail = `No column is email, phone or whatsapp. ${howToReach(columns, firstRows)} Columns found: ${listNames(columns)}.`
  return { code: 'file-unreadable', detail }
}

function howToReach(columns: readonly Column[], firstRows: readonly CsvRow[]): string {
  const line = findHeaderLine(firstRows)
  if (line !== undefined) return headerIsOn(line)
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

function ignoredColumn(
  { index, name }: Column,
  contents: Contents | undefined,
  targets: ReadonlySet<unknown>,
): ImportWarning {
  const called = name.trim() === '' ? `Column ${index + 1}, which has no name,` : `Column ${index + 1} ${quoted(name)}`
  const mend =
    contents === undefined || targets.has(contents)
      ? 'Map it to a field or an attribute, or to null if it is not wanted.'
      : `If so, say it with a mapping${mappingExample(name, contents)}.`
  const holds = contents === undefined ? '' : ` It seems to hold ${contentsText[contents]}.`
  return { code: 'column_ignored', column: name, detail: `${called} is not sent.${holds} ${mend}` }
}

const listedNames = 12

function listNames(columns: readonly Column[]): string {
  const names = columns.slice(0, listedNames).map(({ name }) => quoted(name))
  return columns.length > listedNames
    ? `${names.join(', ')} and ${columns.length - listedNames} more`
    : names.join(', ')
}
