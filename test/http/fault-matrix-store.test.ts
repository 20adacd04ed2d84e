import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { contactSource, freshKey } from '../support/contact-source.ts'
import { type FaultProxy, type ProxyRule, startFaultProxy } from '../support/fault-proxy.ts'
import { sharedRedisUrl } from '../support/redis.ts'
import { type Answer, startGateway, type TestGateway } from '../support/start-gateway.ts'

/**
 * The way to Redis misbehaves. A write with a key is refused with nothing sent, or done once; a write without a key never
 * needs Redis; and when the way is good again the key works soon, however its claim ended.
 */
let way: FaultProxy
let gateway: TestGateway
const contacts = contactSource(40_000)

beforeAll(async () => {
  way = await startFaultProxy(Number(new URL(sharedRedisUrl()).port))
  gateway = await startGateway({
    env: { REDIS_URL: `redis://127.0.0.1:${way.port}`, ROLE: 'api' },
    store: { leaseMs: 2_000 },
  })
})
afterEach(async () => {
  await way.set()
  await expect.poll(async () => (await gateway.call('GET', '/readyz')).status, { timeout: 10_000 }).toBe(200)
})
afterAll(async () => {
  await gateway?.close()
  await way?.close()
})

const sends = () => gateway.simulators.oblic.counts().sends ?? 0
const add = (contact: unknown, key?: string): Promise<Answer> =>
  gateway.call('POST', '/lists/newsletter/contacts', {
    body: { contacts: [contact] },
    headers: key === undefined ? {} : { 'idempotency-key': key },
  })

const refusing: [name: string, rule: ProxyRule][] = [
  ['nobody listens', { way: 'refuse' }],
  ['commands are cut off before they arrive', { way: 'reset-before' }],
  ['commands are cut off after they were done', { way: 'reset-after' }],
  ['the answer breaks off', { way: 'cut', after: 3 }],
  ['commands never arrive', { way: 'stall-before' }],
  ['commands are done and never answered', { way: 'stall-after' }],
  ['each answer takes longer than anybody waits', { way: 'latency', ms: 1_500 }],
]

describe('with the way to Redis such that', () => {
  test.each(refusing)('%s', { timeout: 30_000 }, async (_name, rule) => {
    await way.set(rule)
    const [key, [keyed, bare]] = [freshKey(), contacts(2)]
    const before = sends()
    const refused = await add(keyed, key)
    expect([refused.status, refused.body.code, refused.body.retriable]).toEqual([503, 'idempotency-unavailable', true])
    expect(sends()).toBe(before)
    // Nobody knows who is suppressed.
    const alike = await add(bare)
    expect([alike.status, alike.body.code, alike.body.retriable]).toEqual([503, 'store-unavailable', true])
    expect(sends()).toBe(before)

    await way.set()
    await expect.poll(async () => (await add(keyed, key)).status, { timeout: 10_000 }).toBe(207)
    const again = await add(keyed, key)
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([207, 'true'])
    expect(again.body.summary.outcomes).toEqual({ accepted: 1, created: 2 })
    expect(sends()).toBe(before + 1)
  })

  test.each<[name: string, rule: ProxyRule]>([
    ['every command takes 40 ms more', { way: 'latency', ms: 40 }],
    ['answers come in drops', { way: 'drip', bytes: 64, everyMs: 10 }],
  ])('%s: it is done all the same, once', async (_name, rule) => {
    await way.set(rule)
    const [key, [contact]] = [freshKey(), contacts(1)]
    const before = sends()
    const [first, second] = [await add(contact, key), await add(contact, key)]
    expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([207, 207, 'true'])
    expect(second.text).toBe(first.text)
    expect(sends()).toBe(before + 1)
  })
})
