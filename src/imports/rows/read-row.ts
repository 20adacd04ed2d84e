import type { AttributeValue, ContactDraft } from '../../domain/contact.ts'
import { contactLimits, isLongerThan } from '../../domain/contact-limits.ts'
import { readCountryCode } from '../../domain/country-code.ts'
import type { Warning, WarningCode } from '../../domain/outcome.ts'
import type { NumberCountries } from '../../domain/parse-contact.ts'
import type { MappedColumn } from '../columns/import-columns.ts'
import { cutCell, quoted } from '../file/file-refusal.ts'
import { type CellRules, hasContent, isGiven } from './cell-rules.ts'
import { readTags } from './read-tags.ts'

/** What is wrong with a row before its values are looked at; each is `rejected` at every account. */
export const rowErrorCodes = [
  'too_few_cells',
  'too_many_cells',
  'value_too_long',
  'tag_too_long',
  'too_many_tags',
  'json_invalid',
  'country_code_invalid',
  'formula_without_value',
] as const
export type RowErrorCode = (typeof rowErrorCodes)[number]

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

export const withoutValue =
  'The cell is a formula whose value is not in the file. Open the workbook in a spreadsheet program, save it and upload it again.'

/** A value that is not sent, since another column comes before its own. */
export type PassedOver = { readonly column: MappedColumn; readonly draft: ContactDraft }

const none: readonly never[] = []

/** A row of which one cell is read after the other. */
export class ReadRow {
  readonly draft: ContactDraft = {}
  errors: readonly RowError[] = none
  warnings: readonly Warning[] = none
  countries: NumberCountries | undefined
  passedOver: readonly PassedOver[] = none
  readonly #rules: CellRules
  #attributes: Record<string, AttributeValue> | undefined

  constructor(rules: CellRules) {
    this.#rules = rules
  }

  take(value: string, column: MappedColumn): void {
    if (column.isJson) this.#takeJson(value, column)
    else if (this.#rules.isPlaceholder(value, column.target)) this.#warnOfPlaceholder(value, column)
    else if (column.target === 'tags') {
      const { tags, groups } = readTags(value, this.#rules.tagSeparator)
      for (const group of groups) this.#warn(column, 'group_ignored', `Every Google contact is in ${quoted(group)}.`)
      this.#putTags(tags, value, column)
    } else this.#put(value, column)
  }

  /** The first of some columns that is not empty; what the others hold is passed over. */
  takeFirst(cells: readonly string[], same: readonly MappedColumn[]): void {
    let isTaken = false
    for (const column of same) {
      const value = cells[column.index]?.trim() ?? ''
      if (!hasContent(value)) continue
      const given = isGiven(value, column, this.#rules)
      if (given && isTaken) {
        const other = new ReadRow(this.#rules)
        other.take(value, column)
        this.passedOver = [...this.passedOver, { column, draft: other.draft }]
      } else this.take(value, column)
      isTaken ||= given
    }
  }

  /** Of what country a number of the row is, where it has one. */
  takeCountry(cells: readonly string[], column: MappedColumn): void {
    const field = column.target.split('.')[0] as keyof NumberCountries
    const value = cells[column.index]?.trim() ?? ''
    if (!hasContent(value) || this.draft[field] === undefined) return
    const country = readCountryCode(value)
    if (country !== undefined) this.countries = { ...this.countries, [field]: country }
    else if (this.#rules.isPlaceholder(value, column.target)) this.#warnOfPlaceholder(value, column)
    else this.#refuse('country_code_invalid', column, value, countryForm)
  }

  /** It counts as empty. */
  warnOfFormula(column: MappedColumn): void {
    this.#warn(column, 'formula_without_value', withoutValue)
  }

  /** As we write what text alone would not bring back. */
  #takeJson(value: string, column: MappedColumn): void {
    const given = readJson(value)
    const { target } = column
    const isValue = typeof given === 'string' || (isPlain(given) && target.startsWith('attributes.'))
    if (target === 'tags' && isTextArray(given)) this.#putTags(given, value, column)
    else if (target !== 'tags' && isValue) this.#put(given, column)
    else this.#refuse('json_invalid', column, value, jsonForm)
  }

  #put(value: AttributeValue, column: MappedColumn): void {
    const { target } = column
    if (target.startsWith('attributes.')) {
      this.#attributes ??= this.draft.attributes = {}
      this.#attributes[target.slice('attributes.'.length)] = value
      this.#checkLength(value, contactLimits.attribute, column)
    } else {
      const field = target as Exclude<keyof typeof contactLimits, 'tag' | 'tags' | 'attribute' | 'attributes'>
      this.draft[field] = value as string
      this.#checkLength(value, contactLimits[field], column)
    }
  }

  #putTags(tags: readonly string[], cell: string, column: MappedColumn): void {
    if (tags.length > 0) this.draft.tags = tags
    const long = tags.find((tag) => isLongerThan(tag, contactLimits.tag))
    if (long !== undefined) {
      const detail = `A tag has at most ${contactLimits.tag} characters. Shorten it, or say with tagSeparator what stands between tags.`
      this.#refuse('tag_too_long', column, long, detail)
    } else if (tags.length > contactLimits.tags) {
      const detail = `A contact has at most ${contactLimits.tags} tags. Take some away.`
      this.#refuse('too_many_tags', column, cell, detail)
    }
  }

  #checkLength(value: AttributeValue, limit: number, column: MappedColumn): void {
    if (typeof value !== 'string' || !isLongerThan(value, limit)) return
    this.#refuse('value_too_long', column, value, `${column.target} has at most ${limit} characters. Shorten it.`)
  }

  #refuse(code: RowErrorCode, column: MappedColumn, value: string, detail: string): void {
    const error = { code, column: column.name, value: cutCell(value), pointer: pointerOf(column), detail }
    this.errors = [...this.errors, error]
  }

  #warnOfPlaceholder(value: string, column: MappedColumn): void {
    this.#warn(column, 'placeholder_ignored', `${quoted(value)} says that there is no value.`)
  }

  #warn(column: MappedColumn, code: WarningCode, detail: string): void {
    this.warnings = [...this.warnings, { code, pointer: pointerOf(column), detail }]
  }
}

const jsonForm =
  'The cells of this column are JSON: a text stands in quotes ("007"), a number, true, false and null do not.'

const countryForm =
  'This is no country of a phone number. Write its code of two letters (IN) or its calling code (91, +91 or 0091).'

/** Spreadsheets write `TRUE`. */
const jsonWord = /^(?:true|false|null)$/i

function readJson(cell: string): unknown {
  try {
    return JSON.parse(jsonWord.test(cell) ? cell.toLowerCase() : cell)
  } catch {
    return undefined
  }
}

function isPlain(value: unknown): value is AttributeValue {
  return value === null || typeof value === 'number' || typeof value === 'boolean'
}

function isTextArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((tag) => typeof tag === 'string')
}

function pointerOf({ target }: MappedColumn): string {
  return `/${target.replace('.', '/')}`
}
