import type { Store } from '../../services/store-port.ts'
import type { SealPlace } from '../sealing/store-seal.ts'
import { openRedisConnection, type RedisConnectionOptions } from './connection.ts'
import { warnOfEviction } from './eviction.ts'
import { redisIdempotency } from './idempotency.ts'
import { redisImports } from './imports/redis-imports.ts'
import { openLockedConnection } from './locked-connection.ts'
import { redisSealPlace } from './seal-place.ts'
import { redisWriters } from './writers.ts'

export type RedisStoreOptions = RedisConnectionOptions & {
  /** Makes sure that the store is ours before anything is asked of it; fails where it is not. */
  readonly unlock?: (place: SealPlace) => Promise<void>
}

/** `unlocked` resolves when the store can be used; otherwise it fails as `unlock` does, or with `StoreUnavailable`. */
export type RedisStore = Store & { unlocked(): Promise<void> }

/** A Redis that is full, a replica or not ours to write to answers PING all the same: what counts is that it takes a key. */
const probe = { key: 'cgw:ready', lifetimeMs: 60_000 }

/** The store in Redis. Comes up whether or not Redis does; fails for a URL that cannot be read. */
export function openRedisStore({ unlock, ...options }: RedisStoreOptions): RedisStore {
  const connection =
    unlock === undefined
      ? openRedisConnection(options)
      : openLockedConnection(options, (open) => unlock(redisSealPlace(open)))
  const imports = redisImports(connection)
  return {
    idempotency: redisIdempotency(connection),
    writers: redisWriters(connection),
    imports,
    unlocked: () => connection.run(async () => {}),
    async ping() {
      await connection.run((client) => client.set(probe.key, '1', 'PX', probe.lifetimeMs))
    },
    diagnose: () => warnOfEviction(connection),
    async close() {
      await imports.close()
      await connection.close()
    },
  }
}
