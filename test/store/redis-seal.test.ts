import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { StoreUnavailable } from '../../src/services/store-port.ts'
import { openStore } from '../../src/store/open-store.ts'
import { WrongStoreKey } from '../../src/store/wrong-store-key.ts'
import { claimOf, freshKey } from '../conformance/store-under-test.ts'
import { startRedis } from '../support/redis.ts'

const [ours, theirs] = [randomBytes(32), randomBytes(32)]

async function start() {
  const server = await startRedis()
  onTestFinished(() => server.stop())
  const open = async (keys: readonly Buffer[]) => {
    const store = await openStore({ redisUrl: server.url, dataDir: '', keys })
    onTestFinished(() => store.close())
    return store
  }
  return { server, open }
}

test('a Redis that comes later is unlocked then, and one of another key serves nothing', async () => {
  const { server, open } = await start()
  await server.kill()
  const [store, unsealed] = await Promise.all([open([ours]), open([])])
  await expect(store.idempotency.claim(claimOf(freshKey()))).rejects.toThrow(StoreUnavailable)
  await server.restart()
  const other = await openStore({ redisUrl: server.url, dataDir: '', keys: [theirs] })
  onTestFinished(() => other.close())
  for (const refused of [store, unsealed]) {
    await expect.poll(() => refused.ping().catch((error) => error)).toBeInstanceOf(WrongStoreKey)
    await expect(refused.imports.countUnfinished('crm')).rejects.toThrow(StoreUnavailable)
  }
  await other.ping()
})

test.each(['came back empty', 'was emptied'])(
  'of a Redis that %s all have the same digests, those who were there before too',
  async (how) => {
    const { server, open } = await start()
    const stores = [await open([ours]), await open([ours])] as const
    if (how === 'came back empty') await server.restart()
    else await emptied(server.url)
    for (const store of stores)
      await expect
        .poll(() =>
          store.ping().then(
            () => true,
            () => false,
          ),
        )
        .toBe(true)
    const key = freshKey()
    const turn = (owner: string) => ({ account: 'a', owner: owner.padEnd(36), names: Buffer.from('name') })
    const [one, other] = [stores[0], await open([ours])]
    expect(await one.idempotency.claim(claimOf(key))).toEqual({ kind: 'claimed' })
    for (const store of [stores[1], other])
      expect(await store.idempotency.claim(claimOf(key))).toMatchObject({ kind: 'running' })
    await one.writers.takeOne(turn('one'), 60_000, 0)
    for (const store of [stores[1], other]) expect(await store.writers.takeOne(turn('two'), 60_000, 0)).toBe('taken')
  },
)

async function emptied(url: string): Promise<void> {
  const redis = new Redis(url)
  await redis.flushall()
  redis.disconnect()
}

test('a call is one round trip, with a key and without', async () => {
  const { server, open } = await start()
  const commands = async () => {
    const redis = new Redis(server.url)
    const total = /total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]
    redis.disconnect()
    return Number(total)
  }
  const counted: number[] = []
  for (const keys of [[], [ours]]) {
    const store = await open(keys)
    const claim = claimOf(freshKey())
    // The first one sends the script.
    await store.idempotency.claim(claimOf(freshKey()))
    const cost = await commands()
    const idle = (await commands()) - cost
    const before = await commands()
    await store.idempotency.claim(claim)
    const inScript = (await commands()) - before - idle
    counted.push(inScript)
  }
  expect(counted[1]).toBe(counted[0])
})
