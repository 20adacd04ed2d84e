import { quoted } from '../file/file-refusal.ts'
import type { Column } from './column.ts'
import { type ImportWarning, isTarget } from './column-target.ts'
import { contactFields, normalizeName } from './header-names.ts'
import { nameColumns } from './name-columns.ts'
import { reportIndexes } from './report-columns.ts'

/** By the column's name in the file: a target, or `null` for a column that is not wanted. */
export type ColumnMapping = Readonly<Record<string, string | null>>

/** A place of the options that does not fit the file, as JSON Pointer into them. */
export type OptionError = { readonly pointer: string; readonly code: string; readonly detail: string }

export type TakenColumns = {
  /** In the order of the file, with their targets. */
  readonly columns: readonly Column[]
  readonly errors: readonly OptionError[]
  /** What was taken for something that its name does not say. */
  readonly warnings: readonly ImportWarning[]
}

/** Tells what the columns of a header are, by `mapping` first, then by their names. */
export function takeColumns(header: readonly string[], mapping: ColumnMapping): TakenColumns {
  const own = reportIndexes(header)
  const columns = header.map((name, index): Column => ({ index, name, isReport: own.has(index) }))
  const errors = applyMapping(columns, mapping)
  return { columns, errors, warnings: nameColumns(columns) }
}

function applyMapping(columns: readonly Column[], mapping: ColumnMapping): readonly OptionError[] {
  const entries = Object.entries(mapping)
  if (entries.length === 0) return []
  const columnsCalled = columnFinder(columns)
  return entries.flatMap(([name, target]) => {
    const pointer = `#/mapping/${pointerPart(name)}`
    const named = columnsCalled(name)
    if (isWrongWayRound(columnsCalled, name, target)) {
      const detail = `The mapping is the wrong way round: write {${JSON.stringify(target)}: ${JSON.stringify(name)}}.`
      return [{ pointer, code: named.length === 0 ? 'unknown_column' : 'unknown_target', detail }]
    }
    if (named.length === 0) return [{ pointer, code: 'unknown_column', detail: unknownColumn(name, columns) }]
    if (target !== null && !isTarget(target)) {
      const detail = `A column can become one of ${contactFields.join(', ')}, attributes.<name> (a letter, then letters, digits and _), phone.countryCode, whatsapp.countryCode, or null.`
      return [{ pointer, code: 'unknown_target', detail }]
    }
    for (const column of named) Object.assign(column, { target, by: 'mapping' })
    return []
  })
}

/** A name as a part of a JSON Pointer. */
export function pointerPart(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

export function unknownColumn(name: string, columns: readonly Column[]): string {
  return `The file has no column ${quoted(name)}. Its columns: ${listNames(columns)}.`
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
export function columnFinder(columns: readonly Column[]): FindColumns {
  const exact = Map.groupBy(columns, ({ name }) => name)
  const alike = Map.groupBy(columns, ({ name }) => normalizeName(name))
  alike.delete('')
  return (name) => {
    const called = exact.get(name) ?? alike.get(normalizeName(name)) ?? []
    const ownOfFile = called.filter(({ isReport }) => !isReport)
    return ownOfFile.length > 0 ? ownOfFile : called
  }
}

const listedNames = 12

export function listNames(columns: readonly Column[]): string {
  const names = columns.slice(0, listedNames).map(({ name }) => quoted(name))
  return columns.length > listedNames
    ? `${names.join(', ')} and ${columns.length - listedNames} more`
    : names.join(', ')
}
