import type { Cluster, Redis } from 'ioredis'
import {
  type Delivery,
  type DeliveryPage,
  type DeliveryQuery,
  mostDeliveries,
  type NewDelivery,
  type Payload,
  type StoredDelivery,
} from '../../../services/event-store-port.ts'
import { StoreUnavailable } from '../../../services/store-port.ts'
import { isOver, payloadAtEnd, timesOf } from '../../delivery-times.ts'
import type { RedisConnection } from '../connection.ts'
import type { Durably } from '../durability.ts'
import { runScript } from '../scripts.ts'
import { clientsKey, configuredKey, deliveryKeys } from './event-keys.ts'

/** Deliveries that are looked through for a page. */
const mostLooked = 500
/** Somebody else changes the same one. */
const mostTurns = 20

export type RedisDeliveries = ReturnType<typeof redisDeliveries>

/** The records of deliveries in Redis; `lua/delivery-add.lua` says what is kept. */
export function redisDeliveries(connection: RedisConnection, durably: Durably) {
  const get = async (client: string, id: string): Promise<StoredDelivery | undefined> => {
    const [records, payloads] = deliveryKeys(client)
    const [held, payload] = await connection.run((redis) =>
      Promise.all([redis.hget(records, id), redis.hget(payloads, id)]),
    )
    return toStored(held, payload)
  }
  /** False: somebody has changed it since. Without a payload that stays. */
  const replace = async (
    { version }: StoredDelivery,
    after: Delivery,
    payload: Payload | undefined,
  ): Promise<boolean> => {
    const { tryAt, keptUntil } = timesOf(after)
    const text = payload === undefined ? '' : JSON.stringify(payload)
    const parts = [after.id, version, JSON.stringify(after), tryAt, keptUntil, text]
    const keys = deliveryKeys(after.client)
    return (await durably((redis) => runScript(redis, 'delivery-replace', ...keys, ...parts))) === 1
  }
  const clients = () => connection.run((redis) => redis.smembers(clientsKey))
  return {
    get,
    async add(client: string, deliveries: readonly NewDelivery[], now: number): Promise<number> {
      const parts = deliveries.flatMap(({ delivery, payload }) => {
        const { tryAt, keptUntil } = timesOf(delivery)
        const record = JSON.stringify(delivery)
        return [delivery.id, delivery.createdAt, tryAt, keptUntil, record, JSON.stringify(payload)]
      })
      return durably(async (redis) => {
        // Where nobody says that they are configured, they are dropped some time.
        const endpoints = new Set(deliveries.map(({ delivery }) => delivery.endpoint))
        await Promise.all([
          redis.sadd(clientsKey, client),
          ...[...endpoints].map((endpoint) => redis.hsetnx(configuredKey, endpoint, `${now} ${client}`)),
        ])
        return Number(await runScript(redis, 'delivery-add', ...deliveryKeys(client), now, mostDeliveries, ...parts))
      })
    },
    /** Changes one, whoever else does so too; what it is then, or `undefined`: it is gone, or there is nothing to change. */
    async settle(
      client: string,
      id: string,
      change: (delivery: Delivery) => Delivery | undefined,
    ): Promise<Delivery | undefined> {
      for (let turn = 0; turn < mostTurns; turn++) {
        const stored = await get(client, id)
        const after = stored && change(stored.delivery)
        if (stored === undefined || after === undefined) return undefined
        if (await replace(stored, after, payloadAtEnd(after, stored.payload))) return after
      }
      throw new StoreUnavailable('Others change the same delivery all the time.')
    },
    page: (client: string, query: DeliveryQuery, now: number) =>
      connection.run((redis) => readPage(redis, deliveryKeys(client), query, now)),
    /** Those of a client that wait for their next try until `until`, the first ones first. */
    async waiting(client: string, until: number, from: number, limit: number): Promise<readonly Delivery[]> {
      const [records, , , waiting] = deliveryKeys(client)
      const ids = await connection.run((redis) => redis.zrangebyscore(waiting, '-inf', until, 'LIMIT', from, limit))
      if (ids.length === 0) return []
      const held = await connection.run((redis) => redis.hmget(records, ...ids))
      return held.flatMap((one) => toStored(one, null)?.delivery ?? [])
    },
    clients,
    /** Takes away from the payload of one what is not kept afterwards, where the body is such a one. */
    async lessen(client: string, id: string, isMeant: (body: string, id: string) => boolean): Promise<void> {
      for (let turn = 0; turn < mostTurns; turn++) {
        const stored = await get(client, id)
        const { body, afterwards } = stored?.payload ?? { body: '' }
        if (stored === undefined || afterwards === undefined || !isMeant(body, id)) return
        if (await replace(stored, stored.delivery, { body: afterwards })) return
      }
      throw new StoreUnavailable('Others change the same delivery all the time.')
    },
    async countPending(): Promise<number> {
      const all = await clients()
      const counts = await connection.run((redis) =>
        Promise.all(all.map((client) => redis.zcard(deliveryKeys(client)[3]))),
      )
      return counts.reduce((sum, count) => sum + count, 0)
    },
  }
}

async function readPage(
  redis: Redis | Cluster,
  [records, payloads, order]: ReturnType<typeof deliveryKeys>,
  { limit, from, state }: DeliveryQuery,
  now: number,
): Promise<DeliveryPage> {
  const [createdAt = '+inf', after] = from?.split(' ') ?? []
  // The ids of one millisecond are in the order of the alphabet, backwards.
  const flat = await redis.zrevrangebyscore(order, createdAt, '-inf', 'WITHSCORES', 'LIMIT', 0, mostLooked)
  const places = flat.flatMap((id, at) => (at % 2 === 0 ? [{ id, createdAt: flat[at + 1] as string }] : []))
  const left = places.filter((one) => after === undefined || one.createdAt !== createdAt || one.id < after)
  if (left.length === 0) return { items: [], next: undefined }
  const ids = left.map(({ id }) => id)
  const held = await redis.hmget(records, ...ids)
  const wanted: { readonly index: number; readonly id: string }[] = []
  let next: string | undefined
  for (const [index, place] of left.entries()) {
    const stored = toStored(held[index] ?? null, null)
    const isWanted =
      stored !== undefined && !isOver(stored, now) && (state ?? stored.delivery.state) === stored.delivery.state
    if (isWanted) wanted.push({ index, id: place.id })
    const isLast = index === left.length - 1
    if (wanted.length < limit && !isLast) continue
    next = isLast && places.length < mostLooked ? undefined : `${place.createdAt} ${place.id}`
    break
  }
  if (wanted.length === 0) return { items: [], next }
  const bodies = await redis.hmget(payloads, ...wanted.map(({ id }) => id))
  const items = wanted.flatMap(({ index }, at) => toStored(held[index] ?? null, bodies[at] ?? null) ?? [])
  return { items, next }
}

function toStored(held: string | null, payload: string | null): StoredDelivery | undefined {
  if (held === null) return undefined
  const space = held.indexOf(' ')
  return {
    version: Number(held.slice(0, space)),
    delivery: JSON.parse(held.slice(space + 1)) as Delivery,
    payload: payload === null ? { body: '' } : (JSON.parse(payload) as Payload),
  }
}
