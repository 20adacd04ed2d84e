import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { isPlainE164 } from './plain-e164.ts'

/** A tidy number in E.164, or why it is none. */
export type PhoneResult =
  | { readonly e164: string; readonly normalized: boolean }
  | { readonly code: 'phone_not_e164' | 'phone_invalid'; readonly detail: string }

const scientific = /^[+']?\d(?:[.,]\d+)?e\+?\d+$/i
/** `919876543210.0`: with its dot taken away it would be another number. */
const decimal = /^[+']?\d{5,}[.,]0$/
/** White space, dots, parentheses, every kind of dash, and the invisible marks that come along when a number is copied. */
const punctuation = /[\s.()\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069]/gu
const digitsOnly = /^\+?\d+$/

/**
 * Reads a phone number. Spaces, dots, dashes, parentheses, a leading `00` and a spreadsheet's leading apostrophe are
 * tidied. A number without a country code is read as one of `defaultCountry` (ISO 3166 alpha-2).
 */
export function readPhone(raw: string, defaultCountry?: string): PhoneResult {
  if (isPlainE164(raw)) return { e164: raw, normalized: false }
  const compact = raw.replace(/\s/g, '')
  if (scientific.test(compact)) return inScientificNotation
  if (decimal.test(compact)) return asDecimal
  let digits = compact.replace(punctuation, '').replace(/^'/, '')
  if (digits.startsWith('00')) digits = `+${digits.slice(2)}`
  if (!digitsOnly.test(digits)) return notANumber
  if (!digits.startsWith('+') && defaultCountry === undefined) return withoutCountry

  const parsed = parsePhoneNumberFromString(digits, { defaultCountry: defaultCountry as CountryCode, extract: false })
  if (parsed === undefined || !parsed.isValid()) return notInUse
  return { e164: parsed.number, normalized: parsed.number !== raw }
}

/** True for an ISO 3166 alpha-2 code that has a numbering plan. */
export function isPhoneCountry(code: string): boolean {
  return isSupportedCountry(code)
}

const inScientificNotation: PhoneResult = {
  code: 'phone_invalid',
  detail:
    'A spreadsheet has turned this number into scientific notation and lost digits. Format the column as text and export it again.',
}
const asDecimal: PhoneResult = {
  code: 'phone_invalid',
  detail:
    'A spreadsheet or script has turned this number into a decimal one. Format the column as text and export it again.',
}
const notANumber: PhoneResult = {
  code: 'phone_invalid',
  detail: 'A phone number has digits only, with a leading +. Write it in E.164, for example +33612345678.',
}
const withoutCountry: PhoneResult = {
  code: 'phone_not_e164',
  detail: 'The number has no country code. Write it in E.164, for example +33612345678, or give defaultCountry.',
}
const notInUse: PhoneResult = {
  code: 'phone_invalid',
  detail: 'No country has such a number. Check its digits and its country code.',
}
