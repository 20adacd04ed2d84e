import { attributeNamePattern } from '../../domain/contact-limits.ts'
import type { SuggestedOptions } from '../file/file-refusal.ts'
import { type ContactField, contactFields } from './header-names.ts'

/** The fields that hold a number, which a column beside it may give the country of. */
export const numberFields = ['phone', 'whatsapp'] as const
export type NumberField = (typeof numberFields)[number]

/** What a column is to become: a field, an attribute by its name, or the country of a number. */
export type ColumnTarget = ContactField | `attributes.${string}` | `${NumberField}.countryCode`

const attributeName = new RegExp(attributeNamePattern)

/** True for what a column can become. */
export function isTarget(target: string): target is ColumnTarget {
  return isPart(target) || isCountryCode(target)
}

export function isCountryCode(target: string): target is `${NumberField}.countryCode` {
  return numberFields.some((field) => target === `${field}.countryCode`)
}

/** True for a part of the contact itself. */
export function isPart(target: string): target is ContactField | `attributes.${string}` {
  if (!target.startsWith('attributes.')) return contactFields.some((field) => field === target)
  return attributeName.test(target.slice('attributes.'.length))
}

export const importWarningCodes = [
  'column_ignored',
  'columns_merged',
  'name_is_first_name',
  'name_is_last_name',
  'placeholder_ignored',
  'group_ignored',
  'encoding_doubtful',
  'formula_without_value',
] as const

/** Something that the import as a whole should be told. */
export type ImportWarning = {
  readonly code: (typeof importWarningCodes)[number]
  readonly column: string
  readonly detail: string
  readonly suggests?: SuggestedOptions
}
