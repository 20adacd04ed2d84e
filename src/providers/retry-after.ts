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
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), longestWaitMs)
}
