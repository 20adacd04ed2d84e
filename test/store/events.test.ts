import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Delivery } from '../../src/services/event-store-port.ts'
import { openStore } from '../../src/store/open-store.ts'
import { describeEventStore } from '../conformance/event-store.ts'
import { startRedis } from '../support/redis.ts'
import type { RunningRedis } from '../support/redis-server.ts'
import { testKeys } from '../support/sealed.ts'

let redis: RunningRedis
let admin: Redis
beforeAll(async () => {
  redis = await startRedis()
  admin = new Redis(redis.url)
})
afterAll(async () => {
  admin.disconnect()
  await redis.stop()
})

const sorts = [
  ['', []],
  [', with a key', testKeys],
] as const

for (const [sort, keys] of sorts) {
  describeEventStore(`redis${sort}`, async () => {
    await admin.flushall()
    const open = () => openStore({ redisUrl: redis.url, dataDir: '', keys })
    const [store, second] = await Promise.all([open(), open()])
    return {
      store,
      another: async () => second,
      close: async () => {
        await Promise.all([store.close(), second.close()])
      },
    }
  })

  describeEventStore(`sqlite, a file${sort}`, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'contact-gateway-store-'))
    const open = () => openStore({ dataDir, keys })
    const [store, second] = [await open(), await open()]
    return {
      store,
      another: async () => second,
      close: async () => {
        await Promise.all([store.close(), second.close()])
        rmSync(dataDir, { recursive: true })
      },
    }
  })
}

test('an event whose key is gone is given up, and hides no other one', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'contact-gateway-store-'))
  const [first, second] = testKeys as [Buffer, Buffer]
  onTestFinished(() => rmSync(dataDir, { recursive: true }))
  const now = Date.now()
  const delivery: Delivery = {
    id: 'a',
    eventId: 'e',
    client: 'crm',
    endpoint: 'one',
    type: 'test',
    createdAt: now,
    state: 'pending',
    tries: 0,
    nextTryAt: now,
  }
  const before = await openStore({ dataDir, keys: [first, second] })
  await before.events.add('crm', [{ delivery, payload: { body: '{"first":1}' } }], now)
  await before.close()
  const rotated = await openStore({ dataDir, keys: [second, first] })
  await rotated.idempotency.release('nothing', 'nobody')
  const later = { ...delivery, id: 'b', createdAt: now + 1 }
  await rotated.events.add('crm', [{ delivery: later, payload: { body: '{"second":2}' } }], now)
  await rotated.close()
  const after = await openStore({ dataDir, keys: [second] })
  onTestFinished(() => after.close())
  const { items } = await after.events.page('crm', { limit: 10 })
  expect(items.map(({ payload }) => payload.body)).toEqual(['{"second":2}', 'null'])
  const sent: string[] = []
  const worker = after.events.work(
    { id: 'one', client: 'crm' },
    async (one, body) => {
      sent.push(body)
      return { ...one, state: 'delivered', endedAt: now }
    },
    { concurrency: 4, leaseMs: 1_000, onError: () => {} },
  )
  await expect
    .poll(async () => (await after.events.get('crm', 'a'))?.delivery)
    .toMatchObject({ lastFailure: 'unreadable' })
  await expect.poll(() => sent).toEqual(['{"second":2}'])
  await worker.close()
})
