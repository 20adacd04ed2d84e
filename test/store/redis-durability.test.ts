import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Store, StoreUnavailable } from '../../src/services/store-port.ts'
import { openStore } from '../../src/store/open-store.ts'
import { lookUpIds } from '../support/look-up-ids.ts'
import { startRedis } from '../support/redis.ts'
import type { RunningRedis } from '../support/redis-server.ts'

/** Entries of the suppression list are answered when a replica has them, where there is one. */

let master: RunningRedis
let replica: RunningRedis
let admin: Redis
let follower: Redis
let store: Store
beforeAll(async () => {
  ;[master, replica] = await Promise.all([startRedis(), startRedis()])
  admin = new Redis(master.url)
  follower = new Redis(replica.url)
  store = await openStore({ redisUrl: master.url, dataDir: '' })
})
afterAll(async () => {
  await store.close()
  admin.disconnect()
  follower.disconnect()
  await Promise.all([master.stop(), replica.stop()])
})

const entry = {
  kind: 'phone',
  hint: '+33••••78',
  channels: 8,
  reason: 'opt_out',
  source: 'api',
  note: undefined,
  saidAt: 1,
  createdBy: 'crm',
} as const
const add = (id: string) => store.suppressions.replace([{ id, before: undefined, after: entry }])
const idOf = (letter: string) => letter.repeat(22)

test('without a replica an entry is answered at once', async () => {
  expect(await add(idOf('a'))).toEqual([true])
})

test('with a replica it is answered when that has it, and not when it does not get it; reads go on meanwhile', async () => {
  await follower.replicaof('127.0.0.1', String(master.port))
  await vi.waitFor(async () => expect(await admin.info('replication')).toMatch(/state=online/), { timeout: 15_000 })
  // Where the machine is busy the replica may be late, and the writer hears so.
  await vi.waitFor(() => add(idOf('b')), { timeout: 15_000 })
  expect(await follower.hexists('cgw:{suppressed b}:entries', idOf('b'))).toBe(1)
  // It stands still, and its master does not know.
  const pid = Number(/process_id:(\d+)/.exec(await follower.info('server'))?.[1])
  process.kill(pid, 'SIGSTOP')
  try {
    const adding = add(idOf('c'))
    adding.catch(() => {})
    expect(await lookUpIds(store.suppressions, [idOf('b')])).toEqual([8])
    await expect(adding).rejects.toThrow(StoreUnavailable)
  } finally {
    process.kill(pid, 'SIGCONT')
  }
})
