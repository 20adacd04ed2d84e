import type { Static } from 'typebox'
import { addressMatcher, parseAddressBlock } from '../domain/ip-address.ts'
import { type ClientConfig, type ClientKey, ClientSchema } from './client-schema.ts'
import { checkReference, readEntries } from './entries.ts'
import { frozenSet } from './freeze.ts'
import type { Path } from './mistakes.ts'
import { readShape, type Sound } from './read-shape.ts'
import type { Reading } from './reading.ts'
import { readWebhooks, type WebhookConfig, type WebhookSurroundings } from './webhooks.ts'

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
  around: Omit<WebhookSurroundings, 'secretsSeen'>,
  reading: Reading,
): ReadonlyMap<string, ClientConfig> {
  const clients = new Map<string, ClientConfig>()
  const ownerOf = new Map<string, string>()
  const secretsSeen = new Map<string, string>()
  for (const [id, entry] of readEntries(value, ['clients'], 'client', reading)) {
    const path = ['clients', id]
    const before = reading.mistakes.count
    const client = readShape(ClientSchema, entry, path, reading) ?? {}
    checkKeys(id, client.keys ?? [], ownerOf, reading)
    checkNarrowing(client.keys ?? [], client.scopes ?? [], path, reading)
    checkBlocks(client.networks ?? [], [...path, 'networks'], reading)
    for (const [name, kind] of [
      ['lists', 'list'],
      ['accounts', 'account'],
    ] as const) {
      client[name]?.forEach((reference, index) => {
        if (reference !== everything) checkReference(reference, kind, known[name], [...path, name, index], reading)
      })
    }
    if (client.scopes?.includes('erasures') && client.accounts?.includes(everything) !== true)
      reading.mistakes.add([...path, 'scopes'], erasesEverywhere)
    const { webhooks: given = [], scopes = [] } = client
    const webhooks = readWebhooks(given, { id, scopes }, [...path, 'webhooks'], { ...around, secretsSeen }, reading)
    if (reading.mistakes.count === before)
      clients.set(id, toClient(id, client as Static<typeof ClientSchema>, webhooks))
  }
  return clients
}

const erasesEverywhere = 'erasures go to every account: a client with the scope erasures needs accounts: ["*"]'

function toClient(id: string, client: Static<typeof ClientSchema>, webhooks: readonly WebhookConfig[]): ClientConfig {
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
    webhooks,
  }
}

function permission(ids: readonly string[]): (id: string) => boolean {
  if (ids.includes(everything)) return () => true
  const allowed = new Set(ids)
  return (id) => allowed.has(id)
}

function toKey({ hash, expiresAt, scopes, networks }: Static<typeof ClientSchema>['keys'][number]): ClientKey {
  return {
    hash: hash.slice('sha256:'.length),
    expiresAt: expiresAt === undefined ? undefined : Date.parse(expiresAt),
    scopes,
    networks,
  }
}

type Keys = NonNullable<Sound<Static<typeof ClientSchema>>['keys']>

function checkKeys(id: string, keys: Keys, ownerOf: Map<string, string>, reading: Reading): void {
  keys.forEach((key, index) => {
    const path = ['clients', id, 'keys', index]
    if (key?.hash !== undefined) {
      const owner = ownerOf.get(key.hash)
      const place = [...path, 'hash']
      if (owner === id) reading.mistakes.add(place, 'stands there twice')
      else if (owner !== undefined) reading.mistakes.add(place, `is a key of client ${owner} already`)
      ownerOf.set(key.hash, owner ?? id)
    }
    if (key?.expiresAt !== undefined) checkExpiry(key.expiresAt, [...path, 'expiresAt'], reading)
  })
}

/** A key has no scope that its client lacks: nobody would look for it there. */
function checkNarrowing(keys: Keys, scopes: readonly unknown[], path: Path, reading: Reading): void {
  keys.forEach((key, index) => {
    const place = [...path, 'keys', index]
    key?.scopes?.forEach((scope, at) => {
      if (scope !== undefined && !scopes.includes(scope))
        reading.mistakes.add([...place, 'scopes', at], 'is no scope of the client: a key can only have fewer')
    })
    checkBlocks(key?.networks ?? [], [...place, 'networks'], reading)
  })
}

/** RFC 3339 allows a leap second, which the clock of the process does not know. */
function checkExpiry(expiresAt: string, path: Path, { mistakes }: Reading): void {
  if (Number.isNaN(Date.parse(expiresAt))) mistakes.add(path, 'must be a time without a leap second')
}

/** Notes what is no CIDR block. */
export function checkBlocks(blocks: readonly (string | undefined)[], path: Path, { mistakes }: Reading): void {
  blocks.forEach((text, index) => {
    if (text === undefined || parseAddressBlock(text) !== undefined) return
    const example = 'such as 10.0.0.0/8, or 10.1.2.3/32 for one address'
    mistakes.add([...path, index], `must be a CIDR block, ${example}`)
  })
}
