import { randomUUID } from 'node:crypto'
import { type ImportPlace, isUnfinished, type PlaceLimits, placeLeaseMs } from '../../../services/import-store-port.ts'
import { importLifetimes } from '../../import-lifetimes.ts'
import type { RedisConnection } from '../connection.ts'
import { runScript } from '../scripts.ts'
import {
  allImportsKey,
  clientBytesKey,
  clientKey,
  clientPlacesKey,
  clientUnfinishedKey,
  comingInKey,
  importKeys,
} from './import-keys.ts'

const keepMs = importLifetimes.unfinished + importLifetimes.ended
/** Another may take the room that was made. */
const tries = 3

/** Takes a place; of imports that have ended the oldest are deleted where there is too much. */
export async function takePlace(
  connection: RedisConnection,
  client: string,
  limits: PlaceLimits,
): Promise<ImportPlace | 'imports' | 'bytes'> {
  const id = randomUUID()
  const keys = [clientPlacesKey(client), clientUnfinishedKey(client), clientBytesKey(client)] as const
  const parts = [id, placeLeaseMs, limits.most, limits.bytes, limits.mostBytes, keepMs]
  const deleted: string[] = []
  await forgetEnded(connection, client)
  for (let attempt = 1; ; attempt++) {
    const surplus = Number(await connection.run((redis) => runScript(redis, 'import-place', ...keys, ...parts)))
    if (surplus === 0) break
    if (surplus < 0) return 'imports'
    if (attempt > tries || !(await makeRoom(connection, client, surplus, deleted))) return 'bytes'
  }
  await noteComingIn(connection, id)
  return placeOf(connection, client, id, deleted)
}

/** Clocks differ, and a process that stands still renews late: a place counts for so much longer. */
const slackMs = placeLeaseMs

async function noteComingIn(connection: RedisConnection, id: string): Promise<void> {
  const now = Date.now()
  await connection.run((redis) =>
    redis
      .multi()
      .zremrangebyscore(comingInKey, '-inf', now - slackMs)
      .zadd(comingInKey, now + placeLeaseMs, id)
      .exec(),
  )
}

/** The places of all clients. */
export function readComingIn(connection: RedisConnection): Promise<readonly string[]> {
  return connection.run((redis) => redis.zrangebyscore(comingInKey, `(${Date.now() - slackMs}`, '+inf'))
}

function placeOf(connection: RedisConnection, client: string, id: string, deleted: readonly string[]): ImportPlace {
  const places = clientPlacesKey(client)
  return {
    id,
    deleted,
    async renew() {
      await Promise.all([
        connection.run((redis) => runScript(redis, 'import-place-renew', places, id, placeLeaseMs)),
        connection.run((redis) => redis.zadd(comingInKey, 'XX', Date.now() + placeLeaseMs, id)),
      ])
    },
    async giveBack() {
      const [had] = await Promise.all([
        connection.run((redis) => redis.zrem(places, id)),
        connection.run((redis) => redis.zrem(comingInKey, id)),
      ])
      if (had > 0) await connection.run((redis) => redis.hdel(clientBytesKey(client), id))
    },
  }
}

/** How many of the client's imports are unfinished. Those that have ended are counted no longer, and measured a last time. */
export async function forgetEnded(connection: RedisConnection, client: string): Promise<number> {
  const key = clientUnfinishedKey(client)
  const ids = await connection.run((redis) => redis.smembers(key))
  const found = await Promise.all(
    ids.map((id) => connection.run((redis) => redis.hmget(importKeys(id).record, 's', 'y'))),
  )
  const ended = ids.filter((_id, index) => found[index]?.[0] !== 'draft' && !isUnfinished(found[index]?.[0]))
  if (ended.length > 0) {
    const bytes: string[] = ended.flatMap((id) => [id, found[ids.indexOf(id)]?.[1] ?? '0'])
    await connection.run((redis) =>
      redis
        .multi()
        .srem(key, ...ended)
        .hset(clientBytesKey(client), ...bytes)
        .exec(),
    )
  }
  return found.filter((one) => isUnfinished(one[0])).length
}

/**
 * Deletes imports that have ended, the oldest first, until so many bytes are free. False: that was not to be had, and nothing
 * was deleted but the sizes of what had expired by itself.
 */
async function makeRoom(
  connection: RedisConnection,
  client: string,
  surplus: number,
  deleted: string[],
): Promise<boolean> {
  const sizes = await connection.run((redis) => redis.hgetall(clientBytesKey(client)))
  const ids = await connection.run((redis) => redis.zrange(clientKey(client), '0', '-1'))
  const statuses = await connection.run((redis) => Promise.all(ids.map((id) => redis.hget(importKeys(id).record, 's'))))
  const isThere = new Set(ids.filter((_id, index) => statuses[index] !== null))
  const sizeOf = (id: string) => Number(sizes[id] ?? 0)
  let missing = surplus
  for (const id of Object.keys(sizes))
    if (!isThere.has(id) && (await forgetSize(connection, client, id))) missing -= sizeOf(id)
  const going: string[] = []
  for (const [index, id] of ids.entries()) {
    const hasEnded = isThere.has(id) && statuses[index] !== 'draft' && !isUnfinished(statuses[index])
    if (missing <= 0 || !hasEnded) continue
    going.push(id)
    missing -= sizeOf(id)
  }
  if (missing > 0) return false
  for (const id of going) if (await removeImport(connection, client, id)) deleted.push(id)
  return true
}

/** Not the size of a place. */
async function forgetSize(connection: RedisConnection, client: string, id: string): Promise<boolean> {
  const until = await connection.run((redis) => redis.zscore(clientPlacesKey(client), id))
  if (until !== null) return false
  return (await connection.run((redis) => redis.hdel(clientBytesKey(client), id))) > 0
}

/** Deletes an import that has ended, with all that is kept of it. False: it has not ended, or there is none. */
export async function removeImport(connection: RedisConnection, client: string, id: string): Promise<boolean> {
  const removed = await connection.run((redis) => runScript(redis, 'import-remove', ...importKeys(id).all))
  if (removed !== 1) return false
  await connection.run((redis) => redis.zrem(allImportsKey, id))
  await connection.run((redis) =>
    redis
      .multi()
      .zrem(clientKey(client), id)
      .srem(clientUnfinishedKey(client), id)
      .hdel(clientBytesKey(client), id)
      .exec(),
  )
  return true
}
