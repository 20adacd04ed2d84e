import type { NoteDrift } from './drift.ts'

const shortest = 7
const longest = 15
/** Blanks, dots, parentheses and dashes, as people write numbers, and the marks of direction that address books put around them. */
const punctuation = /[\s\u00a0().\-\u2010-\u2015/\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g
/** What links have before a number, and WhatsApp's own ids behind it. */
const scheme = /^(?:tel|whatsapp|sms|callto):(?:\/\/)?|@(?:c\.us|s\.whatsapp\.net)$/gi

/**
 * A phone number as a provider shows it, in E.164 where it can be read so: 7 to 15 digits, with or without a plus, `00` or
 * punctuation. What is no such number is given back as it is; `undefined` for what is no number at all.
 */
export function readShownNumber(value: unknown, drift: NoteDrift): string | undefined {
  if (typeof value !== 'string') {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) return undefined
    drift('number_form')
    return readShownNumber(String(value), drift)
  }
  if (isE164(value)) return value
  const compact = value.replace(scheme, '').replace(punctuation, '').replace(scheme, '')
  const e164 = compact.startsWith('+') ? compact : `+${compact.startsWith('00') ? compact.slice(2) : compact}`
  if (value !== '') drift('phone_form')
  return isE164(e164) ? e164 : value
}

function isE164(text: string): boolean {
  const digits = text.length - 1
  if (digits < shortest || digits > longest || text.charCodeAt(0) !== 43 || text.charCodeAt(1) === 48) return false
  for (let i = 1; i <= digits; i++) {
    const code = text.charCodeAt(i)
    if (code < 48 || code > 57) return false
  }
  return true
}
