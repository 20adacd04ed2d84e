import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openRedisStore } from '../../src/store/redis/redis-store.ts'
import { answerOf, claimOf, finish, freshKey } from '../conformance/store-under-test.ts'
import { lookUpIds } from '../support/look-up-ids.ts'
import { startRedis } from '../support/redis.ts'
import type { RunningRedis } from '../support/redis-server.ts'

let server: RunningRedis
let redis: Redis
beforeAll(async () => {
  server = await startRedis({ args: ['--cluster-enabled', 'yes'] })
  redis = new Redis(server.url)
  // A cluster of one node: it refuses a script whose keys lie in different slots.
  await redis.config('SET', 'cluster-announce-ip', '127.0.0.1')
  await redis.config('SET', 'cluster-announce-port', String(server.port))
  await redis.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  const isUp = async () => expect(await redis.call('CLUSTER', 'INFO')).toContain('cluster_state:ok')
  await vi.waitFor(isUp, { timeout: 10_000 })
})
afterAll(async () => {
  redis.disconnect()
  await server.stop()
})
beforeEach(() => redis.flushall())

/** Opened as a cluster: the trailing comma. */
function openAsCluster() {
  return openRedisStore({ url: `${server.url},` })
}

test('a cluster runs it all, and everything of one record lies in one slot', async () => {
  const store = openAsCluster()
  const key = freshKey()
  await finish(store, key, answerOf('half', { resumable: true }))
  const claim = claimOf(key)
  expect(await store.idempotency.claim(claim)).toMatchObject({ kind: 'resumed' })
  expect(await store.idempotency.mark(key, claim.owner, 'mark')).toBe(true)
  expect(await store.idempotency.renew(key, claim.owner, 10_000)).toBe(true)
  const keys = await redis.keys('*')
  expect(keys).toHaveLength(2)
  const slots = await Promise.all(keys.map((name) => redis.call('CLUSTER', 'KEYSLOT', name)))
  expect(new Set(slots).size).toBe(1)
  expect(await store.idempotency.release(key, claim.owner)).toBe(true)
  expect(await store.diagnose()).toEqual([])
  await store.ping()
  await store.close()
})

test('a cluster keeps the suppression list, every part of it in one slot', async () => {
  const store = openAsCluster()
  const ids = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].map((part) => part.repeat(22))
  const after = {
    kind: 'phone',
    hint: '+33••••78',
    channels: 8,
    reason: 'opt_out',
    source: 'api',
    note: undefined,
    saidAt: 1,
    createdBy: 'crm',
  } as const
  const list = store.suppressions
  expect(await list.replace(ids.map((id) => ({ id, before: undefined, after })))).toEqual(ids.map(() => true))
  expect(await lookUpIds(list, ids)).toEqual(ids.map(() => 8))
  expect(await lookUpIds(list, ids.slice(0, 3))).toEqual([8, 8, 8])
  expect((await list.page({ limit: 100 })).items).toHaveLength(64)
  expect(await list.remove(ids[0] as string)).toBe(true)
  expect(await list.count()).toBe(63)
  expect(await list.addNew('crm', '2026-11-30', 1, 1)).toBe(true)
  await list.keys.addCheck('check')
  expect(await list.keys.checks()).toEqual(['check'])
  const slots = await Promise.all(
    (await redis.keys('*suppressed*')).map((name) => redis.call('CLUSTER', 'KEYSLOT', name)),
  )
  expect(new Set(slots).size).toBeGreaterThan(60)
  await store.close()
})

test('the records of different keys lie in different slots', async () => {
  const store = openAsCluster()
  for (let count = 0; count < 20; count += 1) await store.idempotency.claim(claimOf(freshKey()))
  const slots = await Promise.all((await redis.keys('*')).map((name) => redis.call('CLUSTER', 'KEYSLOT', name)))
  expect(new Set(slots).size).toBeGreaterThan(10)
  await store.close()
})

test('whatever a key holds, only keys of its own are touched, and no text of the caller is in their names', async () => {
  const store = openRedisStore({ url: server.url })
  const bystanders = ['*', '{a}', 'cgw:{', 'idempotency', 'DEL']
  for (const name of bystanders) await redis.set(name, 'untouched')
  const odd = [
    '*',
    '{a}',
    'cgw:{*}',
    '\r\nDEL *\r\n',
    'FLUSHALL\r\n',
    '"; redis.call("FLUSHALL") --',
    'k'.repeat(10_240),
  ]
  for (const key of odd) {
    const claim = claimOf(key, { intent: key })
    await store.idempotency.claim(claim)
    await store.idempotency.mark(key, claim.owner, key)
    await store.idempotency.release(key, claim.owner)
    await finish(store, key, answerOf(key, { resumable: true }))
    await store.idempotency.claim(claimOf(key))
  }
  for (const name of bystanders) expect(await redis.get(name)).toBe('untouched')
  const own = (await redis.keys('*')).filter((name) => !bystanders.includes(name))
  expect(own).toHaveLength(odd.length * 2)
  for (const name of own) expect(name).toMatch(/^cgw:\{[\w-]{43}\}:(run|answer)$/)
  await store.close()
})

