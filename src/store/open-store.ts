import { type Store, StoreUnavailable } from '../services/store-port.ts'
import type { SharedLimits } from './redis/shared-limits.ts'
import type { SealCheck } from './sealing/check-seal.ts'
import type { Unreadable } from './sealing/sealer.ts'
import { createSealing } from './sealing/sealing.ts'
import { WrongStoreKey } from './wrong-store-key.ts'

export type StoreOptions = {
  /** `REDIS_URL`; without it the embedded store is opened. */
  readonly redisUrl?: string | undefined
  /** `DATA_DIR`: the folder of the embedded store, made where it is missing; `:memory:` keeps nothing. */
  readonly dataDir: string
  /** `STORE_KEY`, 32 bytes each: the first seals what is kept of people, all open it. Without one nothing is sealed. */
  readonly keys?: readonly Buffer[] | undefined
  /** `look`: the store's seal is read and not written. */
  readonly seal?: SealCheck
  /** Told when the store is lost (`up` false, with the reason) and when it is back. Holds no secret. */
  readonly onConnection?: ((up: boolean, reason: string) => void) | undefined
  /** Told of what is stored and cannot be opened. Holds nothing of it. */
  readonly onUnreadable?: ((unreadable: Unreadable) => void) | undefined
}

/**
 * Opens the store that the environment asks for, and loads no other. Redis need not be up yet: `ping` tells. Fails, with a text for the
 * operator, for a `REDIS_URL` that cannot be read, a `DATA_DIR` that cannot be used, a file of a newer version, or keys
 * that are not those of the store (`WrongStoreKey`).
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { redisUrl, dataDir, keys = [], seal: how = 'make', onConnection, onUnreadable } = options
  const sealing = createSealing({ keys, how, onUnreadable })
  if (redisUrl === undefined || redisUrl === '') {
    const { openSqliteStore } = await import('./sqlite/sqlite-store.ts')
    const store = openSqliteStore({ dataDir, onDisk: onConnection })
    await orClosed(store, sealing.unlock(store.seal))
    return sealing.over(store)
  }
  const { openRedisStore } = await import('./redis/redis-store.ts')
  const store = openRedisStore({ url: redisUrl, onConnection, unlock: sealing.unlock })
  await orClosed(store, store.check().catch(unlessAway))
  return sealing.over(store)
}

async function orClosed(store: Store, unlocked: Promise<void>): Promise<void> {
  try {
    await unlocked
  } catch (error) {
    await store.close()
    throw error
  }
}

/** A Redis that is away is unlocked when it comes: until then nothing else is asked of it. */
function unlessAway(error: unknown): void {
  if (error instanceof WrongStoreKey || !(error instanceof StoreUnavailable)) throw error
}

/** What replicas count together, in the same Redis; without one there is nothing to share. */
export async function openLimits(redisUrl: string | undefined): Promise<SharedLimits | undefined> {
  if (redisUrl === undefined || redisUrl === '') return undefined
  const { openRedisLimits } = await import('./redis/shared-limits.ts')
  return openRedisLimits(redisUrl)
}
