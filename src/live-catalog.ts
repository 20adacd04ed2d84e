import { createClientDirectory, keyEndsOf } from './config/client-directory.ts'
import type { AccountConfig, GatewayConfig, ListConfig } from './config/schema.ts'
import { type CallbackDoor, callbackDoor } from './domain/callback-door.ts'
import type { ClientDirectory, KeyEnd } from './domain/client.ts'
import { addressMatcher } from './domain/ip-address.ts'
import { compileWhen } from './domain/routing/compile-when.ts'
import type { Account } from './providers/account.ts'
import { paceOf } from './providers/pace.ts'
import type { WriterLeases } from './providers/person-writers.ts'
import { type CallObserver, createPolicies, type PolicySurroundings } from './providers/policies.ts'
import { tokenSource } from './providers/token-source.ts'
import type { Catalog, ContactList, Destination } from './services/catalog/catalog.ts'
import { createImportRights, type ImportRights } from './services/catalog/import-rights.ts'
import { openChannel } from './transport/connect.ts'

/**
 * Everything of the configuration that can be exchanged while the gateway runs: accounts, lists, clients and trusted
 * proxies. Holders of the maps see the exchange at once and whole; a request in flight keeps what it began with.
 */
export type LiveCatalog = Catalog & {
  readonly homes: ReadonlyMap<string, Destination>
  /** Accounts whose providers may call back, and with which tokens. */
  readonly callbacks: ReadonlyMap<string, CallbackDoor>
  readonly clients: ClientDirectory
  /** Whether imports that began may go on. */
  readonly importRights: Pick<ImportRights, 'of'>
  /** Keys of clients that have an end. */
  keyEnds(): readonly KeyEnd[]
  readonly isTrustedProxy: (address: string) => boolean
  /** Takes a configuration over. Accounts that it does not change keep their connections, breakers and budgets. */
  replace(config: GatewayConfig): void
  close(): Promise<void>
}

export type CatalogOptions = {
  /** How replicas agree on who writes a person. */
  readonly leases: WriterLeases | undefined
  readonly observer: CallObserver | undefined
  /** Told of providers that answer otherwise than `accounts verify` has settled. */
  readonly onAccountChanged?: PolicySurroundings['onAccountChanged']
  /** Where replicas share the pace of an account. */
  readonly limits: { pace: SharedPace } | undefined
}

type SharedPace = (
  account: string,
  calls: number,
  periodMs: number,
) => ReturnType<NonNullable<PolicySurroundings['sharedPace']>>

/** Longer than any request or batch of an import may take: they end with the connections that they began with. */
const graceMs = 120_000

/** Connects what a configuration names. Connections are made when they are needed. */
export function createLiveCatalog(config: GatewayConfig, options: CatalogOptions): LiveCatalog {
  const accounts = new Map<string, Account>()
  const lists = new Map<string, ContactList>()
  const homes = new Map<string, Destination>()
  const callbacks = new Map<string, CallbackDoor>()
  const fingerprints = new Map<string, string>()
  const importRights = createImportRights()
  let clients: ClientDirectory
  let ends: readonly KeyEnd[]
  let trusted: (address: string) => boolean

  const connect = (account: AccountConfig): Account => {
    const known = accounts.get(account.id)
    const fingerprint = fingerprintOf(account)
    if (known !== undefined && fingerprints.get(account.id) === fingerprint) return known
    fingerprints.set(account.id, fingerprint)
    return connectAccount(account, options)
  }
  const replace = (next: GatewayConfig): void => {
    const connected = new Map([...next.accounts].map(([id, account]) => [id, connect(account)]))
    const bound = new Map([...next.lists].map(([id, list]) => [id, bindList(list, connected)]))
    const left = [...accounts.values()].filter((account) => connected.get(account.id) !== account)
    exchange(accounts, connected)
    exchange(lists, bound)
    exchange(homes, new Map([...connected].map(([id, account]) => [id, homeOf(account)])))
    exchange(callbacks, doorsOf(next.accounts.values()))
    clients = createClientDirectory(next.clients.values())
    importRights.replace(next.clients)
    ends = keyEndsOf(next.clients.values())
    trusted = addressMatcher(next.server.trustedProxies)
    for (const { id, channel } of left) {
      if (!connected.has(id)) fingerprints.delete(id)
      setTimeout(() => channel.close(), graceMs).unref()
    }
  }
  replace(config)
  return {
    accounts,
    lists,
    homes,
    callbacks,
    clients: { byKey: (key, now) => clients.byKey(key, now) },
    importRights,
    keyEnds: () => ends,
    isTrustedProxy: (address) => trusted(address),
    replace,
    close: async () => {
      await Promise.all([...accounts.values()].map(({ channel }) => channel.close()))
    },
  }
}

