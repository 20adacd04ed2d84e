import { hash, randomBytes } from 'node:crypto'
import { type Client, type ClientDirectory, type KeyEnd, type KnownKey, keyIdOf } from '../domain/client.ts'
import { addressMatcher } from '../domain/ip-address.ts'
import type { ClientConfig, ClientKey } from './client-schema.ts'
import { idPattern } from './schema.ts'

/** `cgw_<clientId>_<secret>`: a secret is 32 bytes in base64url. */
const keyForm = /^cgw_[a-z0-9][a-z0-9-]{0,63}_[A-Za-z0-9_-]{43}$/
const secretBytes = 32

/**
 * Makes the directory in which keys are looked up. Every key is hashed, whatever it looks like, and the hash (never the
 * key) is looked up in one map: malformed, unknown, revoked and expired keys, and those whose hash stands under another
 * client than the one that they name, take the same way and time. What the look-up time could tell is about hashes, and a
 * caller cannot choose the hash of a key.
 */
export function createClientDirectory(clients: Iterable<ClientConfig>): ClientDirectory {
  const entries = new Map<string, { readonly known: KnownKey; readonly prefix: string; readonly expiresAt: number }>()
  for (const client of clients) {
    for (const key of client.keys) {
      const known = { id: keyIdOf(key.hash), client: narrowed(client, key) }
      const expiresAt = key.expiresAt ?? Number.POSITIVE_INFINITY
      entries.set(key.hash, { known, prefix: `cgw_${client.id}_`, expiresAt })
    }
  }
  return {
    byKey(key, now) {
      const entry = entries.get(hash('sha256', key, 'hex'))
      const isWellFormed = keyForm.test(key)
      if (entry === undefined || now >= entry.expiresAt) return undefined
      return isWellFormed && key.startsWith(entry.prefix) ? entry.known : undefined
    },
  }
}

/** The keys that have an end. */
export function keyEndsOf(clients: Iterable<ClientConfig>): readonly KeyEnd[] {
  return [...clients].flatMap(({ id: client, keys }) =>
    keys.flatMap(({ hash, expiresAt }) => (expiresAt === undefined ? [] : { client, key: keyIdOf(hash), expiresAt })),
  )
}

/** The client as it is by one of its keys, which may have fewer scopes and networks. */
function narrowed(client: ClientConfig, { scopes, networks }: ClientKey): Client {
  if (scopes === undefined && networks === undefined) return client
  const isInNetworks = networks && addressMatcher(networks)
  return {
    ...client,
    scopes: new Set(scopes ?? client.scopes),
    allowsAddress: (address) => client.allowsAddress(address) && (isInNetworks?.(address) ?? true),
  }
}

/**
 * Makes a new key for a client. `hash` is what the configuration holds (`sha256:<hex>`); the key itself is kept nowhere.
 * Throws a RangeError when `clientId` is no id.
 */
export function createKey(clientId: string): { readonly key: string; readonly hash: string } {
  if (!idPattern.test(clientId)) throw new RangeError('A client id is 1 to 64 of a-z, 0-9 and "-"')
  const key = `cgw_${clientId}_${randomBytes(secretBytes).toString('base64url')}`
  return { key, hash: `sha256:${hash('sha256', key, 'hex')}` }
}
