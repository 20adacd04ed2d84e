import type { Column } from './column.ts'
import { type NumberField, numberFields } from './column-target.ts'
import names from './header-names.json' with { type: 'json' }
import { keyOf, normalizeName, splitWords, wordPattern } from './header-names.ts'

const sure = new Map(numberFields.map((field) => [field, keysOf(names.countryCode[field])]))
const besidePhone = keysOf(names.countryCode.besidePhone)
const addressWord = wordPattern(names.countryCode.address.flat())

function keysOf(bySource: Readonly<Record<string, readonly string[]>>): ReadonlySet<string> {
  return new Set(Object.values(bySource).flat().map(normalizeName))
}

/**
 * Gives a column that says of which country the numbers in another one are its target, by its name, where it can be
 * nothing else: `Country code` may as well be where the person lives.
 * @param columns those that are the numbers have their targets
 */
export function nameCountryCodes(columns: readonly Column[]): void {
  for (const field of numberFields) {
    const numbers = columns.filter(({ target }) => target === field)
    const isTaken = columns.some(({ target }) => target === `${field}.countryCode`)
    if (numbers.length === 0 || isTaken) continue
    const [only, another] = openColumns(columns).filter((column) => isCodeOf(field, column, numbers, columns))
    if (only !== undefined && another === undefined) Object.assign(only, { target: `${field}.countryCode`, by: 'name' })
  }
}

/** True for a column that is not sent and may be the country code of a number, or of an address. */
export function mayBeCountryCode({ name }: Column): boolean {
  const key = keyOf(name)
  return besidePhone.has(key) || numberFields.some((field) => sure.get(field)?.has(key))
}

function isCodeOf(
  field: NumberField,
  { name, index }: Column,
  numbers: readonly Column[],
  columns: readonly Column[],
): boolean {
  const key = keyOf(name)
  if (sure.get(field)?.has(key)) return true
  if (field !== 'phone' || !besidePhone.has(key)) return false
  return numbers.some((number) => Math.abs(number.index - index) === 1) && !openColumns(columns).some(isAddress)
}

function openColumns(columns: readonly Column[]): readonly Column[] {
  return columns.filter(({ target, isReport }) => target === undefined && !isReport)
}

function isAddress({ name }: Column): boolean {
  return splitWords(name).some((word) => addressWord.test(word))
}
