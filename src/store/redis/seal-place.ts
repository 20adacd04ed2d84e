import type { SealPlace } from '../sealing/store-seal.ts'
import type { RedisConnection } from './connection.ts'
import { runScript } from './scripts.ts'

const sealKey = 'cgw:seal'

/** The seal of the store in Redis: one key that does not expire. */
export function redisSealPlace(connection: RedisConnection): SealPlace {
  return {
    read: async () => (await connection.run((client) => client.getBuffer(sealKey))) ?? undefined,
    replace: async (before, after) =>
      (await connection.run((client) => runScript(client, 'seal-replace', sealKey, before ?? '', after))) === 1,
  }
}
