import type { FailureKind } from '../domain/failure.ts'
import type { TransportAnswer } from './account.ts'
import { isRecord } from './reading/coercions.ts'

/** A provider that asks for a longer wait is asked again after this long all the same. */
const longestWaitMs = 3_600_000

/** The oldest of the three forms of an HTTP date names no zone; it is GMT as the others are. */
const asctime = /\d \d{4}$/

/**
 * Reads a `Retry-After` header (RFC 9110: seconds or an HTTP date) as milliseconds from `nowMs` (epoch), clamped to
 * 0..1 h. `undefined` for none and for what is neither, negative seconds included.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  const wait = /^\d+$/.test(text)
    ? Number(text) * 1000
    : /^[A-Za-z]{3}/.test(text)
      ? Date.parse(asctime.test(text) ? `${text} GMT` : text) - nowMs
      : Number.NaN
  return Number.isNaN(wait) ? undefined : clamp(wait)
}

type Answered = Exclude<TransportAnswer, { lost: string }>

/**
 * How long a provider asks to wait, in every form that is known: `Retry-After`; and where it asks for fewer requests, a
 * member of the body, or the time of its next window. In milliseconds, clamped as above; `undefined` where it does not say.
 */
export function askedWaitMs(kind: FailureKind, answer: Answered, body: unknown, nowMs: number): number | undefined {
  const byHeader = retryAfterMs(answer.retryAfter, nowMs)
  if (byHeader !== undefined || kind !== 'rateLimited') return byHeader
  return waitInBody(body, nowMs) ?? resetWaitMs(answer.rateLimitReset, nowMs)
}

const secondsNames = [
  'retry_after',
  'retryAfter',
  'Retry_After',
  'RetryAfter',
  'retry-after',
  'retry_after_seconds',
  'retryAfterSeconds',
  'retry_in',
  'retryIn',
  'retryDelay',
  'retry_delay',
  'reset_in',
  'resetIn',
  'wait_seconds',
] as const
const millisecondsNames = ['retry_after_ms', 'retryAfterMs', 'retryAfterMilliseconds'] as const
/** Members beside the error itself that may hold it. */
const placeNames = ['details', 'meta', 'metadata', 'data', 'parameters', 'rate_limit', 'rateLimit'] as const
const mostPlaces = 20

function waitInBody(body: unknown, nowMs: number): number | undefined {
  const places = placesOf(body)
  for (const place of places) {
    for (const name of secondsNames) {
      const wait = waitOf(place[name], 1000, nowMs)
      if (wait !== undefined) return wait
    }
    for (const name of millisecondsNames) {
      const wait = waitOf(place[name], 1, nowMs)
      if (wait !== undefined) return wait
    }
  }
  for (const { message } of places) {
    const wait = typeof message === 'string' ? waitOf(waitInWords.exec(message)?.[1], 1000, nowMs) : undefined
    if (wait !== undefined) return wait
  }
  return undefined
}

/** "Try again in 7 seconds." */
const waitInWords =
  /\b(?:again|retry|wait)\b[^.\d]{0,20}\b(\d+(?:\.\d+)? ?(?:ms|milliseconds?|s|sec(?:ond)?s?|m|min(?:ute)?s?))\b/i

/** Where a wait may stand, from the outside in. */
function placesOf(body: unknown): readonly Record<string, unknown>[] {
  const places: Record<string, unknown>[] = []
  const look = (value: unknown) => {
    if (Array.isArray(value)) value.slice(0, mostPlaces).forEach(look)
    else if (isRecord(value) && places.length < mostPlaces) places.push(value)
  }
  look(body)
  for (let index = 0; index < places.length; index++) {
    const place = places[index] as Record<string, unknown>
    look(place.errors ?? place.error)
    for (const name of placeNames) look(place[name])
  }
  return places
}

/** A number, or a text: `7`, `7.5`, `7s`, `7 seconds`, `250ms`, a date. */
function waitOf(value: unknown, unitMs: number, nowMs: number): number | undefined {
  if (typeof value === 'number') return value >= 0 ? clamp(value * unitMs) : undefined
  if (typeof value !== 'string') return undefined
  const [, count, unit] =
    /^(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|sec(?:ond)?s?|m|min(?:ute)?s?)?$/i.exec(value.trim()) ?? []
  if (count === undefined) return retryAfterMs(value, nowMs)
  return clamp(Number(count) * (unit === undefined ? unitMs : unitOf(unit)))
}

function unitOf(unit: string): number {
  if (/^(?:ms|milli)/i.test(unit)) return 1
  return /^s/i.test(unit) ? 1_000 : 60_000
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** Larger numbers are no seconds to wait but a time, in seconds or milliseconds of the epoch. */
const firstEpoch = 1e9
const firstEpochMs = 1e12

function resetWaitMs(header: string | undefined, nowMs: number): number | undefined {
  // As a structured field: `"default";r=0;t=30`.
  const text = (/;\s*t=(\d+)/.exec(header ?? '')?.[1] ?? header ?? '').trim()
  if (isoTime.test(text)) return clamp(Date.parse(text) - nowMs)
  if (!/^\d+(?:\.\d+)?$/.test(text)) return waitOf(text, 1000, nowMs)
  const value = Number(text)
  if (value < firstEpoch) return clamp(value * 1000)
  return clamp((value < firstEpochMs ? value * 1000 : value) - nowMs)
}

function clamp(waitMs: number): number {
  return Math.min(Math.max(waitMs, 0), longestWaitMs)
}
