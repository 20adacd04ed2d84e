import { afterAll, beforeAll, expect, test } from 'vitest'
import { startRedis } from '../support/redis.ts'
import type { RunningRedis } from '../support/redis-server.ts'
import { type Fleet, startFleet } from '../support/start-fleet.ts'

const people = (rows: number) =>
  `email,name,phone\n${Array.from({ length: rows }, (_, at) => `p${at}@example.com,P${at},+91982${String(at).padStart(7, '0')}`).join('\n')}\n`
const form = (csv: string) =>
  `--b\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\n${csv}\r\n--b--\r\n`

let redis: RunningRedis
let fleet: Fleet
beforeAll(async () => {
  redis = await startRedis()
  fleet = await startFleet({
    replicas: 3,
    redisUrl: redis.url,
    limits: { importsPerClient: 5 },
    accounts: { 'oblic-main': { maxConcurrency: 2 } },
    clients: { crm: { scopes: ['imports', 'admin'] }, leaver: {}, stayer: {} },
  })
  fleet.simulators.oblic.setBehaviour({ latencyMs: 400 })
})
afterAll(async () => {
  await fleet?.close()
  await redis?.stop()
})

const upload = (replica: number, client: string, csv: string) =>
  fleet.nth(replica).call('POST', '/lists/mail/imports', {
    raw: form(csv),
    headers: { 'content-type': 'multipart/form-data; boundary=b', authorization: `Bearer ${fleet.keys.get(client)}` },
  })
const statusOf = async (id: string, replica = 0) => (await fleet.nth(replica).call('GET', `/imports/${id}`)).body.status

test('three replicas on one Redis take in no more imports of a client than it may have, however they race', async () => {
  const answers = await Promise.all(Array.from({ length: 30 }, (_, at) => upload(at, 'leaver', people(1_000))))
  const taken = answers.filter(({ status }) => status === 202)
  expect(taken).toHaveLength(5)
  for (const { status, body } of answers)
    if (status !== 202) expect([status, body.code]).toEqual([429, 'too-many-imports'])
  const other = await upload(1, 'stayer', people(300))
  expect(other.status).toBe(202)

  // Whoever works on them hears of it: none sends any further, and the other client's goes on.
  fleet.changeClients(({ leaver: _, ...others }) => others)
  for (const { body } of taken) await expect.poll(() => statusOf(body.id), { timeout: 20_000 }).toBe('canceled')
  await expect.poll(() => statusOf(other.body.id, 2), { timeout: 20_000 }).toBe('completed')
  const sent = fleet.simulators.oblic.counts().sends
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(fleet.simulators.oblic.counts().sends).toBe(sent)
  expect(sent).toBeLessThan(5 * 1_000)
  const told = fleet.replicas.map(({ output }) => output().split('its import is canceled').length - 1)
  expect(told.reduce((sum, count) => sum + count, 0)).toBe(5)
})

test('an operator cancels at one replica what the others work on', async () => {
  const { body } = await upload(0, 'stayer', people(1_000))
  const canceled = await fleet.nth(1).call('POST', `/imports/${body.id}/cancel`)
  expect(canceled.body.status).toBe('canceled')
  expect(await statusOf(body.id, 2)).toBe('canceled')
  const listed = await fleet.nth(2).call('GET', '/imports?client=*&limit=1')
  expect(listed.body.items).toMatchObject([{ id: body.id, client: 'stayer', status: 'canceled' }])
})
