import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  Metadata,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import { numberOfToday } from './replaced-numbers.ts'

/** What a tidied text is as a number: one in E.164, two that it could be, or none. */
export type DialledNumber =
  | { readonly e164: string; readonly replaced: boolean }
  | { readonly oneOf: readonly [string, string] }
  | { readonly none: 'withoutCountry' | 'tooLong' | 'notInUse' }

/** E.164 has fifteen digits at most; libphonenumber reads up to seventeen behind the country code. */
const longestE164 = '+'.length + 15
/** A prefix for abroad and fifteen digits: more is no single number. */
const mostDigits = 20

/**
 * Reads a tidied text of one line as libphonenumber does from `country`: first with that country's own prefix for abroad.
 * A leading `00` is read as `+` only without a country, or where the library finds no number.
 */
export function readDialled(text: string, country: string | undefined): DialledNumber {
  const digits = text.replace(/\D/g, '')
  const isInternational = text.startsWith('+')
  const beginsAbroad = !isInternational && digits.startsWith('00')
  if (country === undefined && !isInternational && (!beginsAbroad || isAustralian(digits))) {
    return { none: 'withoutCountry' }
  }
  if (digits.length > mostDigits) return { none: 'tooLong' }

  const own = isInternational || country !== undefined ? parse(text, country) : undefined
  if (own?.isValid() === true) {
    const other = isInternational ? undefined : otherReading(text, digits, country as CountryCode)
    return other === undefined || other === own.number ? within(own.number, false) : { oneOf: [own.number, other] }
  }
  const asPlus = beginsAbroad ? parseAbroad(digits) : undefined
  const abroad = isSetApart(text, ownPrefix(digits, country)) ? undefined : asPlus
  if (abroad?.isValid() === true) return within(abroad.number, false)
  const today = numberInUse(own) ?? numberInUse(abroad)
  // What was replaced is less sure than a number that is in use, however its digits are set.
  const inUse = asPlus?.isValid() === true ? asPlus.number : undefined
  if (today !== undefined) return inUse === undefined ? within(today, true) : { oneOf: [today, inUse] }
  return { none: isInternational && digits.length >= longestE164 ? 'tooLong' : 'notInUse' }
}

function within(e164: string, replaced: boolean): DialledNumber {
  return e164.length > longestE164 ? { none: 'tooLong' } : { e164, replaced }
}

/** The whole text as a number; otherwise the library would look for one in it. */
function parse(text: string, country: string | undefined): PhoneNumber | undefined {
  return parsePhoneNumberFromString(text, { defaultCountry: country as CountryCode, extract: false })
}

function parseAbroad(digits: string): PhoneNumber | undefined {
  return isAustralian(digits) ? undefined : parse(`+${digits.slice(2)}`, undefined)
}

/** No area of North America begins with 1: `0011` is not `00` and `+1 1…` but how Australia dials abroad. */
function isAustralian(digits: string): boolean {
  return digits.startsWith('0011')
}

function numberInUse(parsed: PhoneNumber | undefined): string | undefined {
  const today = parsed === undefined ? undefined : numberOfToday(parsed.number)
  return today !== undefined && parse(today, undefined)?.isValid() === true ? today : undefined
}

/**
 * The other number that somebody may have meant with digits that are one in `country`: `00` as the prefix for abroad
 * where the country has others that begin so, or the country's own code that has lost its `+`.
 */
function otherReading(text: string, digits: string, country: CountryCode): string | undefined {
  if (digits.startsWith('00')) {
    const prefix = ownPrefix(digits, country)
    if (prefix === '00' || isSetApart(text, prefix)) return undefined
    return validNumber(parseAbroad(digits))
  }
  return digits.startsWith(getCountryCallingCode(country)) ? validNumber(parse(`+${digits}`, undefined)) : undefined
}

function validNumber(parsed: PhoneNumber | undefined): string | undefined {
  return parsed?.isValid() === true ? parsed.number : undefined
}

const prefixes = new Map<string, RegExp>()

/** What the digits begin with of the country's own prefixes for abroad; empty when that is none. */
function ownPrefix(digits: string, country: string | undefined): string {
  if (country === undefined || !isSupportedCountry(country)) return ''
  let prefix = prefixes.get(country)
  if (prefix === undefined) {
    const metadata = new Metadata()
    metadata.selectNumberingPlan(country)
    prefix = new RegExp(`^(?:${metadata.numberingPlan?.IDDPrefix()})`)
    prefixes.set(country, prefix)
  }
  return prefix.exec(digits)?.[0] ?? ''
}

/** True where the writer has set a prefix that is longer than `00` apart, as one group: `001 65 …`. */
function isSetApart(text: string, prefix: string): boolean {
  if (prefix.length <= '00'.length) return false
  const end = text.indexOf(prefix) + prefix.length
  return end >= prefix.length && /^\D/.test(text.slice(end)) && !/\d/.test(text.slice(0, end - prefix.length))
}

const fewestDigits = 6
// eslint-disable-next-line regexp/no-super-linear-move -- a number of at most 64 characters
const betweenNumbers = /\s*(?::::|[;|&,\n])\s*|\s+(?=\+)|(?<=\d)(?=\+)/

/** True for several numbers in one text: beside each other, or with something behind a `/` after a whole number. */
export function isSeveralNumbers(text: string, country: string | undefined): boolean {
  const parts = text.split(betweenNumbers)
  if (parts.length > 1 && parts.filter((part) => couldBeNumber(part, country)).length > 1) return true
  if (!text.includes('/')) return false
  const [first = '', ...rest] = text.replaceAll('\n', ' ').split('/')
  if (!couldBeNumber(first, country)) return false
  return rest.some((part) => couldBeNumber(part, country)) || parse(first, country)?.isValid() === true
}

/** Whether a part of a text is long enough to be a number alone, and is not known to be none. */
function couldBeNumber(part: string, country: string | undefined): boolean {
  if (part.replace(/\D/g, '').length < fewestDigits) return false
  const parsed = parse(part.trim(), country)
  if (parsed === undefined) return !part.startsWith('+')
  return parsed.nationalNumber.length >= fewestDigits && parsed.isPossible()
}
