import { type ActivityPart, isBreakerState } from '../../domain/activity.ts'
import type { AccountPart, SharedActivity } from '../../services/activity/activity.ts'
import type { RedisConnection } from './connection.ts'

/** The hour that is shown, and some time for who reads it. */
const keptSeconds = 65 * 60

/** One hash a minute: of each account and replica, with a blank between, what it has seen, as JSON. */
function keyOf(minute: number): string {
  return `cgw:activity:{${minute}}`
}

/** What replicas tell each other of their calls, in Redis. To tell the same again changes nothing. */
export function redisActivity(connection: RedisConnection): SharedActivity {
  return {
    async tell(minute, replica, parts) {
      if (parts.size === 0) return
      const key = keyOf(minute)
      const fields = [...parts].flatMap(([account, part]) => [`${account} ${replica}`, JSON.stringify(part)])
      await connection.run((redis) => Promise.all([redis.hset(key, ...fields), redis.expire(key, keptSeconds)]))
    },
    async read(minutes) {
      const found = await connection.run((redis) => Promise.all(minutes.map((minute) => redis.hgetall(keyOf(minute)))))
      return new Map(minutes.map((minute, place) => [minute, Object.entries(found[place] ?? {}).flatMap(readPart)]))
    },
  }
}

/** What another version may have written otherwise is passed over. */
function readPart([field, text]: readonly [string, string]): AccountPart[] {
  const [account = ''] = field.split(' ')
  const part = JSON.parse(text) as ActivityPart
  return isBreakerState(part.breaker) && Array.isArray(part.buckets) ? [{ account, part }] : []
}
