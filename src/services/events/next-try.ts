const [secondMs, minuteMs, hourMs] = [1_000, 60_000, 3_600_000]

/** The pauses between tries: after the last one an event is given up. */
export const pausesMs: readonly number[] = [
  5 * secondMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
]
/** Longer by up to this share, so that what failed together does not come back together. */
const jitter = 0.1
const longestAskedMs = 24 * hourMs

/**
 * How long to wait after so many tries (from 1) have failed; `undefined`: it is given up. A `Retry-After` counts where it asks
 * for a longer time, up to a day. `chance`: 0 … 1.
 */
export function pauseAfter(
  tries: number,
  retryAfter: string | undefined,
  now: number,
  chance: number,
): number | undefined {
  const pause = pausesMs[tries - 1]
  if (pause === undefined) return undefined
  return Math.round(Math.max(pause * (1 + jitter * chance), askedMs(retryAfter, now)))
}

/** Seconds, or an HTTP date. */
function askedMs(header: string | undefined, now: number): number {
  const text = header?.trim() ?? ''
  const wait = /^\d{1,9}$/.test(text) ? Number(text) * secondMs : /^[A-Za-z]{3}/.test(text) ? Date.parse(text) - now : 0
  return Number.isNaN(wait) ? 0 : Math.min(longestAskedMs, Math.max(0, wait))
}
