import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { StoreUnavailable } from '../../src/services/store-port.ts'
import { recordKeys } from '../../src/store/redis/idempotency.ts'
import { openRedisStore } from '../../src/store/redis/redis-store.ts'
import { answerOf, claimOf, finish, freshKey } from '../conformance/store-under-test.ts'
import { lookUpIds } from '../support/look-up-ids.ts'
import { startRedis } from '../support/redis.ts'

/** What is asked of Redis in one turn of the event loop goes to it together, and stays apart for those who asked. */
async function start(...args: Parameters<typeof startRedis>) {
  const server = await startRedis(...args)
  const store = openRedisStore({ url: server.url })
  const redis = new Redis(server.url)
  onTestFinished(async () => {
    await store.close()
    redis.disconnect()
    await server.stop()
  })
  return { store, redis }
}

function idOf(name: string): string {
  return name.padEnd(22, '-')
}

const entry = { kind: 'phone', hint: '+33••••11', channels: 1, reason: 'opt_out', source: '' } as const
async function suppress({ suppressions }: Awaited<ReturnType<typeof start>>['store'], id: string) {
  const after = { id, ...entry, note: undefined, saidAt: 0, createdAt: 0, updatedAt: 0, createdBy: 'crm' }
  expect(await suppressions.replace([{ id, before: undefined, after }])).toEqual([true])
}

async function callsOf(redis: Redis, command: string): Promise<number> {
  const stats = await redis.info('commandstats')
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0)
}

test('claims, answers and look-ups of many requests in one turn are a command each', async () => {
  const { store, redis } = await start()
  await suppress(store, idOf('A_suppressed'))
  await lookUpIds(store.suppressions, [idOf('A_1')])
  await finish(store, freshKey(), answerOf('loads both scripts'))
  const before = await callsOf(redis, 'evalsha')
  const claims = Array.from({ length: 50 }, () => claimOf(freshKey()))
  const asked = claims.map((claim, index) =>
    Promise.all([
      store.idempotency.claim(claim),
      lookUpIds(store.suppressions, [idOf(`B_${index}`), idOf(index === 30 ? 'A_suppressed' : `A_${index}`)]),
    ]),
  )
  const answers = await Promise.all(asked)
  expect(answers.map(([claim]) => claim.kind)).toEqual(claims.map(() => 'claimed'))
  expect(answers.map(([, channels]) => channels)).toEqual(claims.map((_, index) => [0, index === 30 ? 1 : 0]))
  expect((await callsOf(redis, 'evalsha')) - before).toBe(2)

  const completed = claims.map(({ key, owner }, index) =>
    store.idempotency.complete(key, owner, answerOf(`answer ${index}`), 60_000),
  )
  expect(await Promise.all(completed)).toEqual(claims.map(() => true))
  expect((await callsOf(redis, 'evalsha')) - before).toBe(3)
  const repeated = await Promise.all(claims.map((claim) => store.idempotency.claim({ ...claim, owner: randomUUID() })))
  expect(repeated.map((claim) => (claim.kind === 'done' ? String(claim.answer.body) : claim.kind))).toEqual(
    claims.map((_, index) => `answer ${index}`),
  )
})

test('more than a command takes go in several, each answered', async () => {
  const { store } = await start()
  const claims = Array.from({ length: 200 }, () => claimOf(freshKey()))
  const answers = await Promise.all(claims.map((claim) => store.idempotency.claim(claim)))
  expect(answers.map(({ kind }) => kind)).toEqual(claims.map(() => 'claimed'))
})

test('a record that somebody has spoiled fails its own request, and none beside it', async () => {
  const { store, redis } = await start()
  const [good, spoiled, another] = [freshKey(), freshKey(), freshKey()]
  await redis.set(recordKeys(spoiled).run, 'no hash')
  const told = await Promise.allSettled([good, spoiled, another].map((key) => store.idempotency.claim(claimOf(key))))
  expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect((told[1] as PromiseRejectedResult).reason).toBeInstanceOf(StoreUnavailable)
})

test('behind a proxy of a cluster, which takes the keys of one slot in a command, each is asked apart', async () => {
  const { store, redis } = await start({ args: ['--cluster-enabled', 'yes'] })
  await redis.call('cluster', 'addslotsrange', '0', '16383')
  await expect.poll(() => redis.cluster('INFO')).toContain('cluster_state:ok')
  const ids = ['A_1', 'B_1', 'C_suppressed'].map(idOf)
  await suppress(store, idOf('C_suppressed'))
  for (const round of [1, 2]) {
    const claims = Array.from({ length: 5 }, () => claimOf(freshKey()))
    const both = await Promise.all([
      Promise.all(claims.map((claim) => store.idempotency.claim(claim))),
      Promise.all(ids.map((id) => lookUpIds(store.suppressions, [id, idOf(`D_${round}`)]))),
    ])
    expect(both[0].map(({ kind }) => kind)).toEqual(claims.map(() => 'claimed'))
    expect(both[1]).toEqual([
      [0, 0],
      [0, 0],
      [1, 0],
    ])
  }
})
