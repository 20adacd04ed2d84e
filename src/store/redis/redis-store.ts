import type { Store } from '../../services/store-port.ts'
import type { SealPlace } from '../sealing/store-seal.ts'
import { redisAgree } from './agree.ts'
import { openRedisConnection, type RedisConnectionOptions } from './connection.ts'
import { durableWrites } from './durability.ts'
import { redisErasures } from './erasures.ts'
import { redisEvents } from './events/redis-events.ts'
import { warnOfEviction } from './eviction.ts'
import { redisExplanations } from './explanations.ts'
import { redisIdempotency } from './idempotency.ts'
import { redisImports } from './imports/redis-imports.ts'
import { openLockedConnection } from './locked-connection.ts'
import { redisSealPlace } from './seal-place.ts'
import { redisSuppressions } from './suppressions.ts'
import { redisWriters } from './writers.ts'

export type RedisStoreOptions = RedisConnectionOptions & {
  /** Makes sure that the store is ours before anything is asked of it; fails where it is not. */
  readonly unlock?: (place: SealPlace) => Promise<void>
}

/** `check` resolves when the store is ours; otherwise it fails as `unlock` does, or with `StoreUnavailable`. */
export type RedisStore = Store & { check(): Promise<void> }

/** A Redis that is full, a replica or not ours to write to answers PING all the same: what counts is that it takes a key. */
const probe = { key: 'cgw:ready', lifetimeMs: 60_000 }

/** The store in Redis. Comes up whether or not Redis does; fails for a URL that cannot be read. */
export function openRedisStore({ unlock, ...options }: RedisStoreOptions): RedisStore {
  const connect = (to: RedisConnectionOptions) =>
    unlock === undefined
      ? { ...openRedisConnection(to), check: async () => {} }
      : openLockedConnection(to, (open) => unlock(redisSealPlace(open)))
  const connection = connect(options)
  const imports = redisImports(connection)
  // What becomes of the connection is told by the other one.
  const writing = durableWrites(() => connect({ url: options.url }))
  const events = redisEvents(connection, writing.durably)
  return {
    idempotency: redisIdempotency(connection),
    writers: redisWriters(connection),
    imports,
    suppressions: redisSuppressions(connection, writing.durably),
    erasures: redisErasures(connection, writing.durably),
    events,
    explanations: redisExplanations(connection),
    check: connection.check,
    agree: redisAgree(connection),
    async ping() {
      // It may have been emptied since it was looked at.
      const written = connection.run((client) => client.set(probe.key, '1', 'PX', probe.lifetimeMs))
      await Promise.all([connection.check(), written])
    },
    diagnose: () => warnOfEviction(connection),
    async close() {
      await Promise.all([imports.close(), events.close()])
      await writing.close()
      await connection.close()
    },
  }
}
