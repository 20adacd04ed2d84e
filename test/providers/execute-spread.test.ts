import { describe, expect, test } from 'vitest'
import { RetryPolicy } from '../../src/providers/retry-policy.ts'
import { createRandom } from '../support/random.ts'
import { fullestWindow, mostTogether } from '../support/windows.ts'
import { answer, createAccount } from './execute-account.ts'
import { createManualClock } from './execute-clock.ts'

/** When retries come, in virtual time: what a busy machine adds is not in it. */
const draws = (seed: number) => {
  const random = createRandom(seed)
  return Array.from({ length: 2_000 }, () => random.int(1_000_000) / 1_000_000)
}

describe('the wait before a retry', () => {
  const attempts = [
    [1, 200],
    [2, 400],
    [3, 800],
    [4, 1_600],
    [5, 2_000],
    [9, 2_000],
  ] as const
  test.each(attempts)('after attempt %i is anywhere within %i ms', (attempt, intervalMs) => {
    for (const retryAfterMs of [undefined, 0, 3_000]) {
      const clock = createManualClock(...draws(attempt))
      const waits = Array.from({ length: 1_000 }, () => {
        const failure = { kind: 'rateLimited', ...(retryAfterMs !== undefined && { retryAfterMs }) } as const
        return new RetryPolicy(10, clock).waitMs(failure, attempt, true, 60_000) as number
      })
      const least = retryAfterMs ?? 0
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(least)
      expect(Math.max(...waits)).toBeLessThan(least + intervalMs)
      expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(0.97 * intervalMs)
      expect(fullestWindow(waits, 50)).toBeLessThanOrEqual(mostTogether(1_000, 50, intervalMs))
    }
  })
})

test.each([undefined, '1'])('100 callers that fail together come back apart (Retry-After: %s)', async (retryAfter) => {
  const retries: number[] = []
  const floods = 20
  for (let flood = 0; flood < floods; flood++) {
    const clock = createManualClock(...draws(flood))
    const account = createAccount(clock, () => answer(429, retryAfter), { maxConcurrency: 1_000, retries: 1 })
    await clock.until(Promise.all(Array.from({ length: 100 }, () => account.call())))
    const again = account.sent.slice(100)
    expect(again).toHaveLength(20)
    expect(fullestWindow(again, 50)).toBeLessThanOrEqual(mostTogether(20, 50, 200))
    retries.push(...again)
  }
  expect(fullestWindow(retries, 50)).toBeLessThanOrEqual(mostTogether(20 * floods, 50, 200))
  expect(Math.max(...retries) - Math.min(...retries)).toBeGreaterThan(0.95 * 200)
})
