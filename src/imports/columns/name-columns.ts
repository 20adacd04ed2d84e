import { attributeNamePattern } from '../../domain/contact-limits.ts'
import { quoted } from '../file/file-refusal.ts'
import type { ColumnTarget, ImportWarning } from './column-target.ts'
import { type ContactField, contactFields, fieldsOfHeader, isNameAlone, type KnownName } from './header-names.ts'

/** A column of a header, on its way to a target. */
export type Column = {
  readonly index: number
  readonly name: string
  /** Our own error report added it. */
  readonly isReport: boolean
  target?: ColumnTarget | null
  isMapped?: true
}

/**
 * Gives columns that no mapping names their targets, by their names. A target that the mapping gives is not given again.
 * @returns what was taken for something that its name does not say
 */
export function nameColumns(columns: readonly Column[]): readonly ImportWarning[] {
  const claimed = new Set(columns.map(({ target }) => target))
  const fields = fieldsOfHeader(columns.map(({ name }) => name))
  const open = columns.filter(({ isMapped, isReport }) => !isMapped && !isReport)
  for (const column of open) {
    const target = canonicalTarget(column.name) ?? sure(fields[column.index])
    if (target !== undefined && !claimed.has(target)) column.target = target
  }
  const fallbacks = open.filter(({ index, target }) => target === undefined && fields[index]?.isFallback)
  for (const [field, some] of Map.groupBy(fallbacks, ({ index }) => fields[index]?.field as ContactField)) {
    const [only, another] = some
    if (only !== undefined && another === undefined && !isTaken(field, columns)) only.target = field
  }
  return splitName(columns)
}

const attributeName = new RegExp(attributeNamePattern)
const attribute = /^attributes\.(.*)$/i

/** True for what a column can become. */
export function isTarget(target: string): target is ColumnTarget {
  if (!target.startsWith('attributes.')) return contactFields.some((field) => field === target)
  return attributeName.test(target.slice('attributes.'.length))
}

const jsonColumn = /^(.+) \(JSON\)$/

/** The name of a column of ours whose cells are JSON, since text alone would not bring its values back. */
export function jsonColumnOf(target: string): string {
  return `${target} (JSON)`
}

/** The target of such a column, in our spelling. */
export function targetOfJsonColumn(name: string): ColumnTarget | undefined {
  const [, target = ''] = jsonColumn.exec(name.trim()) ?? []
  return isTarget(target) ? target : undefined
}

function canonicalTarget(name: string): ColumnTarget | undefined {
  const [, named] = attribute.exec(name.trim()) ?? []
  if (named !== undefined && isTarget(`attributes.${named}`)) return `attributes.${named}`
  return targetOfJsonColumn(name)
}

function sure(known: KnownName | undefined): ContactField | undefined {
  return known === undefined || known.isFallback ? undefined : known.field
}

/** A whole name of unknown origin is worse than the first and last name that are there. */
function isTaken(field: ContactField, columns: readonly Column[]): boolean {
  const beside = field === 'name' ? ['name', 'firstName', 'lastName'] : [field]
  return columns.some(({ target }) => target != null && beside.includes(target))
}

/** In `Vorname;Name` the second is the last name, in `Nome;Cognome` the first is the first name. */
function splitName(columns: readonly Column[]): readonly ImportWarning[] {
  const [column, another] = columns.filter(({ target }) => target === 'name')
  if (column === undefined || another !== undefined || column.isMapped || !isNameAlone(column.name)) return []
  const first = columns.find(({ target }) => target === 'firstName')
  const last = columns.find(({ target }) => target === 'lastName')
  const beside = first ?? last
  if (beside === undefined || (first !== undefined && last !== undefined)) return []
  column.target = first === undefined ? 'firstName' : 'lastName'
  const [part, other] = first === undefined ? ['first', 'last'] : ['last', 'first']
  const detail = `Column ${column.index + 1} ${quoted(column.name)} is taken for the ${part} name, since ${quoted(beside.name)} is the ${other} name and no column is the ${part} name. If it is the whole name, map it to name.`
  return [{ code: `name_is_${part}_name` as 'name_is_first_name', column: column.name, detail }]
}
