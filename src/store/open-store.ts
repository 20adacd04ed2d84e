import type { Store } from '../services/store-port.ts'
import type { SharedLimits } from './redis/shared-limits.ts'

export type StoreOptions = {
  /** `REDIS_URL`; without it the embedded store is opened. */
  readonly redisUrl?: string | undefined
  /** `DATA_DIR`: the folder of the embedded store, made where it is missing; `:memory:` keeps nothing. */
  readonly dataDir: string
  /** Told when the store is lost (`up` false, with the reason) and when it is back. Holds no secret. */
  readonly onConnection?: ((up: boolean, reason: string) => void) | undefined
}

/**
 * Opens the store that the environment asks for, and loads no other. Redis need not be up yet: `ping` tells. Fails, with a text for the
 * operator, for a `REDIS_URL` that cannot be read, a `DATA_DIR` that cannot be used, or a file of a newer version.
 */
export async function openStore({ redisUrl, dataDir, onConnection }: StoreOptions): Promise<Store> {
  if (redisUrl === undefined || redisUrl === '') {
    const { openSqliteStore } = await import('./sqlite/sqlite-store.ts')
    return openSqliteStore({ dataDir, onDisk: onConnection })
  }
  const { openRedisStore } = await import('./redis/redis-store.ts')
  return openRedisStore({ url: redisUrl, onConnection })
}

/** What replicas count together, in the same Redis; without one there is nothing to share. */
export async function openLimits(redisUrl: string | undefined): Promise<SharedLimits | undefined> {
  if (redisUrl === undefined || redisUrl === '') return undefined
  const { openRedisLimits } = await import('./redis/shared-limits.ts')
  return openRedisLimits(redisUrl)
}
