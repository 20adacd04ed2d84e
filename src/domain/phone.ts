import { isSupportedCountry } from 'libphonenumber-js/max'
import { contactLimits, isLongerThan } from './contact-limits.ts'
import { hasCallingCodeOf } from './country-code.ts'
import { type DialledNumber, isSeveralNumbers, readDialled } from './dialled-number.ts'
import { flawOf, type NumberFlaw, tidyNumberText } from './number-text.ts'
import { isPlainE164 } from './plain-e164.ts'

/** A number in E.164, or why there is none. `replaced`: its country has changed it since it was written down. */
export type PhoneResult =
  | { readonly e164: string; readonly normalized: boolean; readonly replaced: boolean }
  | { readonly code: 'phone_not_e164' | 'phone_invalid' | 'phone_ambiguous'; readonly detail: string }

/**
 * How numbers without `+` are written: as they are dialled from a country (ISO 3166 alpha-2), or, `international`, with
 * their country code; `undefined`: not known, and only `00` stands for `+`.
 */
export type NumbersFrom = string | undefined
export const international = 'international'

/** What a caller, or a configuration, says of how its numbers are written; one of the two. */
export type WrittenNumbers = { readonly defaultCountry?: string; readonly numbers?: typeof international }

/** What is said of these numbers counts before what their list has for all. */
export function numbersFrom(
  { defaultCountry, numbers }: WrittenNumbers,
  ofList?: WrittenNumbers['numbers'],
): NumbersFrom {
  return defaultCountry ?? numbers ?? ofList
}

/** A number written without anything that could separate two numbers or be a spreadsheet's damage. */
const simplyWritten = /^\+?[ ()-]*\d[\d ()-]*$/
const punctuation = /[^+\d]/g

/**
 * Reads a phone number as libphonenumber does: punctuation, other scripts' digits, full-width forms, the prefix for
 * abroad of the country that it is dialled `from`, and numbers of that country without a country code. What it reads is
 * sent, or nothing is: a text that could be two numbers, or is more than one, is refused.
 */
export function readPhone(raw: string, from?: NumbersFrom): PhoneResult {
  if (isPlainE164(raw)) return { e164: raw, normalized: false, replaced: false }
  if (isLongerThan(raw, contactLimits.phone)) return flaws.unreadable
  const written = tidyNumberText(raw)
  const country = from === international ? undefined : from
  const refusal = simplyWritten.test(written) ? undefined : refusalOfForm(written, country)
  if (refusal !== undefined) return refusal
  const text = from === international ? withPlus(written) : written
  if (text === undefined) return refusals.nationalPrefix
  // With its country code, what is left is its digits.
  const compact = text.startsWith('+') ? text.replace(punctuation, '') : ''
  if (isPlainE164(compact)) return { e164: compact, normalized: true, replaced: false }
  return toResult(readDialled(text.replaceAll('\n', ' '), country), raw)
}

/** A number that has its country code, whether or not it says so; `undefined` where it begins as no country code does. */
function withPlus(text: string): string | undefined {
  if (text.startsWith('+')) return text
  const digits = text.replace(punctuation, '')
  if (digits.startsWith('00')) return text
  return digits.startsWith('0') ? undefined : `+${digits}`
}

/**
 * The same for a number of which it is known of what country it is: what the library reads as one of another country is
 * refused, since one of the two is wrong.
 */
export function readPhoneOf(country: string, raw: string): PhoneResult {
  const result = readPhone(raw, country)
  return 'code' in result || hasCallingCodeOf(country, result.e164) ? result : otherCountry
}

function refusalOfForm(text: string, country: string | undefined): PhoneResult | undefined {
  const flaw = flawOf(text)
  // Damage is named before the several numbers that a comma or a point seems to make of it.
  if (flaw === 'scientific' || flaw === 'decimal') return flaws[flaw]
  if (isSeveralNumbers(text, country)) return several
  return flaw === undefined ? undefined : flaws[flaw]
}

function toResult(dialled: DialledNumber, raw: string): PhoneResult {
  if ('none' in dialled) return refusals[dialled.none]
  if ('oneOf' in dialled) return ambiguous(dialled.oneOf)
  const { e164, replaced } = dialled
  return { e164, normalized: e164 !== raw, replaced }
}

/** True for an ISO 3166 alpha-2 code that has a numbering plan. */
export function isPhoneCountry(code: string): boolean {
  return isSupportedCountry(code)
}

function ambiguous([one, other]: readonly [string, string]): PhoneResult {
  const detail = `This could be ${one} or ${other}. Write the one that is meant in E.164, with + and its country code.`
  return { code: 'phone_ambiguous', detail }
}

function invalid(detail: string): PhoneResult {
  return { code: 'phone_invalid', detail }
}

const otherCountry: PhoneResult = {
  code: 'phone_ambiguous',
  detail:
    'The number has another country code than the one that is given beside it. Correct the one that is wrong, or leave the one beside it out.',
}
const several = invalid(
  'There are several phone numbers in this value, or one with more behind it. Give one number, and make contacts of the others.',
)
const flaws: Readonly<Record<NumberFlaw, PhoneResult>> = {
  scientific: invalid(
    'A spreadsheet has turned this number into scientific notation and lost digits. Format the column as text and export it again.',
  ),
  decimal: invalid(
    'A spreadsheet or script has turned this number into a decimal one. Format the column as text and export it again.',
  ),
  extension: invalid(
    'This number has an extension, which no message can be sent to. Give a number without one, in E.164, for example +33612345678.',
  ),
  unreadable: invalid('A phone number has digits only, with a leading +. Write it in E.164, for example +33612345678.'),
}
const refusals: Readonly<Record<Extract<DialledNumber, { none: unknown }>['none'] | 'nationalPrefix', PhoneResult>> = {
  withoutCountry: {
    code: 'phone_not_e164',
    detail:
      'The number has no country code. Write it in E.164, for example +33612345678, or give defaultCountry, or numbers: "international" if it has one without the +.',
  },
  nationalPrefix: {
    code: 'phone_not_e164',
    detail:
      'The number begins with 0, as no country code does, and numbers says that each has its country code. Write it in E.164, for example +33612345678.',
  },
  tooLong: invalid('A phone number has at most 15 digits. Check whether two numbers have run together.'),
  notInUse: invalid('No country has such a number. Check its digits and its country code.'),
}
