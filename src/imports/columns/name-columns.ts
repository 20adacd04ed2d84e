import { quoted } from '../file/file-refusal.ts'
import type { Column, FoundBy } from './column.ts'
import { placeOfName } from './column-order.ts'
import { type ColumnTarget, type ImportWarning, isPart } from './column-target.ts'
import { nameCountryCodes } from './country-code-columns.ts'
import { type ContactField, contactFields, fieldsOfHeader, isNameAlone, type KnownName } from './header-names.ts'

/** A whole name of unknown origin depends on whether its parts are there. */
const namingOrder = [...contactFields.filter((field) => field !== 'name'), 'name'] as const

/**
 * Gives columns that no mapping names their targets, by their names. A target that the mapping gives is not given again.
 * @returns what was taken for something that its name does not say
 */
export function nameColumns(columns: readonly Column[]): readonly ImportWarning[] {
  const claimed = new Set(columns.map(({ target }) => target))
  const known = fieldsOfHeader(columns.map(({ name }) => name))
  const open = columns.filter(({ by, isReport }) => by === undefined && !isReport)
  for (const column of open) {
    const target = canonicalTarget(column.name)
    if (target !== undefined && !claimed.has(target)) Object.assign(column, { target, by: 'ourName' })
  }
  for (const field of namingOrder) {
    const named = open.filter(({ by, index }) => by === undefined && known[index]?.field === field)
    if (named.length === 0 || claimed.has(field)) continue
    for (const column of wanted(field, named, known, columns)) {
      Object.assign(column, { target: field, by: foundBy(column.name, known[column.index] as KnownName) })
    }
  }
  nameCountryCodes(columns)
  return splitName(columns)
}

/**
 * Of columns whose names are known for a field those that carry it: the sure ones, and with them, or where there are none,
 * those that may be it and have a place behind others. Without such places no more than one that may be it.
 */
function wanted(
  field: ContactField,
  named: readonly Column[],
  known: readonly (KnownName | undefined)[],
  columns: readonly Column[],
): readonly Column[] {
  const sure = named.filter(({ index }) => known[index]?.isFallback === false)
  const times = Map.groupBy(named, ({ name }) => name)
  const rest = named.filter((column) => !sure.includes(column) && times.get(column.name)?.length === 1)
  const arePlaced = (some: readonly Column[]) => some.every(({ name }) => placeOfName(field, name) !== undefined)
  if (sure.length > 0) return arePlaced([...sure, ...rest]) ? [...sure, ...rest] : sure
  if (isTaken(field, columns)) return []
  return named.length === 1 || arePlaced(rest) ? rest : []
}

function foundBy(name: string, { field, isListed, isFallback }: KnownName): FoundBy {
  if (name.trim() === field) return 'ourName'
  if (isFallback) return 'fallback'
  return isListed ? 'name' : 'words'
}

const attribute = /^attributes\.(.*)$/i
const jsonColumn = /^(.+) \(JSON\)$/

/** The name of a column of ours whose cells are JSON, since text alone would not bring its values back. */
export function jsonColumnOf(target: string): string {
  return `${target} (JSON)`
}

/** The target of such a column, in our spelling. */
export function targetOfJsonColumn(name: string): ColumnTarget | undefined {
  const [, target = ''] = jsonColumn.exec(name.trim()) ?? []
  return isPart(target) ? target : undefined
}

function canonicalTarget(name: string): ColumnTarget | undefined {
  const [, named] = attribute.exec(name.trim()) ?? []
  if (named !== undefined && isPart(`attributes.${named}`)) return `attributes.${named}`
  return targetOfJsonColumn(name)
}

/** A whole name of unknown origin is worse than the first and last name that are there. */
function isTaken(field: ContactField, columns: readonly Column[]): boolean {
  const beside = field === 'name' ? ['name', 'firstName', 'lastName'] : [field]
  return columns.some(({ target }) => target != null && beside.includes(target))
}

/** In `Vorname;Name` the second is the last name, in `Nome;Cognome` the first is the first name. */
function splitName(columns: readonly Column[]): readonly ImportWarning[] {
  const [column, another] = columns.filter(({ target }) => target === 'name')
  if (column === undefined || another !== undefined || column.by === 'mapping' || !isNameAlone(column.name)) return []
  const first = columns.find(({ target }) => target === 'firstName')
  const last = columns.find(({ target }) => target === 'lastName')
  const beside = first ?? last
  if (beside === undefined || (first !== undefined && last !== undefined)) return []
  Object.assign(column, { target: first === undefined ? 'firstName' : 'lastName', by: 'fallback' })
  const [part, other] = first === undefined ? ['first', 'last'] : ['last', 'first']
  const detail = `Column ${column.index + 1} ${quoted(column.name)} is taken for the ${part} name, since ${quoted(beside.name)} is the ${other} name and no column is the ${part} name. If it is the whole name, map it to name.`
  return [{ code: `name_is_${part}_name` as 'name_is_first_name', column: column.name, detail }]
}
