import { ExactNumber } from '../../domain/exact-number.ts'
import type { NoteDrift } from './drift.ts'

/** Date and time, with or without a zone, of which some languages write the name as well. */
const isoForm =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?) ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?(?: UTC)?)?$/i
/** `Sun, 01 Mar 2026 10:00:00 GMT`: the one other form that names its zone. */
const httpForm = /^[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{4} [\d:]+ (?:GMT|UTC|[+-]\d{4})$/
const digits = /^\d{9,19}(?:\.\d+)?$/
/** As ASP.NET wrote times. */
const netForm = /^\/Date\((\d{9,14})(?:[+-]\d{4})?\)\/$/
/** No provider is older: an earlier time is some language's zero. */
const earliest = Date.UTC(1971, 0)
/** A later time is some language's greatest one, or no time at all. */
const latest = Date.UTC(3000, 0)
/** Seconds do not get so far before the year 5000, milliseconds passed it in 1973; so it is with each thousandth of them. */
const firstMillisecond = 1e11

/**
 * A time as a provider shows it, in RFC 3339 and UTC. One without a zone is in UTC; numbers are seconds or milliseconds
 * of the epoch. `undefined` for what is no time, and for the zero times of programming languages (`0001-01-01`, 0).
 */
export function readTime(value: unknown, drift: NoteDrift): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string' && looksUtc(value)) {
    const time = Date.parse(value)
    if (!Number.isNaN(time)) return time >= earliest && time < latest ? value : undefined
  }
  drift('time_form')
  const time = timeOf(value)
  return Number.isNaN(time) || time < earliest || time >= latest ? undefined : new Date(time).toISOString()
}

/** The documented form: `2026-03-01T10:00:00Z`, with or without a fraction. */
function looksUtc(text: string): boolean {
  return text.length >= 20 && text.charCodeAt(text.length - 1) === 90 && text.charCodeAt(10) === 84
}

function timeOf(value: unknown): number {
  if (typeof value === 'number') return timeOfEpoch(value)
  if (typeof value === 'string') return timeOfText(value.trim())
  if (value instanceof ExactNumber) return timeOfText(String(value))
  if (typeof value !== 'object' || value === null) return Number.NaN
  // As PHP and MongoDB write their own objects.
  if ('$date' in value) return timeOf(value.$date)
  if (!('date' in value) || typeof value.date !== 'string') return Number.NaN
  const zone = 'timezone' in value ? String(value.timezone) : 'UTC'
  return timeOfText(`${value.date} ${zone}`)
}

/** In seconds, or in thousandths, millionths or milliardths of them. */
function timeOfEpoch(value: number): number {
  if (value < firstMillisecond) return value * 1000
  if (value < firstMillisecond * 1e3) return value
  return value < firstMillisecond * 1e6 ? value / 1e3 : value / 1e6
}

function timeOfText(text: string): number {
  if (digits.test(text)) return timeOfEpoch(Number(text))
  const ticks = netForm.exec(text)?.[1]
  if (ticks !== undefined) return Number(ticks)
  const [, day, clock = '00:00', zone = 'Z'] = isoForm.exec(text) ?? []
  if (day !== undefined) return Date.parse(`${day}T${clock.replace(',', '.')}${offsetOf(zone)}`)
  return httpForm.test(text) ? Date.parse(text) : Number.NaN
}

/** `+0530` and `+05` as `+05:30` and `+05:00`. */
function offsetOf(zone: string): string {
  if (/^[a-z]/i.test(zone)) return 'Z'
  const plain = zone.replace(':', '')
  return `${plain.slice(0, 3)}:${plain.slice(3) || '00'}`
}
