import type { Store } from '../../services/store-port.ts'
import { redisAgree } from './agree.ts'
import { openRedisConnection, type RedisConnectionOptions } from './connection.ts'
import { warnOfEviction } from './eviction.ts'
import { redisIdempotency } from './idempotency.ts'
import { redisImports } from './imports/redis-imports.ts'
import { redisWriters } from './writers.ts'

/** A Redis that is full, a replica or not ours to write to answers PING all the same: what counts is that it takes a key. */
const probe = { key: 'cgw:ready', lifetimeMs: 60_000 }

/** The store in Redis. Comes up whether or not Redis does; fails for a URL that cannot be read. */
export function openRedisStore(options: RedisConnectionOptions): Store {
  const connection = openRedisConnection(options)
  const imports = redisImports(connection)
  return {
    idempotency: redisIdempotency(connection),
    writers: redisWriters(connection),
    imports,
    agree: redisAgree(connection),
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
