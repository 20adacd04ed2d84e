import { randomUUID } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { openRedisLimits, type SharedLimits } from '../../src/store/redis/shared-limits.ts'
import { sharedRedisUrl, startRedis } from '../support/redis.ts'
import { startTurnClock } from '../support/turn-clock.ts'

const opened: SharedLimits[] = []
afterEach(async () => {
  for (const limits of opened.splice(0)) await limits.close()
})

function open(url = sharedRedisUrl()): SharedLimits {
  const limits = openRedisLimits(url)
  opened.push(limits)
  return limits
}

test('replicas count together, and the window of the first count ends for all', async () => {
  const key = randomUUID()
  const [one, two] = [open(), open()]
  expect(await one.counts.add(key, 3, 500)).toEqual({ total: 3, msLeft: 500 })
  const second = await two.counts.add(key, 2, 60_000)
  expect(second.total).toBe(5)
  expect(second.msLeft).toBeLessThanOrEqual(500)
  await expect.poll(async () => (await one.counts.add(key, 0, 1)).total).toBe(0)
})

test('many counts at once are all counted', async () => {
  const key = randomUUID()
  const replicas = [open(), open(), open()]
  await Promise.all(Array.from({ length: 300 }, (_, index) => replicas[index % 3]?.counts.add(key, 1, 60_000)))
  expect((await open().counts.add(key, 0, 60_000)).total).toBe(300)
})

test('replicas that book at the same time never get more than the pace in any period', async () => {
  const account = randomUUID()
  const [calls, periodMs] = [5, 200]
  const replicas = Array.from({ length: 3 }, () => open().pace(account, calls, periodMs))
  const moments: number[] = []
  const startedAt = performance.now()
  await Promise.all(
    replicas.map(async (replica) => {
      for (let booked = 0; booked < 12; ) {
        const { count, waitMs } = await replica.book(4)
        const at = performance.now() + waitMs
        for (let call = 0; call < count; call++) moments.push(at)
        booked += count
        await new Promise((resolve) => setTimeout(resolve, waitMs))
      }
    }),
  )
  moments.sort((a, b) => a - b)
  // The times of three connections are only as exact as their round trips.
  for (let index = calls; index < moments.length; index++)
    expect((moments[index] as number) - (moments[index - calls] as number)).toBeGreaterThan(periodMs - 50)
  expect((moments.at(-1) as number) - startedAt).toBeLessThan((moments.length / calls + 1) * periodMs)
})

test('a lone caller may go at once, as often as a period allows', async () => {
  const pace = open().pace(randomUUID(), 3, 10_000)
  expect(await pace.book(2)).toEqual({ count: 2, waitMs: 0 })
  expect(await pace.book(2)).toEqual({ count: 1, waitMs: 0 })
  const next = await pace.book(1)
  expect(next.count).toBe(1)
  expect(next.waitMs).toBeGreaterThan(9_000)
})

test('both fail within a second while Redis is away', async () => {
  const server = await startRedis()
  const limits = open(server.url)
  await limits.counts.add('crm', 1, 1_000)
  await server.stop()
  const clock = startTurnClock()
  await expect(limits.counts.add('crm', 1, 1_000)).rejects.toThrow()
  await expect(limits.pace('acme', 1, 1_000).book(1)).rejects.toThrow()
  expect(clock.stop()).toBeLessThan(2_200)
})
