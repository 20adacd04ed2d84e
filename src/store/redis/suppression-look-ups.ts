import type { Cluster, Redis } from 'ioredis'
import { idAt, idLength, type PackedIds, type SuppressionStore } from '../../services/suppression-store-port.ts'
import { BytesCommand } from './bytes-command.ts'
import type { RedisConnection } from './connection.ts'
import { gatherAsks } from './gather-asks.ts'
import { runWithKeys } from './scripts.ts'
import { entriesKey, listPartNames } from './suppression-parts.ts'

/** So many ids weigh as much as a short script. */
const idsOfWeight = 8
/** That many are asked for with one command. */
const mostIds = 512
/** From so many on those that go alone are gathered by part. */
const severalIds = 8

/** By the first byte of an id, made once: a key is asked for with every contact. */
const entriesKeys: readonly string[] = Array.from({ length: 128 }, (_, byte) => entriesKey(String.fromCharCode(byte)))
const nameBytes = Buffer.from(listPartNames, 'latin1')

/** Asks on which channels addresses are suppressed: with one command, beside those of other requests. */
export function redisLookUp(connection: RedisConnection): SuppressionStore['lookUp'] {
  const ask = gatherAsks<PackedIds, Uint8Array>(connection, {
    together: lookUpTogether,
    alone: (client, ids) => (countOf(ids) < severalIds ? lookUpFew(client, ids) : lookUpByPart(client, ids)),
    weigh: (ids) => Math.ceil(countOf(ids) / idsOfWeight),
  })
  return (ids) => (countOf(ids) <= mostIds ? ask(ids) : askInParts(ids, ask))
}

function countOf(ids: PackedIds): number {
  return ids.length / idLength
}

async function askInParts(ids: PackedIds, ask: SuppressionStore['lookUp']): Promise<Uint8Array> {
  const asked: ReturnType<typeof ask>[] = []
  const size = mostIds * idLength
  for (let from = 0; from < ids.length; from += size) asked.push(ask(ids.subarray(from, from + size)))
  return Buffer.concat(await Promise.all(asked))
}

/** Those of several requests, with one command. */
async function lookUpTogether(client: Redis, asked: readonly PackedIds[]): Promise<readonly Uint8Array[]> {
  const ids = asked.length === 1 ? (asked[0] as PackedIds) : Buffer.concat(asked)
  const { keys, names } = partsOf(ids)
  const found = (await runWithKeys(client, 'suppression-look-up', keys.length, [...keys, names, ids])) as Buffer
  if (asked.length === 1) return [found]
  let upTo = 0
  return asked.map((ofOne) => {
    const from = upTo
    upTo += countOf(ofOne)
    return found.subarray(from, upTo)
  })
}

/** The parts of the list that ids are in, once each. */
function partsOf(ids: PackedIds): { readonly keys: readonly string[]; readonly names: string } {
  isAmong.fill(0)
  for (let at = 0; at < ids.length; at += idLength) isAmong[ids[at] as number] = 1
  const keys: string[] = []
  let names = ''
  for (const byte of nameBytes) {
    if (isAmong[byte] !== 1) continue
    keys.push(entriesKeys[byte] as string)
    names += String.fromCharCode(byte)
  }
  return { keys, names }
}

/** By the first byte; kept, as nothing else happens while it is filled and read. */
const isAmong = new Uint8Array(256)

/** With one command for each part of the list that some of them are in. */
async function lookUpByPart(client: Redis | Cluster, ids: PackedIds): Promise<Uint8Array> {
  const numbersOf = new Map<string, number[]>()
  for (let number = 0; number < countOf(ids); number++) {
    const key = entriesKeys[ids[number * idLength] as number] as string
    const numbers = numbersOf.get(key)
    if (numbers === undefined) numbersOf.set(key, [number])
    else numbers.push(number)
  }
  const asked = [...numbersOf].map(([key, numbers]) => {
    const ofKey = numbers.map((number) => idAt(ids, number))
    return client.sendCommand(new BytesCommand('hmget', [key, ...ofKey])) as Promise<readonly (Buffer | null)[]>
  })
  const found = new Uint8Array(countOf(ids))
  const answers = (await Promise.all(asked)).values()
  for (const numbers of numbersOf.values()) {
    const { value: entries = [] } = answers.next()
    for (let at = 0; at < numbers.length; at++) found[numbers[at] as number] = entries[at]?.[0] ?? 0
  }
  return found
}

async function lookUpFew(client: Redis | Cluster, ids: PackedIds): Promise<Uint8Array> {
  const asked: unknown[] = []
  for (let number = 0; number < countOf(ids); number++) {
    const id = idAt(ids, number)
    asked.push(client.sendCommand(new BytesCommand('hget', [entriesKeys[id[0] as number] as string, id])))
  }
  const entries = (await Promise.all(asked)) as readonly (Buffer | null)[]
  return Uint8Array.from(entries, (entry) => entry?.[0] ?? 0)
}
