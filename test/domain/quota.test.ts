import { describe, expect, test } from 'vitest'
import { QuotaWindow, type SharedCounts } from '../../src/domain/quota.ts'

const quota = { requests: 5, windowSeconds: 60 }

/** Counts as Redis keeps them, on a clock of the test. */
function createCounts(clock: { now: number }): SharedCounts {
  const windows = new Map<string, { total: number; endsAt: number }>()
  return {
    async add(key, count, windowMs) {
      const known = windows.get(key)
      const window = known && known.endsAt > clock.now ? known : { total: 0, endsAt: clock.now + windowMs }
      window.total += count
      windows.set(key, window)
      return { total: window.total, msLeft: window.endsAt - clock.now }
    },
  }
}

async function exchange(window: QuotaWindow, counts: SharedCounts, now: number): Promise<void> {
  const unshared = window.takeUnshared(now)
  if (unshared !== undefined) window.merge(unshared, await counts.add('crm', unshared.count, unshared.msLeft), now)
}

describe('one replica', () => {
  test('counts down, refuses, and begins anew with the first request after the window', () => {
    const window = new QuotaWindow()
    expect(window.use(quota, 1_000)).toEqual({ allowed: true, remaining: 4, resetSeconds: 60 })
    for (const remaining of [3, 2, 1, 0])
      expect(window.use(quota, 11_000)).toEqual({ allowed: true, remaining, resetSeconds: 50 })
    expect(window.use(quota, 60_999)).toEqual({ allowed: false, remaining: 0, resetSeconds: 1 })
    expect(window.use(quota, 61_000)).toEqual({ allowed: true, remaining: 4, resetSeconds: 60 })
  })

  test('a quota that was changed holds at once', () => {
    const window = new QuotaWindow()
    for (let used = 0; used < 5; used++) window.use(quota, 0)
    expect(window.use({ requests: 10, windowSeconds: 60 }, 0)).toMatchObject({ allowed: true, remaining: 4 })
    expect(window.use({ requests: 2, windowSeconds: 60 }, 0)).toMatchObject({ allowed: false, remaining: 0 })
  })
})

describe('several replicas', () => {
  test('know of each other after an exchange, and their windows end together', async () => {
    const clock = { now: 0 }
    const counts = createCounts(clock)
    const [one, two] = [new QuotaWindow(), new QuotaWindow()]
    one.use(quota, 0)
    one.use(quota, 0)
    await exchange(one, counts, 0)
    clock.now = 30_000
    two.use(quota, 30_000)
    await exchange(two, counts, 30_000)
    expect(two.use(quota, 30_000)).toEqual({ allowed: true, remaining: 1, resetSeconds: 30 })
    one.use(quota, 30_000)
    await exchange(one, counts, 30_000)
    await exchange(two, counts, 30_000)
    expect(two.use(quota, 30_000)).toMatchObject({ allowed: false })
  })

  test('what is used during an exchange is not lost', async () => {
    const clock = { now: 0 }
    const counts = createCounts(clock)
    const window = new QuotaWindow()
    window.use(quota, 0)
    const exchanging = exchange(window, counts, 0)
    window.use(quota, 0)
    await exchanging
    expect(window.use(quota, 0)).toMatchObject({ remaining: 2 })
    await exchange(window, counts, 0)
    expect(await counts.add('crm', 0, 1)).toMatchObject({ total: 3 })
  })

  test('an answer that comes after the window has ended does not touch the next one', () => {
    const window = new QuotaWindow()
    window.use(quota, 0)
    const late = window.takeUnshared(59_000)
    if (late === undefined) throw new Error('nothing to share')
    window.use(quota, 60_000)
    window.merge(late, { total: 500, msLeft: 900 }, 60_001)
    window.giveBack(late)
    expect(window.use(quota, 60_002)).toEqual({ allowed: true, remaining: 3, resetSeconds: 60 })
    expect(window.takeUnshared(60_002)?.count).toBe(2)
  })

  test('what could not be shared is shared later', async () => {
    const window = new QuotaWindow()
    window.use(quota, 0)
    const lost = window.takeUnshared(0)
    if (lost === undefined) throw new Error('nothing to share')
    window.giveBack(lost)
    window.use(quota, 0)
    expect(window.takeUnshared(0)?.count).toBe(2)
    expect(window.takeUnshared(0)).toBeUndefined()
  })
})