function exchange<Key, Value>(live: Map<Key, Value>, next: ReadonlyMap<Key, Value>): void {
  live.clear()
  for (const [key, value] of next) live.set(key, value)
}

function doorsOf(accounts: Iterable<AccountConfig>): Map<string, CallbackDoor> {
  const doors = new Map<string, CallbackDoor>()
  for (const { id, callbacks } of accounts) {
    if (callbacks === undefined) continue
    const [first, second] = callbacks.tokens
    doors.set(id, callbackDoor([first.reveal(), second?.reveal()], callbacks.networks))
  }
  return doors
}

/** What two configurations of an account are compared by. It holds secrets and stays in memory. */
function fingerprintOf({ adapter, credentials, egress, callbacks: _, ...rest }: AccountConfig): string {
  return JSON.stringify([adapter.id, revealed(credentials), wayOut(egress), rest])
}

function wayOut({ proxy, localAddress }: AccountConfig['egress']) {
  return { proxy: proxy?.reveal(), localAddress }
}

function revealed(credentials: AccountConfig['credentials']): Record<string, string> {
  return Object.fromEntries(Object.entries(credentials).map(([name, secret]) => [name, secret.reveal()]))
}

function connectAccount(config: AccountConfig, options: CatalogOptions): Account {
  const { observer, limits, leases, onAccountChanged } = options
  const credentials = revealed(config.credentials)
  return {
    id: config.id,
    adapter: config.adapter,
    settings: config.settings,
    batchSize: config.batchSize,
    maxConcurrency: config.maxConcurrency,
    timeoutMs: config.timeoutMs,
    isolateRejected: config.isolateRejected,
    createLists: config.createLists,
    settleAfterMs: config.settleAfterMs,
    sendTraceparent: config.sendTraceparent,
    defaultTarget: config.defaultTarget,
    policies: createPolicies(config, {
      observer,
      leases,
      settled: settledOf(config),
      onAccountChanged,
      sharedPace: limits && sharedPace(limits.pace),
    }),
    channel: openChannel({
      baseUrl: config.baseUrl,
      authHeaders: config.adapter.authHeaders(credentials),
      secrets: Object.values(credentials),
      maxConcurrency: config.maxConcurrency,
      egress: wayOut(config.egress),
      token: tokenSource(config.adapter, credentials),
    }),
  }
}

function settledOf({ adapter, verified }: AccountConfig): PolicySurroundings['settled'] {
  if (verified === undefined || adapter.probes === undefined) return undefined
  const settled = new Map(verified.settled.flatMap(({ id, seen }) => (seen === undefined ? [] : [[id, seen] as const])))
  return { watched: adapter.probes.watched, settled }
}

function sharedPace(pace: SharedPace): NonNullable<PolicySurroundings['sharedPace']> {
  return (account, requestsPerSecond) => {
    const { calls, periodMs } = paceOf(requestsPerSecond)
    return pace(account, calls, periodMs)
  }
}

function homeOf(account: Account): Destination {
  const { adapter, settings, defaultTarget: target } = account
  return { account, target, fields: adapter.fields(settings, target), when: undefined }
}

function bindList(list: ListConfig, accounts: ReadonlyMap<string, Account>): ContactList {
  return {
    id: list.id,
    title: list.title,
    numbers: list.numbers,
    targets: list.targets.map(({ account: id, target, when }) => {
      const account = accounts.get(id)
      if (account === undefined) throw new Error(`the list ${list.id} names an account that is not there`)
      const fields = account.adapter.fields(account.settings, target)
      return { account, target, fields, when: when && compileWhen(when) }
    }),
  }
}
