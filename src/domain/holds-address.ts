import { ignorable } from './tidy-text.ts'

const emailLike = /[^\s@]@[^\s@]/u
/** Dates, times and UUIDs are full of digits, and nobody's number. */
const noNumbers =
  /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?\b|\b\d{1,2}[./]\d{1,2}[./]\d{4}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi
/** What stands between the digits of a number that is written in groups. */
const separators = /[\s().\u2010-\u2015/-]/gu
const numberLike = /\+\p{Nd}{7}|\p{Nd}{8}/u

/** Whether a text that people write may hold somebody's address: an e-mail address, or what looks like a phone number. */
export function holdsAddress(text: string): boolean {
  const plain = text.normalize('NFKC').replace(ignorable, '')
  return emailLike.test(plain) || numberLike.test(plain.replace(noNumbers, 'x').replace(separators, ''))
}
