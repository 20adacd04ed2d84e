import type { Cluster, Redis } from 'ioredis'
import type { ListChangeNote } from '../../services/event-store-port.ts'
import type {
  StoredSuppression,
  SuppressionChange,
  SuppressionPage,
  SuppressionQuery,
  SuppressionStore,
} from '../../services/suppression-store-port.ts'
import { decodeSuppression, encodeSuppression } from '../suppression-codec.ts'
import type { RedisConnection } from './connection.ts'
import { type Durably, warnOfLosses } from './durability.ts'
import { listOutboxKey } from './events/event-keys.ts'
import { type Reply, runScript } from './scripts.ts'
import { redisSuppressionKeys } from './suppression-keys.ts'
import { redisLookUp } from './suppression-look-ups.ts'
import { mergeParts, type PartOfPage, partArguments } from './suppression-pages.ts'
import { entriesKey, listPartNames, listParts, orderKey } from './suppression-parts.ts'

const keptCountMs = 2 * 86_400_000
const none = ''

/** The suppression list in Redis; `lua/suppression-replace.lua` says what is kept. */
export function redisSuppressions(connection: RedisConnection, durably: Durably): SuppressionStore {
  return {
    lookUp: redisLookUp(connection),
    find: (ids) => connection.run((client) => find(client, ids)),
    replace: (changes, note) => durably((client) => replace(client, changes, note)),
    remove: async (id, note) => {
      const part = id.charAt(0)
      const keys = [entriesKey(part), orderKey(part), listOutboxKey(part)]
      return (await durably((client) => runScript(client, 'suppression-remove', ...keys, id, headOf(note)))) === 1
    },
    page: (query) => connection.run((client) => page(client, query)),
    async count() {
      const counts = await connection.run((client) =>
        Promise.all(listParts.map((part) => client.hlen(entriesKey(part)))),
      )
      return counts.reduce((sum, count) => sum + count, 0)
    },
    async addNew(client, day, amount, limit) {
      const key = `cgw:suppressed:new:${day}:${client}`
      const parts = [key, amount, limit, keptCountMs] as const
      return (await connection.run((open) => runScript(open, 'suppression-quota', ...parts))) === 1
    },
    keys: redisSuppressionKeys(connection, durably),
    diagnose: () => warnOfLosses(connection),
  }
}

async function find(client: Redis | Cluster, ids: readonly string[]) {
  const found = await byPart(ids, (part, ofPart) => client.hmgetBuffer(entriesKey(part), ...ofPart))
  return found.map((bytes, index): StoredSuppression | undefined =>
    bytes ? decodeSuppression(ids[index] as string, bytes) : undefined,
  )
}

async function replace(
  client: Redis | Cluster,
  changes: readonly SuppressionChange[],
  note: ListChangeNote | undefined,
): Promise<readonly boolean[]> {
  const changeOf = new Map(changes.map((change) => [change.id, change]))
  const done = await byPart([...changeOf.keys()], async (part, ofPart) => {
    const parts = ofPart.flatMap((id) => {
      const { before, after } = changeOf.get(id) as SuppressionChange
      const address = note?.addresses?.[id]
      return [
        id,
        before?.version ?? none,
        encodeSuppression(after),
        address === undefined ? none : JSON.stringify(address),
      ]
    })
    const keys = [entriesKey(part), orderKey(part), listOutboxKey(part)]
    return (await runScript(client, 'suppression-replace', ...keys, headOf(note), ...parts)) as readonly number[]
  })
  return done.map((one) => one === 1)
}

/** An event up to its data, which the script adds: it alone knows what was changed. */
function headOf(note: ListChangeNote | undefined): string {
  if (note === undefined) return none
  const { cause, at, request } = note
  return `${JSON.stringify({ type: 'suppressions.changed', cause, at, request }).slice(0, -1)},`
}

/** Asks each part that there is for its ids, all at once; the answers are in the order of the ids. */
async function byPart<Answer>(
  ids: readonly string[],
  ask: (part: string, ofPart: readonly string[]) => Promise<readonly Answer[]>,
): Promise<readonly (Answer | undefined)[]> {
  const placesOf = Map.groupBy(ids.keys(), (index) => (ids[index] as string).charAt(0))
  const answers: (Answer | undefined)[] = new Array(ids.length).fill(undefined)
  await Promise.all(
    [...placesOf].map(async ([part, places]) => {
      const ofPart = await ask(
        part,
        places.map((place) => ids[place] as string),
      )
      for (const [index, place] of places.entries()) answers[place] = ofPart[index]
    }),
  )
  return answers
}

async function page(client: Redis | Cluster, query: SuppressionQuery): Promise<SuppressionPage> {
  const pages = await Promise.all(
    listParts.map(async (part): Promise<PartOfPage> => {
      const keys = [entriesKey(part), orderKey(part)]
      const [reached, ...flat] = (await runScript(
        client,
        'suppression-page',
        ...keys,
        part,
        ...partArguments(query, listPartNames.indexOf(part)),
      )) as readonly Reply[]
      return {
        part: listPartNames.indexOf(part),
        reached: String(reached),
        items: entriesOf(flat as readonly Buffer[]),
      }
    }),
  )
  return mergeParts(pages, query.limit)
}

function entriesOf(flat: readonly Buffer[]): StoredSuppression[] {
  const entries: StoredSuppression[] = []
  for (let at = 0; at + 1 < flat.length; at += 2)
    entries.push(decodeSuppression(String(flat[at]), flat[at + 1] as Buffer))
  return entries
}
