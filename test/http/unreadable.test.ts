import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStoreKey } from '../../src/config/store-key.ts'
import { freshKey } from '../support/contact-source.ts'
import { importWhole, upload } from '../support/import-calls.ts'
import { startRedis } from '../support/redis.ts'
import type { RunningRedis } from '../support/redis-server.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

/** What lies in the store was changed by somebody. */
const storeKey = createStoreKey()
const contact = { name: 'Jane Smith', email: 'jane@example.com', phone: '+919876543210' }
const csv = 'name,email,phone\nJane,jane@example.com,+919876543210\nBad,bad@example.com,12\n'
let redis: RunningRedis
let admin: Redis
let gateway: TestGateway

beforeAll(async () => {
  redis = await startRedis()
  admin = new Redis(redis.url)
  gateway = await startGateway({ env: { REDIS_URL: redis.url, STORE_KEY: storeKey, METRICS_PORT: '0' } })
})
afterAll(async () => {
  await gateway?.close()
  admin?.disconnect()
  await redis?.stop()
})

const spoilt = (bytes: Buffer) => Buffer.from(bytes).fill((bytes.at(-1) as number) ^ 1, bytes.length - 1)
const unreadable = async () => {
  const text = await (await fetch(gateway.metricsUrl as string)).text()
  return Object.fromEntries(
    [...text.matchAll(/^contact_gateway_stored_data_unreadable_total\{kind="(\w+)"\} (\d+)$/gm)].map(
      ([, kind, count]) => [kind, Number(count)],
    ),
  )
}
const spoilField = async (key: string, field: string, spoil: (bytes: Buffer) => Buffer) =>
  admin.hset(key, field, spoil((await admin.hgetBuffer(key, field)) as Buffer))

test('an answer that was changed is not sent, and its request is not done again: 500 with what it is', async () => {
  const request = { body: { contacts: [contact] }, headers: { 'idempotency-key': freshKey() } }
  const first = await gateway.call('POST', '/lists/newsletter/contacts', request)
  expect(first.status).toBe(207)
  const [name = ''] = await admin.keys('cgw:*:answer')
  await admin.set(name, spoilt((await admin.getBuffer(name)) as Buffer), 'KEEPTTL')
  const { oblic, octopush, vobiz } = gateway.simulators
  const sent = () => [oblic, octopush, vobiz].map((simulator) => simulator.requests().length)
  const before = sent()
  const again = await gateway.call('POST', '/lists/newsletter/contacts', request)
  expect([again.status, again.body.code]).toEqual([500, 'internal'])
  expect(again.body.detail).toContain('cannot be opened, and nothing was sent')
  expect(sent()).toEqual(before)
  expect(await unreadable()).toEqual({ answer: 1 })
})

test('an import whose record or report was changed is told as that, and the others are served', async () => {
  const [one, other] = [await importWhole(gateway, { csv }), await importWhole(gateway, { csv })]
  const keyOf = (id: string, part: string) => `cgw:import:{${id}}:${part}`
  const [report = ''] = (await admin.hkeys(keyOf(one.id, 'reports'))).filter((field) => field.split(':').length === 3)
  await spoilField(keyOf(one.id, 'reports'), report, spoilt)
  const errors = await gateway.call('GET', `/imports/${one.id}/errors`)
  expect([errors.status, errors.body.code]).toEqual([500, 'internal'])
  const swap = (bytes: Buffer) => {
    const record = JSON.parse(String(bytes))
    return Buffer.from(JSON.stringify({ ...record, options: `${record.options.slice(0, -8)}AAAAAAA=` }))
  }
  await spoilField(keyOf(one.id, 'record'), 'r', swap)
  expect((await gateway.call('GET', `/imports/${one.id}`)).status).toBe(500)
  expect((await gateway.call('GET', `/imports/${other.id}`)).status).toBe(200)
  expect((await gateway.call('GET', `/imports/${other.id}/errors`)).body.items.length).toBeGreaterThan(0)
  expect(await unreadable()).toMatchObject({ report: 1, import: 1 })
})

test('a block that was changed is not sent, the log says of which account, and the process goes on', async () => {
  const { oblic } = gateway.simulators
  oblic.reset()
  // Nothing is sent before the block is changed: the process that takes it in works off none.
  const intake = await startGateway({ env: { REDIS_URL: redis.url, STORE_KEY: storeKey, ROLE: 'api' } })
  await gateway.close()
  const accepted = await upload(intake, { csv })
  expect(accepted.status).toBe(202)
  await intake.close()
  await spoilField(`cgw:import:{${accepted.body.id}}:blocks`, '0', spoilt)
  gateway = await startGateway({ env: { REDIS_URL: redis.url, STORE_KEY: storeKey, METRICS_PORT: '0' } })
  await expect.poll(async () => (await unreadable()).block ?? 0).toBeGreaterThan(0)
  const state = await gateway.call('GET', `/imports/${accepted.body.id}`)
  expect(state.body).toMatchObject({ status: 'running', progress: { 'oblic-main': { pending: 2 } } })
  expect(gateway.simulators.oblic.counts().total).toBe(0)
  const lines = gateway.logged()
  expect(lines).toContain('"event":"unreadable","kind":"block","reason":"damaged"')
  expect(lines).toContain('a batch of an import is tried again')
  for (const secret of [storeKey, 'jane@example.com', '9876543210']) expect(lines).not.toContain(secret)
  expect((await gateway.call('GET', '/readyz', { key: null })).status).toBe(200)
})
