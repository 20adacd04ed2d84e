import { afterAll, beforeAll, expect, test } from 'vitest'
import { contactSource } from '../support/contact-source.ts'
import { startRedis } from '../support/redis.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

const contacts = contactSource(80_000)
const wide = { retries: 0, breaker: { failureRate: 1, minimumCalls: 100_000, windowMs: 10_000, openMs: 10_000 } }
const changes = {
  accounts: { 'oblic-main': wide },
  clients: { shop: { accounts: ['vobiz-in'] }, blind: { scopes: ['imports'] } },
}
type Minute = { at: string; calls: Record<string, number>; p95Ms?: number; waiting?: number; breaker?: string }

const create = (gateway: TestGateway) => gateway.call('POST', '/contacts?account=oblic-main', { body: contacts(1)[0] })
const activityOf = async (gateway: TestGateway, account: string, query = ''): Promise<Minute[]> => {
  const { body } = await gateway.call('GET', `/accounts/activity${query}`)
  return body.items.find((item: { account: string }) => item.account === account).minutes
}
const totalOf = (minutes: readonly Minute[]) => {
  const total: Record<string, number> = {}
  for (const { calls } of minutes)
    for (const [result, count] of Object.entries(calls)) total[result] = (total[result] ?? 0) + count
  return total
}

let alone: TestGateway
beforeAll(async () => {
  alone = await startGateway(changes)
})
afterAll(() => alone?.close())

test('a process alone tells its own calls by minute, to who may use the account', async () => {
  const { oblic } = alone.simulators
  await create(alone)
  await create(alone)
  oblic.setBehaviour({ status: 503, times: 1 })
  await create(alone)
  oblic.setBehaviour({ latencyMs: 300, times: 1 })
  await create(alone)
  await expect.poll(async () => totalOf(await activityOf(alone, 'oblic-main'))).toEqual({ ok: 3, unavailable: 1 })
  const minutes = await activityOf(alone, 'oblic-main')
  expect(minutes).toHaveLength(60)
  const begins = minutes.map(({ at }) => Date.parse(at))
  expect(
    begins.every((at, place) => at % 60_000 === 0 && (place === 0 || at - (begins[place - 1] ?? 0) === 60_000)),
  ).toBe(true)
  const slowest = Math.max(...minutes.map(({ p95Ms }) => p95Ms ?? 0))
  expect(slowest).toBeGreaterThan(250)
  expect(slowest).toBeLessThanOrEqual(1_000)
  expect(minutes.at(-1)).toMatchObject({ waiting: 0, breaker: 'closed' })
  expect(minutes[0]).toEqual({ at: minutes[0]?.at, calls: {} })
  expect(await activityOf(alone, 'oblic-main', '?minutes=5')).toHaveLength(5)
  const { items } = (await alone.call('GET', '/accounts/activity', { key: alone.key('shop') })).body
  expect(items.map(({ account }: { account: string }) => account)).toEqual(['vobiz-in'])
  for (const [query, status] of [
    ['?minutes=0', 422],
    ['?minutes=61', 422],
  ] as const)
    expect((await alone.call('GET', `/accounts/activity${query}`)).status).toBe(status)
  expect((await alone.call('GET', '/accounts/activity', { key: alone.key('blind') })).body.code).toBe('scope-missing')
})

test('replicas tell each other: either shows the calls of both, each once', async () => {
  const redis = await startRedis()
  const env = { REDIS_URL: redis.url }
  const [here, there] = [
    await startGateway({ ...changes, env }, alone.simulators),
    await startGateway({ ...changes, env }, alone.simulators),
  ]
  await Promise.all([create(here), create(here), create(there)])
  const seen = (gateway: TestGateway) => async () => totalOf(await activityOf(gateway, 'oblic-main')).ok
  await expect.poll(seen(there), { timeout: 15_000 }).toBeGreaterThanOrEqual(1)
  await expect.poll(seen(here), { timeout: 15_000 }).toBe(3)
  await expect.poll(seen(there), { timeout: 15_000 }).toBe(3)
  await Promise.all([here.close(), there.close()])
  await redis.stop()
})
