import { Redis } from 'ioredis'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { StoreUnavailable } from '../../src/services/store-port.ts'
import { importKeys } from '../../src/store/redis/imports/import-keys.ts'
import { openRedisStore } from '../../src/store/redis/redis-store.ts'
import { chunk } from '../conformance/import-chunk.ts'
import {
  counts,
  creating,
  gate,
  options,
  payloadOf,
  publish,
  recordOf,
  stateOf,
  untilStatus,
} from '../conformance/import-store-under-test.ts'
import { startRedis } from '../support/redis.ts'
import type { RedisStart } from '../support/redis-server.ts'
import { startTurnClock } from '../support/turn-clock.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
})

function open(url: string) {
  const store = openRedisStore({ url })
  opened.push(store)
  return store
}

async function start(options?: RedisStart) {
  const server = await startRedis(options)
  onTestFinished(() => server.stop())
  const redis = new Redis(server.url)
  redis.on('error', () => {})
  onTestFinished(() => redis.disconnect())
  return { server, redis }
}

/** Errors are expected here. */
const working = { ...options, leaseMs: 1000, onError: () => {} }

test('scripts that the server has forgotten are sent again', async () => {
  const { server, redis } = await start()
  const store = open(server.url)
  const record = recordOf()
  const id = await publish(store, record, [2, 2, 2, 2])
  const handler = async (...[job, , lease]: Parameters<ReturnType<typeof creating>>) => {
    await redis.script('FLUSH')
    await lease.mark(1)
    await redis.script('FLUSH')
    await lease.commit(chunk(1, { created: 1 }))
    await redis.script('FLUSH')
    await lease.commit(chunk(2, { created: 1 }))
    await redis.script('FLUSH')
    if (job.block === 2) await publish(store, recordOf(), [1])
  }
  const errors: Error[] = []
  const onError = (error: Error) => void errors.push(error)
  const worker = store.imports.work(record.accounts[0] ?? '', handler, { ...options, onError })
  await untilStatus(store, id, 'completed')
  await worker.close()
  expect(errors).toEqual([])
})

test('jobs that are lost from the queues are put back when a worker starts, those that are done are not', async () => {
  const { server, redis } = await start()
  const store = open(server.url)
  const record = recordOf()
  const [account = ''] = record.accounts
  const id = await publish(store, record, [2, 2, 2, 2, 2])
  const two = gate()
  const first = store.imports.work(
    account,
    async (job, payload, lease) => {
      if (job.block === 2) {
        two.resolve()
        await new Promise((resolve) => setImmediate(resolve))
      }
      await creating(2)(job, payload, lease)
    },
    options,
  )
  await two.promise
  await first.close()
  const before = (await stateOf(store, id)).progress[account]
  expect(before?.created).toBeLessThan(10)
  const queueKeys = await redis.keys('cgw:imports:{account:*')
  expect(queueKeys.length).toBeGreaterThan(3)
  await redis.del(queueKeys)

  const seen: number[] = []
  const worker = open(server.url).imports.work(
    account,
    async (job, payload, lease) => {
      seen.push(job.block)
      await creating(2)(job, payload, lease)
    },
    options,
  )
  await untilStatus(store, id, 'completed')
  await worker.close()
  expect(seen).toEqual([0, 1, 2, 3, 4].slice((before?.created ?? 0) / 2))
})

test('when Redis dies in the middle and comes back with what was on its disk, all rows are counted once', async () => {
  const { server } = await start({ appendOnly: true })
  const stores = [open(server.url), open(server.url)] as const
  const record = recordOf()
  const [account = ''] = record.accounts
  const blocks = Array.from({ length: 30 }, () => 10)
  const id = await publish(stores[0], record, blocks)
  const inTheMiddle = gate()
  let commits = 0
  const workers = stores.map(({ imports }) =>
    imports.work(
      account,
      async (job, _payload, lease) => {
        for (let upTo = job.committed + 1; upTo <= 10; upTo += 1) {
          await lease.commit(chunk(upTo, { created: 1 }))
          commits += 1
          if (commits === 100) inTheMiddle.resolve()
        }
      },
      { ...working, concurrency: 2 },
    ),
  )
  await inTheMiddle.promise
  await server.kill()
  await server.restart()
  const { progress } = await untilStatus(stores[0], id, 'completed')
  await Promise.all(workers.map((worker) => worker.close()))
  expect(progress[account]).toEqual(counts({ created: 300 }))
})

test('a commit waits for a Redis that is being restarted: the rows were sent', async () => {
  const { server } = await start({ appendOnly: true })
  const store = open(server.url)
  const record = recordOf()
  const id = await publish(store, record, [2])
  const answers: string[] = []
  const worker = store.imports.work(
    record.accounts[0] ?? '',
    async (_job, _payload, lease) => {
      await server.kill()
      // Longer than any single call waits.
      const restarted = new Promise((resolve) => setTimeout(resolve, 1500)).then(() => server.restart())
      answers.push(await lease.commit(chunk(2, { created: 2 })))
      await restarted
    },
    { ...options, onError: () => {} },
  )
  const { progress } = await untilStatus(store, id, 'completed')
  await expect.poll(() => answers).toEqual(['stop'])
  await worker.close()
  expect(Object.values(progress)).toEqual([counts({ created: 2 })])
})

