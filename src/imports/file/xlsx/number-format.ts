/** How numbers of a style are shown, as far as it matters for a value. */
export type NumberFormat =
  | { readonly kind: 'plain' }
  | { readonly kind: 'date' | 'time' | 'duration' }
  /** Digits alone, with a sign in front if need be: `0000000000`, `+0`. */
  | { readonly kind: 'digits'; readonly prefix: string; readonly least: number }

export const plainFormat: NumberFormat = { kind: 'plain' }

/**
 * The formats that need not be written down, by number (ECMA-376, 18.8.30): dates, among them those of East Asian editions.
 */
export function builtInFormat(id: number): NumberFormat {
  if (id === 46) return { kind: 'duration' }
  if ((id >= 18 && id <= 21) || id === 45 || id === 47) return { kind: 'time' }
  const isDate = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)
  return isDate ? { kind: 'date' } : plainFormat
}

/** Quoted and escaped text, filling, colours, currencies and locales: all that stands for itself. */
const literal = /"[^"]*"|\\.|_.|\*./gs
const bracketed = /\[[^[\]]*\]/g
const elapsed = /\[(?:h+|m+|s+)\]/i
/** What stands between digits to be read more easily, as in `0#" "##" "##" "##" "##`. */
const spacing = /"[ -]"|\\[ -]|[ -]/g
const digitsAlone = /^(?:"(\+)"|\\?(\+))?([#0]+)$/

/** What the code of a format means: its first section, which is that of positive numbers. */
export function formatOfCode(code: string): NumberFormat {
  const bare = code.replace(literal, '')
  const [section = ''] = bare.split(';')
  if (elapsed.test(section)) return { kind: 'duration' }
  const words = section.replace(bracketed, '')
  // General is a word, and E+ belongs to an exponent.
  const letters = /^general$/i.test(words.trim()) ? '' : words.replace(/E[+-]/g, '').replace(/am\/pm|a\/p/gi, 'h')
  if (/[yd]|g?e|bb/i.test(letters)) return { kind: 'date' }
  if (/[hs]/i.test(letters)) return { kind: 'time' }
  if (/m/i.test(letters)) return { kind: 'date' }
  return digitsFormat(code) ?? plainFormat
}

function digitsFormat(code: string): NumberFormat | undefined {
  const match = digitsAlone.exec(code.replace(spacing, ''))
  if (match === null) return undefined
  const [, quotedSign, sign, places = ''] = match
  const prefix = quotedSign ?? sign ?? ''
  // From the first 0 on a digit stands at each place.
  const least = places.includes('0') ? places.length - places.indexOf('0') : 0
  return prefix === '' && least < 2 ? undefined : { kind: 'digits', prefix, least }
}

const writtenNumber = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i
const writtenInteger = /^(?:0|-?[1-9]\d*)$/

/** A stored number as text, as its format means it. `undefined`: it is none. */
export function numberText(stored: string, format: NumberFormat, is1904: boolean): string | undefined {
  const text = stored.trim()
  if (!writtenNumber.test(text)) return undefined
  const value = Number(text)
  if (!Number.isFinite(value)) return undefined
  const shown = format.kind === 'plain' ? undefined : shownNumber(value, format, is1904)
  // Programs other than spreadsheets write more digits than a number of ours can hold.
  return shown ?? (writtenInteger.test(text) ? text : plainNumber(value))
}

function shownNumber(value: number, format: Exclude<NumberFormat, { kind: 'plain' }>, is1904: boolean) {
  return format.kind === 'digits' ? withDigits(value, format) : dateText(value, format.kind, is1904)
}

/** What spreadsheets keep of a number. */
const significantDigits = 15

/** Never with an exponent; without what binary fractions add behind the 15th digit. */
export function plainNumber(value: number): string {
  if (Number.isInteger(value)) return String(BigInt(value))
  const [digits = '', exponent] = String(Number(value.toPrecision(significantDigits))).split('e-')
  if (exponent === undefined) return digits
  const [sign = '', whole = '', fraction = ''] = /^(-?)(\d)(?:\.(\d+))?$/.exec(digits)?.slice(1) ?? []
  return `${sign}0.${'0'.repeat(Number(exponent) - 1)}${whole}${fraction}`
}

function withDigits(value: number, { prefix, least }: NumberFormat & { kind: 'digits' }): string | undefined {
  return Number.isSafeInteger(value) && value >= 0 ? prefix + String(value).padStart(least, '0') : undefined
}

const dayMs = 86_400_000
const daySeconds = 86_400
/** 9999-12-31, the last one that spreadsheets know. */
const lastDay = 2_958_465
/** Days from the beginning of the 1900 system to that of the other one. */
const from1900To1904 = 1_462
/** The 1900 system has a 29th of February 1900. */
const leapDayThatWasNot = 60

/** In ISO 8601, without a zone, since there is none; `undefined` beyond what can be a date. */
function dateText(value: number, kind: 'date' | 'time' | 'duration', is1904: boolean): string | undefined {
  const seconds = Math.round(value * daySeconds)
  if (seconds < 0) return undefined
  const day = Math.floor(seconds / daySeconds)
  if (kind === 'duration' && day <= lastDay) return clock(seconds)
  if (kind === 'time' && day === 0) return clock(seconds)
  const serial = is1904 ? day + from1900To1904 : day
  if (serial < 1 || serial > lastDay) return undefined
  const date = dayText(serial)
  return seconds % daySeconds === 0 ? date : `${date}T${clock(seconds % daySeconds)}`
}

function dayText(serial: number): string {
  if (serial === leapDayThatWasNot) return '1900-02-29'
  const sinceEpoch = serial < leapDayThatWasNot ? serial : serial - 1
  return new Date(Date.UTC(1899, 11, 31) + sinceEpoch * dayMs).toISOString().slice(0, 10)
}

function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}
