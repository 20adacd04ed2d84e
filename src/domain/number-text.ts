import { ignorable } from './tidy-text.ts'

const printableAscii = /^[ -~]*$/
/** Superscripts, numbers in circles, fractions: made into digits, they would lengthen the number that they stand beside. */
const otherNumerals = /\p{No}/u
const breakOrControl = /[\p{Cc}\u2028\u2029]/u
const blankRun = /[\s\p{Cc}]+/gu
/** Every kind of dash; the sound mark is how they are typed in Japanese. */
const dashes = /[\p{Pd}\u2212\u30fc]/gu
const arabicDigits = /[\u0660-\u0669\u06f0-\u06f9]/g
const lowestFourBits = 0xf
const beforePlus = /^[()[\]./\s-]+(?=\+)/

/**
 * A written number without what does not belong to it: full-width forms and Arabic digits as ASCII, dashes as `-`, no
 * invisible characters, no spreadsheet's apostrophe, no `tel:`. A line break stands where there was one, a tab, a
 * control character or several blanks: two numbers may meet there.
 */
export function tidyNumberText(raw: string): string {
  const text = printableAscii.test(raw) ? raw.replace(/ {2,}/g, '\n') : inAscii(raw)
  return text
    .trim()
    .replace(/^'\s*/, '')
    .replace(/^tel:\s*/i, '')
    .replace(beforePlus, '')
}

function inAscii(raw: string): string {
  const text = otherNumerals.test(raw) ? raw : raw.normalize('NFKC')
  return text
    .replace(ignorable, '')
    .replace(dashes, '-')
    .replace(arabicDigits, (digit) => String(digit.charCodeAt(0) & lowestFourBits))
    .replace(blankRun, (run) => (run.length > 1 || breakOrControl.test(run) ? '\n' : ' '))
}

const scientific = /^\+?\d+(?:[.,\u066b]\d+)?e[+-]?\d+$/i
/** `919876543210.0`: with its dot taken away it would be another number. */
const decimal = /^\+?(?:\d{4,}[.,\u066b]\d{1,2}|\d{10,}[.,\u066b]0+)$/
const zeroTail = /\d[.,\u066b]0{1,2}$/
const oneSeparator = /^[^.,\u066b]*[.,\u066b][^.,\u066b]*$/
const inThousands = /^\+?\d{1,3}(?:[\s,.'\u066c]\d{3}){2,}[.,\u066b]\d{1,2}$/
// eslint-disable-next-line regexp/no-super-linear-backtracking -- a number of at most 64 characters
const extension = /\d[\s,.;)-]*(?:,,|ext|extn|extension|xt|x|#|anexo|poste|доб)\W*\d+#?$/iu
const written = /^\+?[\s()[\]./-]*\d[\d\s()[\]./-]*$/

/** What has become of a number that is none any more, or is more than one number. */
export type NumberFlaw = 'scientific' | 'decimal' | 'extension' | 'unreadable'

/** What is wrong with a tidied text whatever its country; `undefined` for one that has the form of a number. */
export function flawOf(text: string): NumberFlaw | undefined {
  if (scientific.test(text.replace(/\s/g, ''))) return 'scientific'
  if (isDecimal(text)) return 'decimal'
  if (extension.test(text)) return 'extension'
  return written.test(text) ? undefined : 'unreadable'
}

function isDecimal(text: string): boolean {
  if (decimal.test(text) || inThousands.test(text)) return true
  return zeroTail.test(text) && oneSeparator.test(text)
}
