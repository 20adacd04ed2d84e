import { inject } from 'vitest'
import type { RedisStart, RunningRedis } from './redis-server.ts'
import { type RedisSource, startFrom } from './redis-source.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The Redis that all test files share: `redis://127.0.0.1:<port>`. */
    redisUrl: string
    /** How `startRedis` gets a server of its own; the text says why it cannot. */
    redisSource: RedisSource | string
  }
}

/**
 * The URL of the Redis that all test files share, at the same time. Use keys of your own, never `FLUSHALL`, `CONFIG SET`
 * or `SCRIPT FLUSH`: a test that needs those, or that stops the server, takes one by `startRedis`.
 */
export function sharedRedisUrl(): string {
  return inject('redisUrl')
}

/**
 * A Redis for one test, on a free port, that can be killed and started again.
 * `appendOnly`: every write is on the disk before it is answered, so that a kill loses nothing.
 */
export async function startRedis(options: RedisStart = {}): Promise<RunningRedis> {
  const source = inject('redisSource')
  if (typeof source === 'string') throw new Error(source)
  return startFrom(source, options)
}
