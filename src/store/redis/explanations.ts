import type { ExplanationPage, ExplanationQuery, ExplanationStore } from '../../services/explanation-store-port.ts'
import { type FoundHead, isSought, readHead } from '../explanation-codec.ts'
import type { RedisConnection } from './connection.ts'
import { runScript } from './scripts.ts'

/** Explanations that are looked through for a page. */
const mostLooked = 200

/** As `lua/explanation-keep.lua` describes them. */
function keysOf(client: string): readonly [records: string, order: string] {
  const tag = `cgw:{explained ${client}}`
  return [`${tag}:records`, `${tag}:order`]
}

/** Explanations of requests in Redis. What is over its time goes with the next that is kept, or with all. */
export function redisExplanations(connection: RedisConnection): ExplanationStore {
  return {
    async keep(client, explanations, { keepMs, most, mostBytes }) {
      const parts = explanations.flatMap(({ id, at, head, accounts }) => [id, Math.round(at), head, accounts])
      await connection.run((redis) =>
        runScript(redis, 'explanation-keep', ...keysOf(client), keepMs, most, mostBytes, ...parts),
      )
    },
    async get(client, id) {
      const [records] = keysOf(client)
      const [head = null, accounts] = await connection.run((redis) => redis.hmget(records, `h:${id}`, `a:${id}`))
      const found = head === null ? undefined : toFound(id, head)
      return found && { ...found, accounts: accounts ?? '[]' }
    },
    page: (client, query) => readPage(connection, client, query),
  }
}

async function readPage(
  connection: RedisConnection,
  client: string,
  { limit, from, ...sought }: ExplanationQuery,
): Promise<ExplanationPage> {
  const [records, order] = keysOf(client)
  const [latest, after] = from?.split(' ') ?? []
  const earliest = sought.since ?? '-inf'
  const flat = await connection.run((redis) =>
    redis.zrevrangebyscore(order, latest ?? '+inf', earliest, 'WITHSCORES', 'LIMIT', 0, mostLooked),
  )
  // The ids of one millisecond are in the order of the alphabet, backwards.
  const places = flat.flatMap((id, place) => (place % 2 === 0 ? [{ id, at: flat[place + 1] as string }] : []))
  const left = places.filter(({ id, at }) => after === undefined || Number(at) < Number(latest) || id < after)
  if (left.length === 0) return { items: [], next: undefined }
  const heads = await connection.run((redis) => redis.hmget(records, ...left.map(({ id }) => `h:${id}`)))
  const items: FoundHead[] = []
  for (const [index, { id, at }] of left.entries()) {
    const head = heads[index]
    const found = head ? toFound(id, head) : undefined
    if (found !== undefined && isSought(found, sought)) items.push(found)
    const isLast = index === left.length - 1
    if (items.length < limit && !isLast) continue
    return { items, next: !isLast || places.length === mostLooked ? `${at} ${id}` : undefined }
  }
  return { items, next: undefined }
}

function toFound(id: string, held: string): FoundHead | undefined {
  const [count = '', at = '', until = ''] = held.split(' ', 3)
  if (Number(until) <= Date.now()) return undefined
  const head = held.slice(count.length + at.length + until.length + 3)
  return readHead({ id, sameId: Number(count), at: Number(at), head })
}
