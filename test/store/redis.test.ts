import { Redis } from 'ioredis'
import { openStore } from '../../src/store/open-store.ts'
import { recordKeys } from '../../src/store/redis/idempotency.ts'
import { describeAgreements } from '../conformance/agreements.ts'
import { describeIdempotencyStore } from '../conformance/idempotency-store.ts'
import { describeWriterStore } from '../conformance/writer-store.ts'
import { sharedRedisUrl, startRedis } from '../support/redis.ts'
import { testKeys } from '../support/sealed.ts'

/** What Redis does when `ms` pass: the lease is so much nearer, and keys expire so much sooner. */
const passing = `
  local ms = tonumber(ARGV[1])
  if redis.call('HEXISTS', KEYS[1], 'l') == 1 then redis.call('HINCRBY', KEYS[1], 'l', -ms) end
  for _, key in ipairs(KEYS) do
    local left = redis.call('PTTL', key)
    if left >= 0 then
      if left <= ms then redis.call('DEL', key) else redis.call('PEXPIRE', key, left - ms) end
    end
  end`

/** With a key it is one of its own: all who share a Redis have the same key, or none. */
const sorts = [
  ['', async () => ({ redisUrl: sharedRedisUrl(), keys: [], stop: async () => {} })],
  [
    ', with a key',
    async () => {
      const redis = await startRedis()
      return { redisUrl: redis.url, keys: testKeys, stop: () => redis.stop() }
    },
  ],
] as const

for (const [sort, start] of sorts) {
  describeIdempotencyStore(`redis${sort}`, async () => {
    const { redisUrl, keys, stop } = await start()
    const open = () => openStore({ redisUrl, dataDir: '', keys })
    const [store, second] = await Promise.all([open(), open()])
    const redis = new Redis(redisUrl)
    return {
      store,
      another: async () => second,
      pass: async (key, ms) => {
        const { run, answer } = recordKeys(key)
        await redis.eval(passing, 2, run, answer, ms)
      },
      close: async () => {
        redis.disconnect()
        await Promise.all([store.close(), second.close()])
        await stop()
      },
    }
  })

  describeWriterStore(`redis${sort}`, async () => {
    const { redisUrl, keys, stop } = await start()
    const open = () => openStore({ redisUrl, dataDir: '', keys })
    const [store, second] = await Promise.all([open(), open()])
    return {
      store,
      another: async () => second,
      close: async () => {
        await Promise.all([store.close(), second.close()])
        await stop()
      },
    }
  })
}
const openTwo = async () => {
  const open = () => openStore({ redisUrl: sharedRedisUrl(), dataDir: '' })
  const [store, second] = await Promise.all([open(), open()])
  return {
    store,
    another: async () => second,
    close: async () => {
      await Promise.all([store.close(), second.close()])
    },
  }
}

describeAgreements('redis', openTwo)
