import type { AttributeValue, ContactDraft } from '../../domain/contact.ts'
import type { ColumnTarget } from '../columns/column-target.ts'
import { type ContactField, contactFields, reachesPeople } from '../columns/header-names.ts'
import { jsonColumnOf, targetOfJsonColumn } from '../columns/name-columns.ts'
import { usualCellRules } from './cell-rules.ts'
import { writeTags } from './read-tags.ts'

/**
 * The columns that at least one contact has a value in; where nobody can be reached, those that would be needed. A column
 * with a value that a cell of text would not bring back (a number, a text that looks like an empty cell) holds JSON, and
 * says so in its name.
 */
export function canonicalHeader(contacts: readonly ContactDraft[]): string[] {
  const attributes = new Set(contacts.flatMap(({ attributes = {} }) => Object.keys(attributes)))
  const isGiven = (field: ContactField) => contacts.some((contact) => contact[field] !== undefined)
  // Beside a first name alone a whole name would be read as the last name.
  const isParted = isGiven('firstName') || isGiven('lastName')
  const given = contactFields.filter((field) => isGiven(field) || (isParted && isPartOfName(field)))
  const needed = given.some(reachesPeople) ? [] : contactFields.filter(reachesPeople)
  const targets: ColumnTarget[] = [...given, ...needed]
  for (const name of attributes) targets.push(`attributes.${name}`)
  return targets.map((target) =>
    contacts.every((contact) => isPlain(givenValue(contact, target), target)) ? target : jsonColumnOf(target),
  )
}

function isPartOfName(field: ContactField): boolean {
  return field === 'firstName' || field === 'lastName'
}

/** The cell of a contact in a canonical column. */
export function canonicalCell(contact: ContactDraft, column: string): string {
  const target = targetOfJsonColumn(column)
  const value = givenValue(contact, target ?? (column as ColumnTarget))
  if (value === undefined) return ''
  if (target !== undefined) return JSON.stringify(value)
  return isList(value) ? writeTags(value) : String(value)
}

function givenValue(contact: ContactDraft, target: ColumnTarget): AttributeValue | readonly string[] | undefined {
  return target.startsWith('attributes.')
    ? contact.attributes?.[target.slice('attributes.'.length)]
    : contact[target as ContactField]
}

/** True where the cell of the value is read as the value. */
function isPlain(value: AttributeValue | readonly string[] | undefined, target: ColumnTarget): boolean {
  if (value === undefined || isList(value)) return true
  if (typeof value !== 'string' || value.trim() !== value || value === '') return false
  return !usualCellRules.isPlaceholder(value, target)
}

function isList(value: AttributeValue | readonly string[] | undefined): value is readonly string[] {
  return Array.isArray(value)
}
