import type { SuppressionKeyStore } from '../../services/suppression-store-port.ts'
import type { RedisConnection } from './connection.ts'
import type { Durably } from './durability.ts'
import { runScript } from './scripts.ts'

const ownKey = 'cgw:suppressed:key'
const checksKey = 'cgw:suppressed:checks'

/** Two keys that do not expire. */
export function redisSuppressionKeys(connection: RedisConnection, durably: Durably): SuppressionKeyStore {
  return {
    own: async () => (await connection.run((client) => client.getBuffer(ownKey))) ?? undefined,
    replaceOwn: async (before, after) =>
      (await durably((client) => runScript(client, 'seal-replace', ownKey, before ?? '', after))) === 1,
    checks: () => connection.run((client) => client.smembers(checksKey)),
    addCheck: async (check) => {
      await durably((client) => client.sadd(checksKey, check))
    },
    removeCheck: async (check) => {
      await durably((client) => client.srem(checksKey, check))
    },
  }
}
