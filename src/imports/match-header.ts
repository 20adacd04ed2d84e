import { attributeNamePattern, contactLimits } from '../domain/contact-limits.ts'
import { type FileRefusal, quoted } from './file-refusal.ts'
import {
  type ContactField,
  contactFields,
  fieldOfName,
  isAccountColumn,
  isReportColumn,
  normalizeName,
  reachesPeople,
} from './header-names.ts'

/** What a column is to become: a field, or an attribute by its name. */
export type ColumnTarget = ContactField | `attributes.${string}`

/** By the column's name in the file: a target, or `null` for a column that is not wanted. */
export type ColumnMapping = Readonly<Record<string, string | null>>

export type MappedColumn = { readonly index: number; readonly name: string; readonly target: ColumnTarget }

/** A header that was understood: what each cell of a row is. */
export type ImportColumns = {
  readonly header: readonly string[]
  /** In the order of the file; no target comes twice. */
  readonly mapped: readonly MappedColumn[]
  /** Where the cell stands that names the accounts of a row, in an error report that is uploaded again. */
  readonly accountIndex: number | undefined
}

/** Something that the import as a whole should be told. */
export type ImportWarning = { readonly code: 'column_ignored'; readonly column: string; readonly detail: string }

export type HeaderMatch =
  | { readonly columns: ImportColumns; readonly warnings: readonly ImportWarning[] }
  | { readonly refusal: FileRefusal }

type Column = { readonly index: number; readonly name: string; target?: ColumnTarget | null; isMapped?: true }

/**
 * Tells what the columns of a file are, by `mapping` first, then by their names. A column of `mapping` takes its target
 * from one that has it by name only; two others with one target are refused, since a guess would lose one of them.
 */
export function matchHeader(header: readonly string[], mapping: ColumnMapping = {}): HeaderMatch {
  const columns = header.map((name, index): Column => ({ index, name }))
  const errors = applyMapping(columns, mapping)
  if (errors.length > 0) {
    const detail = 'The mapping does not fit the file. Each place that is wrong stands in errors; nothing was sent.'
    return { refusal: { code: 'validation-failed', detail, errors } }
  }
  applyNames(columns)
  const refusal = findConflict(columns) ?? findExcess(columns) ?? findLack(columns)
  if (refusal !== undefined) return { refusal }

  const account = columns.find(({ name, isMapped }) => !isMapped && isAccountColumn(name))
  return {
    columns: { header, mapped: columns.filter(isTargeted), accountIndex: account?.index },
    warnings: columns.flatMap(warningOf),
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
  return Object.entries(mapping).flatMap(([name, target]) => {
    const pointer = `#/mapping/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const named = columnsCalled(columns, name)
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

/** Those of exactly this name, else those that differ in case, accents, white space, `_` and `-` only. */
function columnsCalled(columns: readonly Column[], name: string): readonly Column[] {
  const exact = columns.filter((column) => column.name === name)
  if (exact.length > 0) return exact
  const normalized = normalizeName(name)
  return normalized === '' ? [] : columns.filter((column) => normalizeName(column.name) === normalized)
}

function applyNames(columns: readonly Column[]): void {
  const claimed = new Set(columns.map(({ target }) => target))
  for (const column of columns) {
    if (column.isMapped || isReportColumn(column.name)) continue
    const target = targetOfName(column.name)
    if (target !== undefined && !claimed.has(target)) column.target = target
  }
}

function targetOfName(name: string): ColumnTarget | undefined {
  const [, attribute] = /^attributes\.(.*)$/i.exec(name.trim()) ?? []
  if (attribute === undefined) return fieldOfName(name)
  return isTarget(`attributes.${attribute}`) ? `attributes.${attribute}` : undefined
}

const attributeName = new RegExp(attributeNamePattern)

function isTarget(target: string): target is ColumnTarget {
  if (!target.startsWith('attributes.')) return contactFields.some((field) => field === target)
  return attributeName.test(target.slice('attributes.'.length))
}

function isTargeted(column: Column): column is MappedColumn {
  return column.target !== undefined && column.target !== null
}

function findConflict(columns: readonly Column[]): FileRefusal | undefined {
  for (const [target, same] of Map.groupBy(columns.filter(isTargeted), (column) => column.target)) {
    const [first, second] = same
    if (first === undefined || second === undefined) continue
    const mend =
      first.name === second.name
        ? 'Rename or remove one of them'
        : `Say which one counts, for example with the mapping {${JSON.stringify(second.name)}: null}`
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

function findLack(columns: readonly Column[]): FileRefusal | undefined {
  if (columns.some(({ target }) => reachesPeople(target ?? ''))) return undefined
  const isData = columns.some(({ name }) => /@.+\.|^\W*\d[\d\W]{6,}$/.test(name))
  const mend = isData
    ? 'Its first row looks like a contact: put a row with the names of the columns above it.'
    : `Rename a column, or say which one it is with a mapping, for example {${JSON.stringify(columns[0]?.name ?? '')}: "email"}.`
  const detail = `No column is email, phone or whatsapp. ${mend} Columns found: ${listNames(columns)}.`
  return { code: 'file-unreadable', detail }
}

function warningOf({ index, name, target }: Column): ImportWarning[] {
  if (target !== undefined || isReportColumn(name)) return []
  const called = name.trim() === '' ? `Column ${index + 1}, which has no name,` : `Column ${index + 1} ${quoted(name)}`
  const detail = `${called} is not sent. Map it to a field or an attribute, or to null if it is not wanted.`
  return [{ code: 'column_ignored', column: name, detail }]
}

const listedNames = 12

function listNames(columns: readonly Column[]): string {
  const names = columns.slice(0, listedNames).map(({ name }) => quoted(name))
  return columns.length > listedNames
    ? `${names.join(', ')} and ${columns.length - listedNames} more`
    : names.join(', ')
}
