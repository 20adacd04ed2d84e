import { keyIdOf } from '../domain/client.ts'
import type { ClientConfig } from './client-schema.ts'
import type { AccountConfig, GatewayConfig, ListConfig } from './schema.ts'
import { Secret } from './secret.ts'

/** What is in one configuration and was not in another. */
export type Difference = { readonly added: readonly string[]; readonly removed: readonly string[] }

/** Of entries that have a name: which are new, as they are; which are gone; and what became another in the others. */
export type EntryChanges<New> = {
  readonly added: readonly New[]
  readonly removed: readonly string[]
  readonly changed: readonly ({ readonly id: string } & Readonly<Record<string, unknown>>)[]
}

type ClientGrants = Readonly<Record<'keys' | 'scopes' | 'networks' | 'lists' | 'accounts', readonly string[]>>
export type NewClient = ClientGrants & { readonly id: string }
export type NewList = { readonly id: string; readonly accounts: readonly string[] }
export type NewAccount = { readonly id: string; readonly provider: string }

/** Who may do more or less than before. Keys by their ids; no value of a setting, and no secret. */
export type ConfigurationChanges = {
  readonly clients: EntryChanges<NewClient>
  readonly lists: EntryChanges<NewList>
  readonly accounts: EntryChanges<NewAccount>
  readonly trustedProxies: Difference
}

type Compared = Pick<GatewayConfig, 'clients' | 'lists' | 'accounts'> & {
  readonly server: Pick<GatewayConfig['server'], 'trustedProxies'>
}

/** What the first configuration of a process is compared with. */
export const noConfiguration: Compared = {
  clients: new Map(),
  lists: new Map(),
  accounts: new Map(),
  server: { trustedProxies: [] },
}

export function compareConfigurations(before: Compared, now: Compared): ConfigurationChanges {
  return {
    clients: compareEntries(before.clients, now.clients, newClient, changesOfClient),
    lists: compareEntries(before.lists, now.lists, newList, changesOfFields),
    accounts: compareEntries(before.accounts, now.accounts, newAccount, changesOfFields),
    trustedProxies: difference(before.server.trustedProxies, now.server.trustedProxies),
  }
}

/** The same in names alone, for the log. */
export function namesOf({ clients, lists, accounts }: ConfigurationChanges) {
  const ids = ({ added, removed, changed }: EntryChanges<{ readonly id: string }>) => ({
    added: added.map(({ id }) => id),
    removed,
    changed: changed.map(({ id }) => id),
  })
  return { clients: ids(clients), lists: ids(lists), accounts: ids(accounts) }
}

function compareEntries<Entry, New>(
  before: ReadonlyMap<string, Entry>,
  now: ReadonlyMap<string, Entry>,
  describe: (entry: Entry) => New,
  compare: (before: Entry, now: Entry) => Readonly<Record<string, unknown>> | undefined,
): EntryChanges<New> {
  const changed = [...now].flatMap(([id, entry]) => {
    const old = before.get(id)
    const changes = old && compare(old, entry)
    return changes === undefined ? [] : [{ id, ...changes }]
  })
  return {
    added: [...now].filter(([id]) => !before.has(id)).map(([, entry]) => describe(entry)),
    removed: [...before.keys()].filter((id) => !now.has(id)),
    changed,
  }
}

function newClient(client: ClientConfig): NewClient {
  return { id: client.id, ...grantsOf(client) }
}

function newList({ id, targets }: ListConfig): NewList {
  return { id, accounts: targets.map(({ account }) => account) }
}

function newAccount({ id, adapter }: AccountConfig): NewAccount {
  return { id, provider: adapter.id }
}

function grantsOf({ keys, scopes, networks, lists, accounts }: ClientConfig): ClientGrants {
  return { keys: keys.map(keyText), scopes: [...scopes], networks, lists, accounts }
}

/** A key whose end is moved, or that is narrowed, is gone, and there again. */
function keyText({ hash, expiresAt, scopes, networks }: ClientConfig['keys'][number]): string {
  return [
    keyIdOf(hash),
    ...(expiresAt === undefined ? [] : [`until ${new Date(expiresAt).toISOString()}`]),
    ...(scopes === undefined ? [] : [`for ${scopes.join(', ')}`]),
    ...(networks === undefined ? [] : [`from ${networks.join(', ')}`]),
  ].join(' ')
}

function changesOfClient(before: ClientConfig, now: ClientConfig) {
  const [old, grants] = [grantsOf(before), grantsOf(now)]
  const changes = Object.fromEntries(
    (Object.keys(grants) as (keyof ClientGrants)[]).flatMap((name) => {
      const changed = difference(old[name], grants[name])
      return changed.added.length + changed.removed.length === 0 ? [] : [[name, changed]]
    }),
  )
  const fields = changedFields(settingsOf(before), settingsOf(now))
  if (Object.keys(changes).length + fields.length === 0) return undefined
  return { ...changes, ...(fields.length > 0 && { fields }) }
}

function settingsOf({ rateLimit, requireIdempotencyKey, webhooks }: ClientConfig) {
  return { rateLimit, requireIdempotencyKey, webhooks }
}

function changesOfFields(before: object, now: object) {
  const fields = changedFields(before, now)
  return fields.length === 0 ? undefined : { fields }
}

/** The names of settings that have another value; what they are compared by holds secrets, and is not kept. */
function changedFields(before: object, now: object): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)])
  const textOf = (entry: object, name: string) => JSON.stringify({ is: entry[name as keyof typeof entry] }, revealing)
  return [...names].filter((name) => textOf(before, name) !== textOf(now, name))
}

function revealing(this: Readonly<Record<string, unknown>>, name: string, value: unknown): unknown {
  const held = this[name]
  return held instanceof Secret ? held.reveal() : value
}

function difference(before: readonly string[], now: readonly string[]): Difference {
  return { added: now.filter((one) => !before.includes(one)), removed: before.filter((one) => !now.includes(one)) }
}
