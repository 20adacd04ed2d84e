import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contactSource, freshKey } from '../support/contact-source.ts'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'
import { leaveHanging } from '../support/leave-hanging.ts'
import { startRedis } from '../support/redis.ts'
import type { RunningRedis } from '../support/redis-server.ts'
import { type Fleet, type Replica, type Reply, startFleet } from '../support/start-fleet.ts'

/**
 * Explanations of a fleet: the replica that answered can explain at once, the others within 2 s; a replica that is killed
 * leaves who takes over its work able to say so; and while the store is away each explains what it has answered itself.
 */
let redis: RunningRedis
let way: FaultProxy
const contacts = contactSource(70_000)
const withinMs = 2_000

beforeAll(async () => {
  redis = await startRedis({ appendOnly: true })
  way = await startFaultProxy(redis.port)
})
afterAll(async () => {
  await way?.close()
  await redis?.stop()
})

const idOf = ({ headers }: Reply) => String(headers['x-request-id'])
const explain = (replica: Replica, id: string) => replica.call('GET', `/requests/${id}`)
const create = (replica: Replica, headers: Record<string, string> = {}, contact = contacts(1)[0]) =>
  replica.call('POST', '/contacts?account=oblic-main', { body: contact, headers })

describe.each(['redis', 'sqlite'] as const)('with %s', (store) => {
  let fleet: Fleet
  let here: Replica
  let there: Replica
  beforeAll(async () => {
    const redisUrl = store === 'redis' ? `redis://127.0.0.1:${way.port}` : undefined
    fleet = await startFleet({
      redisUrl,
      replicas: 2,
      store: { leaseMs: 1_000 },
      accounts: { 'oblic-main': { timeoutMs: 8_000, retries: 0 } },
      ...(redisUrl !== undefined && { env: { ROLE: 'api' } }),
    })
    here = fleet.nth(0)
    there = fleet.nth(1)
  }, 60_000)
  afterAll(() => fleet?.close())

  test('every problem from a provider is explained where it was answered at once, and elsewhere within 2 s', async () => {
    const { oblic } = fleet.simulators
    for (const behaviour of [{ status: 503 }, { status: 401 }, { status: 422 }, { garbage: {} }, { reset: 'before' }]) {
      oblic.setBehaviour(behaviour as object)
      const answer = await create(here)
      const answeredAt = performance.now()
      expect(answer.status).toBeGreaterThanOrEqual(400)
      const [first, missing] = [await explain(here, idOf(answer)), await explain(there, `${idOf(answer)}-none`)]
      expect([first.status, first.body.code, missing.status]).toEqual([200, answer.body.code, 404])
      expect(missing.body.detail).toContain('can take 2 s')
      let found = await explain(there, idOf(answer))
      while (found.status === 404 && performance.now() - answeredAt < withinMs) {
        await sleep(50)
        found = await explain(there, idOf(answer))
      }
      expect(found.body).toEqual(first.body)
    }
    oblic.reset()
  })

  test('who takes over the work of a replica that was killed says whose it was, and that it was not sent twice', async () => {
    const { oblic } = fleet.simulators
    const victim = await fleet.start()
    const [key, [contact], id] = [freshKey(), contacts(1), `killed-${store}-request`]
    oblic.setBehaviour({ hang: 'before' })
    const sent = oblic.waitForRequest((request) => JSON.stringify(request.body).includes(contact?.email ?? ''))
    const { ended } = await leaveHanging(
      () => create(victim, { 'idempotency-key': key, 'x-request-id': id }, contact),
      [sent],
    )
    await victim.kill()
    expect(await ended).toBeInstanceOf(Error)
    oblic.reset()
    let again = await create(there, { 'idempotency-key': key, prefer: 'explain' }, contact)
    while (again.status === 409) {
      await sleep(200)
      again = await create(there, { 'idempotency-key': key, prefer: 'explain' }, contact)
    }
    const { body } = await explain(there, idOf(again))
    expect(body.idempotency).toMatchObject({ result: 'taken_over', firstRequest: id })
    expect(body.explanation.slice(0, 2)).toEqual([
      `It took over from request ${id}, which ended without an answer.`,
      expect.stringMatching(/^What it may have sent is not known: .* left in doubt otherwise\.$/),
    ])
    // Oblic can be neither asked nor told twice.
    expect(again.body.code).toBe('outcome-unknown')
    expect(body.accounts.flatMap(({ calls }: { calls: unknown[] }) => calls)).toEqual([])
  })

  // The embedded store is not away while its process lives.
  if (store !== 'redis') return
  test('while the store is away a replica explains what it has answered, and the others once it is back', async () => {
    await way.set({ way: 'refuse' })
    const refused = await create(here, { 'idempotency-key': freshKey() })
    expect([refused.status, refused.body.code]).toEqual([503, 'idempotency-unavailable'])
    const { status, body } = await explain(here, idOf(refused))
    expect([status, body.idempotency.result]).toEqual([200, 'refused'])
    expect(body.accounts).toMatchObject([{ outcomes: { failed: 1 }, calls: [] }])
    expect(body.explanation).toContain('The store of idempotency keys could not be reached.')
    expect((await explain(there, idOf(refused))).body.code).toBe('store-unavailable')
    await way.set()
    await expect.poll(async () => (await explain(there, idOf(refused))).status, { timeout: 10_000 }).toBe(200)
    expect((await explain(there, idOf(refused))).body).toMatchObject({ code: 'idempotency-unavailable', sameId: 1 })
  }, 60_000)
})
