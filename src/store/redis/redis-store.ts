import type { Store } from '../../services/ports.ts'
import { openRedisConnection, type RedisConnectionOptions } from './connection.ts'
import { warnOfEviction } from './eviction.ts'
import { redisIdempotency } from './idempotency.ts'

/** The store in Redis. Comes up whether or not Redis does; fails for a URL that cannot be read. */
export function openRedisStore(options: RedisConnectionOptions): Store {
  const connection = openRedisConnection(options)
  return {
    idempotency: redisIdempotency(connection),
    async ping() {
      await connection.run((client) => client.ping())
    },
    diagnose: () => warnOfEviction(connection),
    close: () => connection.close(),
  }
}
