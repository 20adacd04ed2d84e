import { digitsOf } from '../../domain/phone-digits.ts'

/** Where providers hide digits. */
const mask = /[*x•#…]+/gi
const fewestDigits = 7

/**
 * For each number as a provider shows it, the place of the one among `numbers` (E.164) that it is: by its digits, else, for
 * one that is masked or lacks its country code, the only one left that it fits. `undefined` for what is none of them.
 */
export function matchNumbers(
  shown: readonly (string | undefined)[],
  numbers: readonly (string | undefined)[],
): readonly (number | undefined)[] {
  if (isSameOrder(shown, numbers)) return numbers.map((_, place) => place)
  const placeOf = new Map<string, number>()
  numbers.forEach((number, place) => {
    if (number !== undefined) placeOf.set(digitsOf(number), place)
  })
  const exact = shown.map((number) => (number === undefined ? undefined : placeOf.get(digitsOf(number))))
  if (!exact.some((place, index) => place === undefined && isText(shown[index]))) return exact
  const taken = new Set(exact)
  const left = [...placeOf].filter(([, place]) => !taken.has(place))
  const loose = exact.map((place, index) => (place === undefined ? theOneThatFits(shown[index], left) : undefined))
  const isOnlyOne = (place: number) => loose.indexOf(place) === loose.lastIndexOf(place)
  return exact.map((place, index) => {
    const fitting = loose[index]
    return place ?? (fitting !== undefined && isOnlyOne(fitting) ? fitting : undefined)
  })
}

/** All of them in the same form and order, as nearly every answer has them. */
function isSameOrder(shown: readonly (string | undefined)[], numbers: readonly (string | undefined)[]): boolean {
  return shown.length === numbers.length && shown.every((one, index) => one !== undefined && one === numbers[index])
}

function isText(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}

function theOneThatFits(shown: string | undefined, left: readonly (readonly [string, number])[]): number | undefined {
  const fits = isText(shown) ? fitting(shown) : undefined
  if (fits === undefined) return undefined
  let found: number | undefined
  for (const [digits, place] of left) {
    if (!fits(digits)) continue
    if (found !== undefined) return undefined
    found = place
  }
  return found
}

/** The test for digits that a masked or a national number may be; `undefined` for a number that is neither. */
function fitting(shown: string): ((digits: string) => boolean) | undefined {
  const compact = shown.replace(/[^\d*x•#…+]/gi, '').replace(/^(?:\+|00)/, '')
  const seen = compact.replace(/\D/g, '').length
  if (seen < compact.length) {
    if (seen < 4) return undefined
    const pattern = new RegExp(`^${compact.replace(/\+/g, '').replace(mask, '\\d+')}$`)
    return (digits) => pattern.test(digits)
  }
  const national = compact.replace(/^0+/, '')
  if (/^\s*(?:\+|00)/.test(shown) || national.length < fewestDigits) return undefined
  return (digits) => digits.length > national.length && digits.endsWith(national)
}
