import { Redis } from 'ioredis'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import type { openStore } from '../../src/store/open-store.ts'
import { recordKeys } from '../../src/store/redis/idempotency.ts'
import { contactSource, freshKey, type TestContact } from '../support/contact-source.ts'
import { FailingStore, failOnTheWay } from '../support/failing-store.ts'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'
import { startRedis } from '../support/redis.ts'
import { type Answer, startGateway, type TestGateway } from '../support/start-gateway.ts'

/**
 * Keys that another gateway has taken over, or that Redis has lost, while a batch to Oblic goes on: the answer tells what
 * is known, and Oblic receives nothing twice as long as anybody knows of the first time.
 */
const opening = vi.hoisted(() => ({ failing: undefined as FailingStore | undefined }))
vi.mock('../../src/store/open-store.ts', async (actual) => {
  const module = await actual<{ openStore: typeof openStore }>()
  return {
    ...module,
    openStore: async (options: Parameters<typeof openStore>[0]) => {
      const store = await module.openStore(options)
      return opening.failing?.wrap(store) ?? store
    },
  }
})

const contacts = contactSource(4_000_000)
const leaseMs = 1_500

type Start = (failing?: FailingStore, leaseMs?: number) => Promise<TestGateway>

/** A Redis of its own, simulators, and gateways that send five chunks of two to Oblic, one after the other. */
async function prepare(): Promise<{ redis: Redis; way: FaultProxy; oblic: RunningSimulators['oblic']; start: Start }> {
  const server = await startRedis()
  onTestFinished(() => server.stop())
  const redis = new Redis(server.url)
  onTestFinished(() => redis.disconnect())
  const way = await startFaultProxy(Number(new URL(server.url).port))
  onTestFinished(() => way.close())
  const simulators = await startSimulators()
  onTestFinished(() => simulators.close())
  const start: Start = async (failing, lease = leaseMs) => {
    opening.failing = failing
    const gateway = await startGateway(
      {
        accounts: { 'oblic-main': { batchSize: 2, maxConcurrency: 1 } },
        lists: { mail: { targets: [{ account: 'oblic-main', list: 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7' }] } },
        store: { leaseMs: lease },
        env: { ROLE: 'api', REDIS_URL: `redis://127.0.0.1:${way.port}` },
      },
      simulators,
    )
    onTestFinished(() => gateway.close())
    return gateway
  }
  return { redis, way, oblic: simulators.oblic, start }
}

function add(gateway: TestGateway, batch: readonly TestContact[], key: string): Promise<Answer> {
  return gateway.call('POST', '/lists/mail/contacts', {
    body: { contacts: batch },
    headers: { 'idempotency-key': key },
  })
}

/** State and reason of each contact, in their order. */
function statesOf(answer: Answer): string[] {
  if (answer.status !== 207) throw new Error(`${answer.status} ${answer.text}`)
  return answer.body.results.map(
    ({ outcomes: [outcome] }: { outcomes: { status: string; error?: { code: string } }[] }) =>
      outcome?.error === undefined ? outcome?.status : `${outcome.status} ${outcome.error.code}`,
  )
}

const states = (...parts: [count: number, state: string][]) =>
  parts.flatMap(([count, state]) => new Array<string>(count).fill(state))

async function untilAnswered(gateway: TestGateway, batch: readonly TestContact[], key: string): Promise<Answer> {
  let answer: Answer | undefined
  await expect
    .poll(
      async () => {
        answer = await add(gateway, batch, key)
        return answer.status
      },
      { timeout: 15_000, interval: 50 },
    )
    .toBe(207)
  return answer as Answer
}

test('of a key that another gateway took over the first one tells what it knows, and nothing is sent twice', async () => {
  const { oblic, start } = await prepare()
  const gate = Promise.withResolvers<void>()
  // From the third mark on the first gateway hears nothing of Redis, until the second one is done.
  const held = new FailingStore(async (call) => {
    await gate.promise
    return call()
  })
  const [first, second] = [await start(held), await start()]
  const [batch, key] = [contacts(10), freshKey()]
  held.strike({ does: 'all', first: 4, on: true })
  const slow = add(first, batch, key)
  await oblic.waitForRequest(() => true)
  const taken = await untilAnswered(second, batch, key)
  expect(taken.headers.get('idempotency-replayed')).toBe('resumed')
  expect(statesOf(taken)).toEqual(states([4, 'unknown provider_timeout'], [6, 'accepted']))

  gate.resolve()
  const late = await slow
  expect(statesOf(late)).toEqual(states([4, 'accepted'], [6, 'unknown taken_over']))
  expect(late.headers.get('idempotency-stored')).toBe('false')
  expect(late.body.results[9].outcomes[0].error.retriable).toBe(true)
  expect((await add(first, batch, key)).text).toBe(taken.text)
  expect(oblic.counts()).toMatchObject({ total: 10, sends: 10 })
}, 60_000)

test('a takeover whose claim was done and not answered leaves what the dead owner had marked', async () => {
  const { redis, way, oblic, start } = await prepare()
  const [dying, taking] = [new FailingStore(failOnTheWay(() => way)), new FailingStore(failOnTheWay(() => way))]
  const [batch, key] = [contacts(10), freshKey()]
  const first = await start(dying)
  dying.strike({ does: 'nothing', first: 4, on: true })
  expect(statesOf(await add(first, batch, key))).toEqual(states([4, 'accepted'], [6, 'failed store_unavailable']))
  await first.gateway.close()
  dying.heal()
  await way.set()

  const second = await start(taking)
  await expect.poll(async () => (await second.call('GET', '/readyz')).status, { timeout: 10_000 }).toBe(200)
  const leaseEnds = Number(await redis.hget(recordKeys(`crm ${key}`).run, 'l'))
  expect(leaseEnds).toBeGreaterThan(0)
  await expect.poll(async () => Number((await redis.time())[0]) * 1_000 > leaseEnds, { timeout: 10_000 }).toBe(true)
  taking.strike({ does: 'all', first: 1, on: false })
  const refused = await add(second, batch, key)
  expect([refused.status, refused.body.code]).toEqual([503, 'idempotency-unavailable'])
  const answer = await untilAnswered(second, batch, key)
  expect(statesOf(answer)).toEqual(states([4, 'unknown provider_timeout'], [6, 'accepted']))
  expect(oblic.counts()).toMatchObject({ total: 10, sends: 10 })
}, 60_000)

test('of a Redis that is emptied while a batch goes on: what was sent is told, the rest is sent by the repeat', async () => {
  const { redis, oblic, start } = await prepare()
  const emptied = new FailingStore(async (call) => {
    await redis.flushall()
    return call()
  })
  const gateway = await start(emptied, 60_000)
  const [batch, key] = [contacts(10), freshKey()]
  emptied.strike({ does: 'all', first: 4, on: false })
  const answer = await add(gateway, batch, key)
  expect(statesOf(answer)).toEqual(states([4, 'accepted'], [6, 'unknown taken_over']))
  // Nobody else had the key, so that the answer could be stored all the same.
  expect(answer.headers.has('idempotency-stored')).toBe(false)

  const repeated = await add(await start(), batch, key)
  expect(repeated.headers.get('idempotency-replayed')).toBe('resumed')
  expect(statesOf(repeated)).toEqual(states([10, 'accepted']))
  expect(oblic.counts()).toMatchObject({ total: 10, sends: 10 })
}, 60_000)

test('of a Redis that is away at the answer and comes back empty: this process has the answer, and stores it', async () => {
  const { redis, way, oblic, start } = await prepare()
  const failing = new FailingStore(failOnTheWay(() => way))
  const gateway = await start(failing, 60_000)
  const [batch, key] = [contacts(10), freshKey()]
  failing.strike({ does: 'nothing', first: 5, on: true })
  const answer = await add(gateway, batch, key)
  expect(statesOf(answer)).toEqual(states([6, 'accepted'], [4, 'failed store_unavailable']))
  expect(answer.headers.get('idempotency-stored')).toBe('false')
  const meanwhile = await add(gateway, batch, key)
  expect([meanwhile.text, meanwhile.headers.get('idempotency-stored')]).toEqual([answer.text, 'false'])

  await redis.flushall()
  failing.heal()
  await way.set()
  await expect.poll(() => redis.exists(recordKeys(`crm ${key}`).answer), { timeout: 10_000 }).toBe(1)
  const repeated = await add(await start(), batch, key)
  expect(repeated.headers.get('idempotency-replayed')).toBe('resumed')
  expect(statesOf(repeated)).toEqual(states([10, 'accepted']))
  expect(oblic.counts()).toMatchObject({ total: 10, sends: 10 })
}, 60_000)
