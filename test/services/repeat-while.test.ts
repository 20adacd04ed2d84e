import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { repeatWhile } from '../../src/services/idempotency/repeat-while.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('what has nothing to do wakes nobody; what has is repeated until it has no more, and again later', () => {
  let left = 0
  let times = 0
  const repeating = repeatWhile(
    () => left > 0,
    500,
    () => {
      times++
      left--
    },
  )
  expect(vi.getTimerCount()).toBe(0)
  for (const work of [3, 1]) {
    times = 0
    left = work
    repeating.wake()
    repeating.wake()
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(10_000)
    expect(times).toBe(work)
    expect(vi.getTimerCount()).toBe(0)
  }
  left = 1
  repeating.wake()
  repeating.close()
  vi.advanceTimersByTime(10_000)
  expect([left, vi.getTimerCount()]).toEqual([1, 0])
})
