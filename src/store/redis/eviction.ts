import { Cluster, type Redis } from 'ioredis'
import type { RedisConnection } from './connection.ts'

/** Warns of an eviction policy under which Redis drops records when its memory is full; empty when there is none. */
export async function warnOfEviction(connection: RedisConnection): Promise<readonly string[]> {
  const policies = await connection.run((client) =>
    Promise.all((client instanceof Cluster ? client.nodes('master') : [client]).map(readPolicy)),
  )
  const bad = new Set(policies.filter((policy) => policy !== 'noeviction'))
  return [...bad].map((policy) =>
    policy === undefined
      ? 'Redis does not tell its maxmemory-policy (CONFIG GET and INFO are forbidden). Make sure that it is noeviction: ' +
        'any other drops idempotency records when the memory is full, and a repeated request would be sent twice.'
      : `Redis has maxmemory-policy ${policy}: it drops idempotency records when its memory is full, and a repeated ` +
        'request would be sent twice. Mend it with CONFIG SET maxmemory-policy noeviction (and in redis.conf), or in ' +
        'the parameter group of a managed Redis. If others need this Redis as a cache, give the gateway one of its own.',
  )
}

/** `CONFIG` is often forbidden on a managed Redis, where `INFO` tells the same. Undefined: both are. */
async function readPolicy(server: Redis): Promise<string | undefined> {
  const config = await unlessForbidden(server.config('GET', 'maxmemory-policy'))
  if (config?.[1]) return config[1]
  const info = await unlessForbidden(server.info('memory'))
  return /maxmemory_policy:(\S+)/.exec(info ?? '')?.[1]
}

/** `undefined`: Redis does not let us ask. */
export function unlessForbidden<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: Error) => {
    if (/^(NOPERM|ERR unknown command)/.test(error.message)) return undefined
    throw error
  })
}
