import { Redis } from 'ioredis'
import { openStore } from '../../src/store/open-store.ts'
import { describeImportStore } from '../conformance/import-store.ts'
import { sharedRedisUrl } from '../support/redis.ts'

describeImportStore('redis', async () => {
  const redisUrl = sharedRedisUrl()
  const open = () => openStore({ redisUrl, dataDir: '' })
  const [store, second] = await Promise.all([open(), open()])
  const redis = new Redis(redisUrl)
  const keysOf = (id: string) => redis.keys(`cgw:import:{${id}}:*`)
  return {
    store,
    another: async () => second,
    openedBy: { redisUrl },
    // What Redis does when `ms` pass: keys expire so much sooner.
    pass: async (id, ms) => {
      for (const key of await keysOf(id)) {
        const left = await redis.pttl(key)
        if (left <= ms) await redis.del(key)
        else await redis.pexpire(key, left - ms)
      }
    },
    passPlaces: async (client, ms) => {
      const key = `cgw:imports:{client:${client}}:places`
      for (const id of await redis.zrange(key, '0', '-1')) await redis.zincrby(key, -ms, id)
    },
    traces: async (id) => (await keysOf(id)).length,
    close: async () => {
      redis.disconnect()
      await Promise.all([store.close(), second.close()])
    },
  }
})
