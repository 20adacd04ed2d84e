import { words } from './words/words.js'

/** Numbers and times as the reader's browser writes them. */
const locales = [...navigator.languages]
const plain = new Intl.NumberFormat(locales)
const short = new Intl.NumberFormat(locales, { maximumFractionDigits: 1 })
const shares = new Intl.NumberFormat(locales, { style: 'percent', maximumFractionDigits: 1 })
const moments = new Intl.DateTimeFormat(locales, { dateStyle: 'medium', timeStyle: 'short' })
const days = new Intl.DateTimeFormat(locales, { dateStyle: 'long' })
const clock = new Intl.DateTimeFormat(locales, { timeStyle: 'medium' })

/** @param {number} value */
export const number = (value) => plain.format(value)

/** @param {number} value */
export const share = (value) => shares.format(value)

/** @param {string | number} at */
export const moment = (at) => moments.format(new Date(at))

/** @param {string | number} at */
export const day = (at) => days.format(new Date(at))

/** @param {string | number} at */
export const timeOfDay = (at) => clock.format(new Date(at))

/** @param {number} bytes */
export function size(bytes) {
  const { kilobytes, megabytes } = words.value.units
  return bytes < 1_000_000
    ? kilobytes(plain.format(Math.ceil(bytes / 1024)))
    : megabytes(short.format(bytes / 1_048_576))
}

/** @param {number} seconds */
export function duration(seconds) {
  const { secondsText, minutesText, hoursText } = words.value.units
  if (seconds < 90) return secondsText(plain.format(Math.ceil(seconds)))
  if (seconds < 5400) return minutesText(plain.format(Math.round(seconds / 60)))
  return hoursText(short.format(seconds / 3600))
}

/** @param {number} ms */
export function milliseconds(ms) {
  const { msText, secondsText } = words.value.units
  return ms < 1000 ? msText(plain.format(Math.round(ms))) : secondsText(short.format(ms / 1000))
}

/**
 * Countries as the page's language calls them, in its order.
 * @param {readonly string[]} codes
 * @param {string} language
 */
export function countryNames(codes, language) {
  const names = new Intl.DisplayNames([language], { type: 'region' })
  const { compare } = new Intl.Collator(language)
  return codes
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((one, other) => compare(one.name, other.name))
}