test('while Redis is away every method fails within 1 s, and workers and store can be closed', async () => {
  const { server } = await start({ appendOnly: true })
  const store = open(server.url)
  const { imports } = store
  const id = await publish(store, recordOf(), [1])
  const record = recordOf()
  const draft = await imports.begin(record)
  await draft.appendBlock(payloadOf(0), 1)
  const errors: Error[] = []
  const onError = (error: Error) => void errors.push(error)
  const worker = imports.work('account', creating(1), { ...options, onError })
  await expect.poll(() => store.ping().then(() => 'up')).toBe('up')
  await server.kill()

  const calls = [
    () => imports.begin(recordOf()),
    () => draft.appendBlock(payloadOf(1), 1),
    () => draft.publish(),
    () => draft.discard(),
    () => imports.get(id),
    () => imports.list(record.client, 10, undefined),
    () => imports.countUnfinished(record.client),
    () => imports.cancel(id),
    () => imports.readBlock(id, 0),
    () => imports.readReports(id, 0),
    () => imports.blocksWithReports(id, 0, 10),
  ]
  const clock = startTurnClock()
  const failures = await Promise.all(calls.map((call) => call().catch((error: unknown) => error)))
  expect(clock.stop()).toBeLessThan(1100)
  for (const failure of failures) expect(failure).toBeInstanceOf(StoreUnavailable)
  await expect.poll(() => errors.length).toBeGreaterThan(0)
  const closing = performance.now()
  await worker.close()
  await store.close()
  expect(performance.now() - closing).toBeLessThan(5000)
  expect(errors.map(String).join()).not.toMatch(/cgw:|evalsha|bzpopmin/)
})

test('a cluster runs it all, each import and each queue in one slot', async () => {
  const { server, redis } = await start({ args: ['--cluster-enabled', 'yes'] })
  await redis.config('SET', 'cluster-announce-ip', '127.0.0.1')
  await redis.config('SET', 'cluster-announce-port', String(server.port))
  await redis.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  await expect.poll(() => redis.call('CLUSTER', 'INFO'), { timeout: 10_000 }).toContain('cluster_state:ok')
  const store = open(`${server.url},`)
  await expect.poll(() => store.ping().then(() => 'up', String), { timeout: 5000 }).toBe('up')
  const records = [recordOf(), recordOf()]
  for (const record of records) await publish(store, record, [2, 2, 2])
  const workers = records.map(({ accounts: [account = ''] }) => store.imports.work(account, creating(2), options))
  for (const { id } of records) await untilStatus(store, id, 'completed')
  expect(await store.imports.list(records[0]?.client ?? '', 10, undefined)).toHaveLength(1)
  await Promise.all(workers.map((worker) => worker.close()))
})

test('only keys of ours are written, and what an import leaves has an end', async () => {
  const { server, redis } = await start()
  const store = open(server.url)
  const record = recordOf()
  const [account = ''] = record.accounts
  const id = await publish(
    store,
    record,
    Array.from({ length: 300 }, () => 1),
  )
  const worker = store.imports.work(account, creating(1), { ...options, concurrency: 8 })
  await untilStatus(store, id, 'completed')
  await worker.close()
  // The marker wakes workers up: it comes and goes.
  const keys = (await redis.keys('*')).filter((key) => !key.endsWith(':marker'))
  for (const key of keys) expect(key).toMatch(/^cgw:import/)
  const endless = await Promise.all(keys.map(async (key) => ((await redis.pttl(key)) === -1 ? key : undefined)))
  // Of each account a handful, whatever went through its queue.
  const left = endless.filter((key) => key !== undefined).map((key) => key.replace(/\{.*\}/, '{}'))
  expect(left.sort()).toEqual([
    'cgw:imports:unfinished',
    'cgw:imports:{}:jobs:events',
    'cgw:imports:{}:jobs:id',
    'cgw:imports:{}:jobs:meta',
  ])
  expect(await redis.xlen(`cgw:imports:{account:${account}}:jobs:events`)).toBeLessThan(1000)
})

test('an upload of which the store has lost a block is not published', async () => {
  const { server, redis } = await start()
  const store = open(server.url)
  const record = recordOf()
  const draft = await store.imports.begin(record)
  await draft.appendBlock(payloadOf(0), 10)
  await draft.appendBlock(payloadOf(1), 10)
  await redis.hdel(importKeys(record.id).blocks, '1')
  await expect(draft.publish()).rejects.toThrow(StoreUnavailable)
  expect(await store.imports.get(record.id)).toBeUndefined()
  await draft.discard()
})
