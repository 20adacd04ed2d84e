import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CountedWay, countWaits } from '../support/count-waits.ts'
import { startRedis } from '../support/redis.ts'
import type { RunningRedis } from '../support/redis-server.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

/** How often a request waits for Redis, since who is suppressed is looked up beside what else is asked. */
let redis: RunningRedis
let way: CountedWay
let gateway: TestGateway

beforeAll(async () => {
  redis = await startRedis()
  way = await countWaits(redis.port)
  const crm = { scopes: ['contacts:write', 'suppressions:write'] }
  gateway = await startGateway({
    clients: { crm },
    env: { REDIS_URL: `redis://127.0.0.1:${way.port}`, ROLE: 'api' },
  })
  // Scripts are loaded, and whatever begins with the first request has begun.
  await add(people(1), randomUUID())
  await sleep(300)
})
afterAll(async () => {
  await gateway?.close()
  await way?.close()
  await redis?.stop()
})

let serial = 0
const people = (count: number) =>
  Array.from({ length: count }, () => ({ name: 'Jane', phone: `+336${40_000_000 + serial++}` }))
const add = (contacts: readonly object[], key?: string) =>
  gateway.call('POST', '/lists/sms/contacts', {
    body: { contacts },
    headers: key === undefined ? {} : { 'idempotency-key': key },
  })
/** The least of three times: what the gateway asks for itself now and then comes on top. */
const waitsOf = async (work: () => Promise<{ readonly status: number }>) => {
  const counts: number[] = []
  for (let time = 0; time < 3; time++) {
    await sleep(100)
    way.waits()
    expect((await work()).status).toBe(207)
    counts.push(way.waits())
  }
  return Math.min(...counts)
}

test('one contact under a key waits for the claim, beside which it is looked up, and for its answer to be stored', async () => {
  expect(await waitsOf(() => add(people(1), randomUUID()))).toBe(2)
})

test('one contact without a key waits once', async () => {
  expect(await waitsOf(() => add(people(1)))).toBe(1)
})

test('a batch of a thousand under a key waits at most once more than one contact', async () => {
  expect(await waitsOf(() => add(people(1_000), randomUUID()))).toBeLessThanOrEqual(3)
})
