import type { Store } from '../services/ports.ts'
import { openRedisStore } from './redis/redis-store.ts'
import { openSqliteStore } from './sqlite/sqlite-store.ts'

export type StoreOptions = {
  /** `REDIS_URL`; without it the embedded store is opened. */
  readonly redisUrl?: string | undefined
  /** `DATA_DIR`: the folder of the embedded store, made where it is missing; `:memory:` keeps nothing. */
  readonly dataDir: string
  /** Told when Redis is lost (`up` false, with the reason) and when it is back. Holds no secret. */
  readonly onConnection?: ((up: boolean, reason: string) => void) | undefined
}

/**
 * Opens the store that the environment asks for. Redis need not be up yet: `ping` tells. Fails, with a text for the
 * operator, for a `REDIS_URL` that cannot be read, a `DATA_DIR` that cannot be used, or a file of a newer version.
 */
export async function openStore({ redisUrl, dataDir, onConnection }: StoreOptions): Promise<Store> {
  return redisUrl === undefined || redisUrl === ''
    ? openSqliteStore({ dataDir })
    : openRedisStore({ url: redisUrl, onConnection })
}
