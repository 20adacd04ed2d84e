import { domainToASCII } from 'node:url'
import { contactLimits, isLongerThan } from './contact-limits.ts'
import { comparedForm } from './number-forms.ts'
import { tidyNumberText } from './number-text.ts'
import { readPhone } from './phone.ts'
import type { SuppressionKind } from './suppression.ts'
import { ignorable, trimInvisible } from './tidy-text.ts'

/** An address as it is compared, and what may be shown of it. */
export type SuppressedAddress = { readonly kind: SuppressionKind; readonly compared: string; readonly hint: string }
export type AddressRefusal = {
  readonly code: 'phone_invalid' | 'phone_not_e164' | 'phone_ambiguous' | 'email_invalid'
  readonly detail: string
}

const plainNumber = /^\+\d{7,15}$/
const punctuation = /[\s()./-]/g

/**
 * Reads a number that is to be suppressed: `+` and 7 to 15 digits, of a range that is known or not, for no wish is refused
 * because of that; or one as it is dialled in `country`.
 */
export function readSuppressedPhone(raw: string, country: string | undefined): SuppressedAddress | AddressRefusal {
  if (isLongerThan(raw, contactLimits.phone)) return noNumber
  const compact = tidyNumberText(raw).replace(punctuation, '').replace(/^00/, '+')
  if (plainNumber.test(compact) && !tidyNumberText(raw).includes('\n')) return phoneAddress(compact)
  const read = readPhone(raw, country)
  return 'code' in read ? read : phoneAddress(read.e164)
}

function phoneAddress(number: string): SuppressedAddress {
  return { kind: 'phone', compared: comparedPhone(number), hint: phoneHint(number) }
}

/** `number`: in E.164. */
export function comparedPhone(number: string): string {
  return comparedForm(number)
}

const shortCountryCode = /^\+(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/
const countryCodeAndPlus = 4
const shownAtEnd = 2

function phoneHint(number: string): string {
  const code = shortCountryCode.exec(number)?.[0] ?? number.slice(0, countryCodeAndPlus)
  return `${code}${hidden}${number.slice(-shownAtEnd)}`
}

/** What stands for what is not shown, however long that is. */
export const hidden = '••••'

const address = /^[^\s@<>(),;:\\"]+@[^\s@<>(),;:\\"/?#%[\]^|']+$/u
const ascii = /^[!-~]*$/

/** Reads an e-mail address that is to be suppressed: any that has the form of one. */
export function readSuppressedEmail(raw: string): SuppressedAddress | AddressRefusal {
  if (isLongerThan(raw, contactLimits.email)) return noAddress
  const text = trimInvisible(trimInvisible(raw).replace(/^'/, '')).replace(ignorable, '')
  const compared = address.test(text) ? comparedEmail(text) : ''
  return compared === '' ? noAddress : { kind: 'email', compared, hint: emailHint(compared) }
}

/**
 * An e-mail address as it is compared: NFC, in lower case, its domain in ASCII; dots and `+tags` stay. Empty where its
 * domain cannot be one.
 */
export function comparedEmail(email: string): string {
  if (ascii.test(email)) return email.toLowerCase()
  const text = email.normalize('NFC').toLowerCase().normalize('NFC')
  const at = text.lastIndexOf('@')
  const domain = domainToASCII(text.slice(at + 1))
  return domain === '' ? '' : `${text.slice(0, at)}@${domain}`
}

/** `a@b.example.com` is `a••••@b••••.com`: the first character of each part, and the last label of the domain. */
function emailHint(compared: string): string {
  const at = compared.lastIndexOf('@')
  const domain = compared.slice(at + 1)
  const dot = domain.lastIndexOf('.')
  const ending = dot < 1 ? '' : domain.slice(dot)
  return `${firstOf(compared)}${hidden}@${firstOf(domain)}${hidden}${ending}`
}

function firstOf(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) as number)
}

const noNumber: AddressRefusal = {
  code: 'phone_invalid',
  detail:
    'A phone number is + and 7 to 15 digits. Write it in E.164, for example +33612345678, or give defaultCountry.',
}
const noAddress: AddressRefusal = {
  code: 'email_invalid',
  detail: 'This is no e-mail address. Write it as name@domain.example, without a name beside it.',
}
