import type { Cluster, Redis } from 'ioredis'
import type { ChannelSet } from '../../domain/suppression.ts'
import type { SuppressionStore } from '../../services/suppression-store-port.ts'
import { BytesCommand } from './bytes-command.ts'
import type { RedisConnection } from './connection.ts'
import { gatherAsks } from './gather-asks.ts'
import { runWithKeys } from './scripts.ts'
import { entriesKey, listParts } from './suppression-parts.ts'

/** So many ids weigh as much as a short script. */
const idsOfWeight = 8
/** That many are asked for with one command. */
const mostIds = 512
/** From so many on those that go alone are gathered by part. */
const severalIds = 8

/** Made once: a key is asked for with every contact. */
const entriesKeys = new Map(listParts.map((part) => [part, entriesKey(part)]))
function entriesKeyOf(id: string): string {
  return entriesKeys.get(id.charAt(0)) as string
}

/** Asks on which channels addresses are suppressed: with one command, beside those of other requests. */
export function redisLookUp(connection: RedisConnection): SuppressionStore['lookUp'] {
  const ask = gatherAsks<readonly string[], readonly ChannelSet[]>(connection, {
    together: lookUpTogether,
    alone: (client, ids) => (ids.length < severalIds ? lookUpFew(client, ids) : lookUpByPart(client, ids)),
    weigh: (ids) => Math.ceil(ids.length / idsOfWeight),
  })
  return (ids) => (ids.length <= mostIds ? ask(ids) : askInParts(ids, ask))
}

async function askInParts(ids: readonly string[], ask: SuppressionStore['lookUp']): Promise<readonly ChannelSet[]> {
  const asked: ReturnType<typeof ask>[] = []
  for (let from = 0; from < ids.length; from += mostIds) asked.push(ask(ids.slice(from, from + mostIds)))
  return (await Promise.all(asked)).flat()
}

/** With one command for each part of the list that some of them are in. */
async function lookUpByPart(client: Redis | Cluster, ids: readonly string[]): Promise<readonly ChannelSet[]> {
  const placesOf = new Map<string, number[]>()
  for (let place = 0; place < ids.length; place++) {
    const key = entriesKeyOf(ids[place] as string)
    const places = placesOf.get(key)
    if (places === undefined) placesOf.set(key, [place])
    else places.push(place)
  }
  const asked = [...placesOf].map(([key, places]) => {
    const ofKey = places.map((place) => ids[place] as string)
    return client.sendCommand(new BytesCommand('hmget', [key, ...ofKey])) as Promise<readonly (Buffer | null)[]>
  })
  const found = new Array<ChannelSet>(ids.length).fill(0)
  const answers = (await Promise.all(asked)).values()
  for (const places of placesOf.values()) {
    const { value: entries = [] } = answers.next()
    for (let at = 0; at < places.length; at++) found[places[at] as number] = entries[at]?.[0] ?? 0
  }
  return found
}

/** Those of several requests, with one command. */
async function lookUpTogether(client: Redis, asked: readonly (readonly string[])[]) {
  const ids = asked.length === 1 ? (asked[0] as readonly string[]) : asked.flat()
  const parts: string[] = []
  for (let place = 0; place < ids.length; place++) parts.push(entriesKeyOf(ids[place] as string))
  for (let place = 0; place < ids.length; place++) parts.push(ids[place] as string)
  const found = (await runWithKeys(client, 'suppression-look-up', ids.length, parts)) as Buffer
  let at = 0
  return asked.map((ofOne) => ofOne.map(() => found[at++] as ChannelSet))
}

function lookUpFew(client: Redis | Cluster, ids: readonly string[]): Promise<readonly ChannelSet[]> {
  return Promise.all(
    ids.map(async (id) => {
      const entry = (await client.sendCommand(new BytesCommand('hget', [entriesKeyOf(id), id]))) as Buffer | null
      return entry?.[0] ?? 0
    }),
  )
}
