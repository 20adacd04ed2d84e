import type { Redis, RedisOptions } from 'ioredis'
import { StoreUnavailable } from '../../services/store-port.ts'

const refusal =
  'Redis refuses the database number that REDIS_URL asks for: see "databases" in its configuration; a cluster has number 0 alone.'

/**
 * Makes a new client work on the database of its address, or not at all, and what is made of it as well. ioredis goes on
 * with database 0 when the server refuses to change to another: two deployments would then replay each other's keys, and
 * work off each other's imports.
 */
export function onOneDatabase(client: Redis): Redis {
  const { select, duplicate } = client
  const selectOrAway = (database: number) =>
    select.call(client, database).catch((error: Error) => {
      if (error.name !== 'ReplyError') throw error
      if (client.listenerCount('error') > 0) client.emit('error', new StoreUnavailable(refusal))
      client.disconnect(true)
      // The client is ready only after this answer, which it never gets on this connection; it makes another one.
      return new Promise<never>(() => {})
    })
  const duplicateSo = (override?: Partial<RedisOptions>) => onOneDatabase(duplicate.call(client, override) as Redis)
  return Object.assign(client, { select: selectOrAway, duplicate: duplicateSo }) as unknown as Redis
}
