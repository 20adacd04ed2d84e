import type { Cluster, Redis } from 'ioredis'
import { type Erasure, statusOfErasure } from '../../domain/erasure.ts'
import type { ErasurePage, ErasureQuery, ErasureStore, StoredErasure } from '../../services/erasure-store-port.ts'
import { indexOf, isWanted } from '../erasure-codec.ts'
import type { RedisConnection } from './connection.ts'
import type { Durably } from './durability.ts'
import { erasureOutboxKey } from './events/event-keys.ts'
import { runScript, type ScriptName } from './scripts.ts'

/** As `lua/erasure-begin.lua` describes them. */
const [recordsKey, orderKey, wakesKey, peopleKey, endsKey] = ['records', 'order', 'wakes', 'people', 'ends'].map(
  (name) => `cgw:{erasures}:${name}`,
) as [string, string, string, string, string]
const keys = [recordsKey, orderKey, wakesKey, peopleKey, endsKey] as const

/** Erasures that are looked through for a page. */
const mostLooked = 500

/** Erasures in Redis. */
export function redisErasures(connection: RedisConnection, durably: Durably): ErasureStore {
  const get = async (id: string): Promise<StoredErasure | undefined> => {
    const [held, endsAt] = await connection.run((client) =>
      Promise.all([client.hget(recordsKey, id), client.zscore(endsKey, id)]),
    )
    return held === null || isOver(endsAt) ? undefined : toStored(held)
  }
  const run = (name: ScriptName, ...parts: (string | number)[]) =>
    durably((client) => runScript(client, name, ...keys, ...parts))

  return {
    async begin(erasure, people) {
      const { id, createdAt, wakeAt } = indexOf(erasure)
      const kept = String(await run('erasure-begin', id, createdAt, wakeAt, JSON.stringify(erasure), ...people))
      // Another one may be completed, and gone, between the two.
      return (kept === id ? undefined : await get(kept)) ?? { erasure, version: 1 }
    },
    get,
    async replace({ version }, after, keepMs, event) {
      const { id, wakeAt, status } = indexOf(after)
      const isDone = status === 'completed'
      const told = event === undefined ? '' : JSON.stringify(event)
      const parts = [
        erasureOutboxKey,
        id,
        version,
        isDone ? -1 : wakeAt,
        JSON.stringify(after),
        isDone ? keepMs : -1,
        told,
      ]
      return (await run('erasure-replace', ...parts)) === 1 ? { erasure: after, version: version + 1 } : undefined
    },
    page: (query) => connection.run((client) => readPage(client, query)),
    async unfinished() {
      const ids = await connection.run((client) => client.hkeys(peopleKey))
      const found = ids.length === 0 ? [] : await connection.run((client) => client.hmget(recordsKey, ...ids))
      return found.flatMap((held) => {
        if (held === null) return []
        const { erasure } = toStored(held)
        const { id, createdAt, dueAt } = erasure
        return [{ id, createdAt, dueAt, status: statusOfErasure(erasure) }]
      })
    },
    async take(now, leaseMs) {
      const held = await connection.run((client) => runScript(client, 'erasure-take', ...keys, now, leaseMs))
      return held === null ? undefined : toStored(String(held))
    },
    hasWork: async () => (await connection.run((client) => client.zcard(wakesKey))) > 0,
    async hold(id, until) {
      await connection.run((client) => client.zadd(wakesKey, 'XX', until, id))
    },
    // An append-only file is written anew when Redis, or its operator, says so (docs/operate/erasures.md).
    purge: async () => {},
  }
}

async function readPage(client: Redis | Cluster, { limit, from, ...wanted }: ErasureQuery): Promise<ErasurePage> {
  const [createdAt, after] = from?.split(' ') ?? ['+inf']
  // The ids of one millisecond are in the order of the alphabet, backwards.
  const flat = await client.zrevrangebyscore(
    orderKey,
    createdAt ?? '+inf',
    '-inf',
    'WITHSCORES',
    'LIMIT',
    0,
    mostLooked,
  )
  const places = flat.flatMap((id, at) => (at % 2 === 0 ? [{ id, createdAt: flat[at + 1] as string }] : []))
  const isBefore = (place: (typeof places)[number]) =>
    after === undefined || Number(place.createdAt) < Number(createdAt) || place.id < after
  const left = places.filter(isBefore)
  if (left.length === 0) return { items: [], next: undefined }
  const ids = left.map(({ id }) => id)
  const [held, ends] = await Promise.all([
    client.hmget(recordsKey, ...ids),
    Promise.all(ids.map((id) => client.zscore(endsKey, id))),
  ])
  const items: StoredErasure[] = []
  for (const [index, place] of left.entries()) {
    const stored = held[index] && !isOver(ends[index] ?? null) ? toStored(held[index]) : undefined
    if (stored !== undefined && isWanted(indexOf(stored.erasure), wanted)) items.push(stored)
    const isLast = index === left.length - 1
    if (items.length === limit || isLast) {
      const hasMore = !isLast || places.length === mostLooked
      return { items, next: hasMore ? `${place.createdAt} ${place.id}` : undefined }
    }
  }
  return { items, next: undefined }
}

function toStored(held: string): StoredErasure {
  const space = held.indexOf(' ')
  return { version: Number(held.slice(0, space)), erasure: JSON.parse(held.slice(space + 1)) as Erasure }
}

function isOver(endsAt: string | null): boolean {
  return endsAt !== null && Number(endsAt) <= Date.now()
}
