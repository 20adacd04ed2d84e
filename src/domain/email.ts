import { domainToASCII } from 'node:url'
import validator from 'validator/lib/isEmail.js'
import { contactLimits, isLongerThan } from './contact-limits.ts'
import { ignorable, trimInvisible } from './tidy-text.ts'

/** An e-mail address as it is sent, or why it is none. */
export type EmailResult =
  | { readonly email: string; readonly normalized: boolean }
  | { readonly code: 'email_invalid'; readonly detail: string }

/** The function itself has the member `default` too, which is where its types say that it is. */
const isEmail = validator.default

/** Nearly all addresses, told without the library, which takes them all; too short for any of its limits of length. */
const plainForm = /^[a-zA-Z0-9_+-]+(?:\.[a-zA-Z0-9_+-]+)*@(?:[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*\.)+[a-zA-Z]{2,}$/
const longestPlain = 64
const longestLocalPart = 64

const options = { allow_utf8_local_part: false }
const printableAscii = /^[ -~]*$/
/** What a domain never holds, and what would make something else of a text that is read as a host. */
const foreignToDomain = /[\s\p{Cc}/?#\\:@%[\]<>^|"'(),;]/u
// eslint-disable-next-line regexp/no-super-linear-backtracking -- at most 254 characters
const betweenAddresses = /[^\s@]@[^@]*?[\s,;:|/&][^@]*@/
// eslint-disable-next-line regexp/no-super-linear-backtracking -- at most 254 characters
const withName = /<[^<>]*@[^<>]*>/

/**
 * Reads an e-mail address. Blanks, invisible characters and a spreadsheet's leading apostrophe are removed; an
 * internationalised domain takes its ASCII form, which every provider can send to. What is before the `@` must be
 * ASCII: no provider says that it takes anything else.
 */
export function readEmail(raw: string): EmailResult {
  if (isPlainEmail(raw)) return { email: raw, normalized: false }
  if (isLongerThan(raw, contactLimits.email)) return tooLong
  const text = trimInvisible(trimInvisible(raw).replace(/^'/, '')).replace(ignorable, '')
  const email = printableAscii.test(text) ? text : withAsciiDomain(text)
  if (email !== undefined && !email.startsWith('"') && isEmail(email, options))
    return { email, normalized: email !== raw }
  return refusalOf(text)
}

/** True for an address that the library takes as it stands. False says nothing. */
export function isPlainEmail(text: string): boolean {
  return text.length <= longestPlain && plainForm.test(text)
}

function withAsciiDomain(text: string): string | undefined {
  const at = text.lastIndexOf('@')
  const domain = text.slice(at + 1)
  if (at < 1 || foreignToDomain.test(domain)) return undefined
  const ascii = domainToASCII(domain)
  return ascii === '' ? undefined : `${text.slice(0, at)}@${ascii}`
}

function refusalOf(text: string): EmailResult {
  if (withName.test(text)) return named
  if (betweenAddresses.test(text)) return several
  const at = text.lastIndexOf('@')
  if (at > 0 && !printableAscii.test(text.slice(0, at))) return internationalName
  if (at > longestLocalPart || text.length > contactLimits.email) return tooLong
  return noAddress
}

function invalid(detail: string): EmailResult {
  return { code: 'email_invalid', detail }
}

const noAddress = invalid('This is no e-mail address. Write it as name@domain.example.')
const named = invalid('A name stands beside the e-mail address. Give the address alone, without < and >.')
const several = invalid(
  'There are several e-mail addresses in this value. Give one address, and make contacts of the others.',
)
const internationalName = invalid(
  'What is before the @ has characters other than ASCII, which the providers do not say they take. Give an address in ASCII.',
)
const tooLong = invalid(
  `This e-mail address is too long: ${longestLocalPart} characters before the @ and ${contactLimits.email} in all are the most. Check it.`,
)
