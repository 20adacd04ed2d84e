import type { Static } from 'typebox'
import { addressMatcher, parseAddressBlock } from '../domain/ip-address.ts'
import { checkReference, readEntries } from './entries.ts'
import { frozenSet } from './freeze.ts'
import type { Path } from './mistakes.ts'
import { readShape, type Sound } from './read-shape.ts'
import type { Reading } from './reading.ts'
import { type ClientConfig, type ClientKey, ClientSchema } from './schema.ts'

/** Ids that a client may name; `undefined` where they cannot be known, as their section is no section. */
export type KnownIds = {
  readonly lists: readonly string[] | undefined
  readonly accounts: readonly string[] | undefined
}

const everything = '*'

/** Reads `clients`. Complete only when no mistake was noted. */
export function readClients(
  value: unknown,
  known: KnownIds,
  now: number,
  reading: Reading,
): ReadonlyMap<string, ClientConfig> {
  const clients = new Map<string, ClientConfig>()
  const ownerOf = new Map<string, string>()
  for (const [id, entry] of readEntries(value, ['clients'], 'client', reading)) {
    const path = ['clients', id]
    const before = reading.mistakes.count
    const client = readShape(ClientSchema, entry, path, reading) ?? {}
    checkKeys(id, client.keys ?? [], ownerOf, now, reading)
    checkBlocks(client.networks ?? [], [...path, 'networks'], 'lets every address in', reading)
    for (const [name, kind] of [
      ['lists', 'list'],
      ['accounts', 'account'],
    ] as const) {
      client[name]?.forEach((reference, index) => {
        if (reference !== everything) checkReference(reference, kind, known[name], [...path, name, index], reading)
      })
    }
    if (reading.mistakes.count === before) clients.set(id, toClient(id, client as Static<typeof ClientSchema>))
  }
  return clients
}

function toClient(id: string, client: Static<typeof ClientSchema>): ClientConfig {
  const { keys, networks, scopes, lists, accounts, rateLimit, requireIdempotencyKey } = client
  return {
    id,
    keys: keys.map(toKey),
    networks,
    scopes: frozenSet(scopes),
    allowsAddress: addressMatcher(networks),
    lists,
    accounts,
    maySeeList: permission(lists),
    mayUseAccount: permission(accounts),
    rateLimit,
    requireIdempotencyKey,
  }
}

function permission(ids: readonly string[]): (id: string) => boolean {
  if (ids.includes(everything)) return () => true
  const allowed = new Set(ids)
  return (id) => allowed.has(id)
}

function toKey({ hash, expiresAt }: { readonly hash: string; readonly expiresAt?: string }): ClientKey {
  return {
    hash: hash.slice('sha256:'.length),
    expiresAt: expiresAt === undefined ? undefined : Date.parse(expiresAt),
  }
}

type Keys = NonNullable<Sound<Static<typeof ClientSchema>>['keys']>

function checkKeys(id: string, keys: Keys, ownerOf: Map<string, string>, now: number, reading: Reading): void {
  if (keys.length === 0) reading.warn(['clients', id, 'keys'], 'is empty: the client cannot call')
  keys.forEach((key, index) => {
    const path = ['clients', id, 'keys', index]
    if (key?.hash !== undefined) {
      const owner = ownerOf.get(key.hash)
      const place = [...path, 'hash']
      if (owner === id) reading.mistakes.add(place, 'stands there twice')
      else if (owner !== undefined) reading.mistakes.add(place, `is a key of client ${owner} already`)
      ownerOf.set(key.hash, owner ?? id)
    }
    if (key?.expiresAt !== undefined) checkExpiry(key.expiresAt, [...path, 'expiresAt'], now, reading)
  })
}

/** RFC 3339 allows a leap second, which the clock of the process does not know. */
function checkExpiry(expiresAt: string, path: Path, now: number, reading: Reading): void {
  const time = Date.parse(expiresAt)
  if (Number.isNaN(time)) reading.mistakes.add(path, 'must be a time without a leap second')
  else if (time <= now) reading.warn(path, 'is past: the key is refused')
}

/** Checks CIDR blocks, and warns of those that hold every address of a family. */
export function checkBlocks(
  blocks: readonly (string | undefined)[],
  path: Path,
  consequence: string,
  reading: Reading,
): void {
  blocks.forEach((text, index) => {
    if (text === undefined) return
    const block = parseAddressBlock(text)
    if (block === undefined) {
      const example = 'such as 10.0.0.0/8, or 10.1.2.3/32 for one address'
      reading.mistakes.add([...path, index], `must be a CIDR block, ${example}`)
    } else if (block.prefix === 0) {
      reading.warn([...path, index], `${block.family === 'ipv4' ? '0.0.0.0/0' : '::/0'} ${consequence}`)
    }
  })
}
