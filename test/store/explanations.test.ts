import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll } from 'vitest'
import { openStore } from '../../src/store/open-store.ts'
import { describeExplanationStore } from '../conformance/explanation-store.ts'
import { startRedis } from '../support/redis.ts'
import type { RunningRedis } from '../support/redis-server.ts'
import { testKeys } from '../support/sealed.ts'

let redis: RunningRedis
let admin: Redis
beforeAll(async () => {
  redis = await startRedis()
  admin = new Redis(redis.url)
})
afterAll(async () => {
  admin.disconnect()
  await redis.stop()
})

const sorts = [
  ['', []],
  [', with a key', testKeys],
] as const

for (const [sort, keys] of sorts) {
  describeExplanationStore(`redis${sort}`, async () => {
    await admin.flushall()
    const open = () => openStore({ redisUrl: redis.url, dataDir: '', keys })
    const [store, second] = await Promise.all([open(), open()])
    return {
      store,
      another: async () => second,
      close: async () => {
        await Promise.all([store.close(), second.close()])
      },
    }
  })

  describeExplanationStore(`sqlite, a file${sort}`, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'contact-gateway-store-'))
    const open = () => openStore({ dataDir, keys })
    const [store, second] = [await open(), await open()]
    return {
      store,
      another: async () => second,
      close: async () => {
        await Promise.all([store.close(), second.close()])
        rmSync(dataDir, { recursive: true })
      },
    }
  })
}
