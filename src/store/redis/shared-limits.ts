import type { SharedCounts } from '../../domain/quota.ts'
import type { SharedActivity } from '../../services/activity/activity.ts'
import { openRedisConnection } from './connection.ts'
import { runScript } from './scripts.ts'
import { redisActivity } from './shared-activity.ts'

/** A shared pace, as the calls to providers need it; `book` fails when Redis cannot be asked. */
export type SharedPace = {
  book(count: number): Promise<{ readonly count: number; readonly waitMs: number }>
}

/** What the replicas of a gateway count together. Each method is one round trip and fails within a second. */
export type SharedLimits = {
  readonly counts: SharedCounts
  /** So many calls in each period, for the account. */
  pace(account: string, calls: number, periodMs: number): SharedPace
  readonly activity: SharedActivity
  close(): Promise<void>
}

/**
 * Limits in Redis, on a connection of their own: they must not stand in line behind answers of a megabyte. Does not wait
 * for Redis, and fails for a URL that cannot be read. Losing these keys, or a failover that forgets some, does no harm.
 */
export function openRedisLimits(url: string): SharedLimits {
  const connection = openRedisConnection({ url })
  const numbers = async (reply: Promise<unknown>) => (await reply) as [number, number]
  return {
    counts: {
      async add(key, count, windowMs) {
        const parts = [`cgw:quota:{${key}}`, count, Math.ceil(windowMs)] as const
        const [total, msLeft] = await numbers(connection.run((client) => runScript(client, 'tally', ...parts)))
        return { total, msLeft }
      },
    },
    pace: (account, calls, periodMs) => ({
      async book(wanted) {
        const parts = [`cgw:pace:{${account}}`, calls, Math.ceil(periodMs * 1000), wanted] as const
        const [count, waitMicros] = await numbers(connection.run((client) => runScript(client, 'pace', ...parts)))
        return { count, waitMs: waitMicros / 1000 }
      },
    }),
    activity: redisActivity(connection),
    close: () => connection.close(),
  }
}