test('nothing is ever kept without an end', async () => {
  const store = openRedisStore({ url: server.url })
  const [running, again] = [claimOf(freshKey()), claimOf(freshKey())]
  await store.idempotency.claim(running)
  await store.idempotency.mark(running.key, running.owner, 'mark')
  await store.idempotency.renew(running.key, running.owner, 20_000)
  await finish(store, again.key, answerOf('half', { resumable: true }), 30_000)
  await store.idempotency.claim(again)
  const ends = await Promise.all((await redis.keys('*')).map((name) => redis.pttl(name)))
  expect(ends.sort()).toEqual([30_000, 70_000, 80_000].map((end) => expect.closeTo(end, -4)))
  // What is not there any more must not come back without an end.
  await store.idempotency.mark('nobody', 'nobody', 'mark')
  expect(await redis.dbsize()).toBe(3)
  await store.close()
})

test('each call is one round trip', async () => {
  const store = openRedisStore({ url: server.url })
  await finish(store, freshKey(), answerOf('first use'))
  const warm = claimOf(freshKey())
  await store.idempotency.claim(warm)
  await store.idempotency.mark(warm.key, warm.owner, 'mark')
  await store.idempotency.renew(warm.key, warm.owner, 10_000)
  await store.idempotency.release(warm.key, warm.owner)

  const seen = await commandsOf(async () => {
    const claim = claimOf(freshKey())
    await store.idempotency.claim(claim)
    await store.idempotency.mark(claim.key, claim.owner, 'mark')
    await store.idempotency.renew(claim.key, claim.owner, 10_000)
    await store.idempotency.complete(claim.key, claim.owner, answerOf('x'.repeat(100_000)), 10_000)
    await store.idempotency.claim(claimOf(claim.key))
    await store.idempotency.release(claim.key, claim.owner)
  })
  expect(seen).toEqual(Array.from({ length: 6 }, () => 'evalsha'))
  await store.close()
})

test('the turn of a thousand people is one round trip, as is that of one; its end too; all lies in one slot, and ends', async () => {
  const store = openAsCluster()
  const people = Buffer.from(Array.from({ length: 4_000 }, (_, index) => (index * 31) % 251))
  const group = { account: 'account', owner: randomUUID(), names: people }
  const one = { account: 'account', owner: randomUUID(), names: Buffer.from([1, 2, 3, 4]) }
  // The first use sends the scripts.
  const use = async () => {
    await store.writers.takeOne(one, 10_000, 5_000)
    await store.writers.endOne(one, 5_000)
    await store.writers.takeGroup(group, 10_000)
    await store.writers.endGroup(group, 5_000)
  }
  await use()
  const seen = await commandsOf(use)
  expect(seen).toEqual(Array.from({ length: 4 }, () => 'evalsha'))
  await store.writers.takeOne({ ...one, names: Buffer.from([9, 9, 9, 9]) }, 10_000, 5_000)
  await store.writers.takeGroup(group, 10_000)
  const keys = await redis.keys('*')
  expect(keys).toHaveLength(5)
  const slots = await Promise.all(keys.map((name) => redis.call('CLUSTER', 'KEYSLOT', name)))
  expect(new Set(slots).size).toBe(1)
  for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0)
  await store.close()
})

/** The commands that come to the server meanwhile, without those of scripts. */
async function commandsOf(work: () => Promise<void>): Promise<readonly string[]> {
  const seen: string[] = []
  const monitor = await redis.monitor()
  monitor.on('monitor', (_time: string, [command]: string[], source: string) => {
    if (source !== 'lua' && command !== undefined) seen.push(command.toLowerCase())
  })
  await work()
  await redis.echo('all were seen')
  await expect.poll(() => seen.at(-1)).toBe('echo')
  monitor.disconnect()
  return seen.slice(0, -1)
}

test('a stored answer of 500 B takes less than 1 KB of memory', async () => {
  const store = openRedisStore({ url: server.url })
  const body = Buffer.from('{"status":"created","warnings":[]},'.repeat(15)).subarray(0, 500)
  const count = 2000
  const used = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
  const before = await used()
  await Promise.all(Array.from({ length: count }, () => finish(store, freshKey(), answerOf(body))))
  expect(((await used()) - before) / count).toBeLessThan(1024)
  await store.close()
})
