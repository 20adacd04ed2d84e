import type { Store } from '../../services/store-port.ts'
import { openRedisConnection, type RedisConnectionOptions } from './connection.ts'
import { warnOfEviction } from './eviction.ts'
import { redisIdempotency } from './idempotency.ts'
import { redisImports } from './imports/redis-imports.ts'
import { redisWriters } from './writers.ts'

/** The store in Redis. Comes up whether or not Redis does; fails for a URL that cannot be read. */
export function openRedisStore(options: RedisConnectionOptions): Store {
  const connection = openRedisConnection(options)
  const imports = redisImports(connection)
  return {
    idempotency: redisIdempotency(connection),
    writers: redisWriters(connection),
    imports,
    async ping() {
      await connection.run((client) => client.ping())
    },
    diagnose: () => warnOfEviction(connection),
    async close() {
      await imports.close()
      await connection.close()
    },
  }
}
