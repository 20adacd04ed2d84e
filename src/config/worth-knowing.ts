import { X509Certificate } from 'node:crypto'
import { statSync } from 'node:fs'
import { parseAddressBlock } from '../domain/ip-address.ts'
import type { ClientConfig } from './client-schema.ts'
import { verifiedElsewhere, verifiedLongAgo, verifiedOtherwise } from './compare-verified.ts'
import { formatPlace, type Path } from './mistakes.ts'
import type { Reading, Variables } from './reading.ts'
import { parseRedisUrl, type RedisAddress } from './redis-url.ts'
import type { AccountConfig, GatewayConfig } from './schema.ts'
import { isLoopback } from './urls.ts'

/** What is looked at: a configuration without mistakes, and how it was read. */
export type Looked = {
  readonly config: Omit<GatewayConfig, 'warnings'>
  readonly env: Variables
  /** The configuration file; `undefined` for a document that was made in memory. */
  readonly file: string | undefined
  readonly reading: Pick<Reading, 'texts' | 'files'>
  /** Milliseconds since 1970. */
  readonly now: number
}

type Words = readonly [place: Path, words: string]
type Look = (looked: Looked) => Iterable<Words>

/**
 * What is allowed, and a person should know of. Each row finds it, and says where it stands and what follows from it; no
 * value is in the words. They are the `warnings` of a configuration: `config check` prints them, a start and a reload log
 * them.
 */
export const worthKnowing = {
  trustsEveryProxy: ({ config: { server } }) =>
    everyAddress(server.trustedProxies, ['server', 'trustedProxies'], 'lets every caller choose its address'),
  certificatesUnchecked: ({ env }) =>
    env.NODE_TLS_REJECT_UNAUTHORIZED === '0' ? [[['NODE_TLS_REJECT_UNAUTHORIZED'], unchecked]] : [],
  redisUnencrypted: ({ config }) =>
    redisElsewhere(config, ({ tls }) => !tls, 'leads to another host without TLS: use rediss://'),
  redisWithoutPassword: ({ config }) =>
    redisElsewhere(config, ({ password }) => password === undefined, 'leads to another host and has no password'),
  storeUnencrypted: ({ config: { redisUrl, dataDir, storeKey }, env }) =>
    storeKey === undefined && env.NODE_ENV === 'production' && (redisUrl !== undefined || dataDir !== ':memory:')
      ? [[['STORE_KEY'], notEncrypted]]
      : [],
  providerUnencrypted: ({ config: { accounts } }) =>
    [...accounts.values()]
      .filter(({ baseUrl }) => baseUrl.startsWith('http:') && !isLoopback(new URL(baseUrl)))
      .map(({ id }) => [['accounts', id, 'baseUrl'], 'sends credentials and contacts unencrypted']),
  verifiedOtherwise: ofAccounts(verifiedOtherwise),
  verifiedElsewhere: ofAccounts(verifiedElsewhere),
  verifiedLongAgo: ofAccounts(verifiedLongAgo),
  secretInFile: (looked) => (looked.file === undefined ? [] : secretsInFile(looked)),
  shortCredential: ({ config }) =>
    credentialsOf(config)
      .filter(([, text]) => text.length < shortest)
      .map(([place]) => [place, `has fewer than ${shortest} characters`]),
  readableByAll: (looked) =>
    filesOf(looked)
      .filter(([, path]) => isReadableByAll(path))
      .map(([place]) => [place, 'names a file that every user of this machine can read: chmod o-r']),
  certificateExpired: ({ config: { server }, now }) =>
    server.tls !== undefined && Date.parse(new X509Certificate(server.tls.cert).validTo) <= now
      ? [[['server', 'tls', 'cert'], 'has expired: callers refuse it']]
      : [],
  clientWithoutKeys: ofClients(({ keys }) =>
    keys.length === 0 ? [[['keys'], 'is empty: the client cannot call']] : [],
  ),
  keyExpired: ofKeys(({ expiresAt }, now) =>
    expiresAt !== undefined && expiresAt <= now ? [['expiresAt'], 'is past: the key is refused'] : undefined,
  ),
  keyWithoutEnd: ofKeys(({ expiresAt }) =>
    expiresAt === undefined ? [['expiresAt'], 'is not set: a stolen key is good until somebody notices'] : undefined,
  ),
  everyNetwork: ofClients(({ networks }) => everyAddress(networks, ['networks'], 'lets every address in')),
  proxyDecides: ofClients(({ webhooks }) =>
    webhooks.flatMap(({ egress }, index) =>
      egress.proxy === undefined ? [] : [[['webhooks', index, 'url'], proxyDecides] as const],
    ),
  ),
  listsBeyondAccounts: ofClients((client, { config }) => {
    const lacking = accountsOfLists(client, config).filter((id) => !client.mayUseAccount(id))
    if (lacking.length === 0) return []
    return [[['accounts'], `lacks ${lacking.join(', ')}, where its lists lead: it adds contacts there and reads none`]]
  }),
} satisfies Readonly<Record<string, Look>>

/** All that is worth knowing of a configuration: the place and the words, each. */
export function findWorthKnowing(looked: Looked): string[] {
  return Object.values(worthKnowing).flatMap((look: Look) =>
    [...look(looked)].map(([place, words]) => `${formatPlace(place)} ${words}`),
  )
}

const unchecked =
  'is 0: no certificate is checked, and who is on the way reads credentials and contacts. Name your CA in NODE_EXTRA_CA_CERTS instead'
const notEncrypted =
  'is not set: answers, imports and reports, and so addresses and numbers of people, are stored unencrypted (docs/operate/secrets-and-keys.md)'
const proxyDecides =
  'is called through an egress proxy: the proxy decides which addresses that may be, and whether they are public is not checked here'
const shortest = 8

function ofAccounts(look: (account: AccountConfig, now: number) => readonly Words[]): Look {
  return ({ config, now }) => [...config.accounts.values()].flatMap((account) => look(account, now))
}

function ofClients(look: (client: ClientConfig, looked: Looked) => readonly Words[]): Look {
  return (looked) =>
    [...looked.config.clients.values()].flatMap((client) =>
      look(client, looked).map(([place, words]): Words => [['clients', client.id, ...place], words]),
    )
}

function ofKeys(look: (key: ClientConfig['keys'][number], now: number) => Words | undefined): Look {
  return ofClients(({ keys }, { now }) =>
    keys.flatMap((key, index) => {
      const [place, words] = look(key, now) ?? []
      return place === undefined || words === undefined ? [] : [[['keys', index, ...place], words] as const]
    }),
  )
}

/** Blocks that hold every address of a family. */
function everyAddress(blocks: readonly string[], path: Path, consequence: string): Words[] {
  return blocks.flatMap((text, index) => {
    const block = parseAddressBlock(text)
    if (block?.prefix !== 0) return []
    return [[[...path, index], `${block.family === 'ipv4' ? '0.0.0.0/0' : '::/0'} ${consequence}`] as const]
  })
}

function redisElsewhere(
  { redisUrl }: Looked['config'],
  is: (address: RedisAddress) => boolean,
  words: string,
): Words[] {
  const address = redisUrl && parseRedisUrl(redisUrl.reveal())
  const isElsewhere = address?.nodes.some(({ host }) => !isLoopback({ hostname: host })) === true
  return isElsewhere && is(address) ? [[['REDIS_URL'], words]] : []
}

function credentialsOf({ accounts }: Looked['config']): (readonly [place: Path, text: string])[] {
  return [...accounts.values()].flatMap(({ id, credentials }) =>
    Object.entries(credentials).map(
      ([name, secret]) => [['accounts', id, 'credentials', name], secret.reveal()] as const,
    ),
  )
}

/** Credentials, tokens of callbacks, keys of the suppression list, secrets of webhooks, and the passwords of proxies, that are no reference to a variable. */
function secretsInFile({ config, reading }: Looked): Words[] {
  const places: Path[] = credentialsOf(config).map(([place]) => place)
  if (config.suppressions.key !== undefined) places.push(['suppressions', 'key'])
  config.suppressions.oldKeys.forEach((_, index) => {
    places.push(['suppressions', 'oldKeys', index])
  })
  for (const { id, egress } of config.accounts.values()) {
    // One token, or each of a list; those that are not there are no text.
    const token = ['accounts', id, 'callbacks', 'token']
    places.push(token, [...token, 0], [...token, 1])
    const own = ['accounts', id, 'egress', 'proxy']
    // An account that has none has the one at the top, or that of the environment.
    const place = reading.texts.has(formatPlace(own)) ? own : ['egress', 'proxy']
    if (egress.proxy !== undefined && new URL(egress.proxy.reveal()).password !== '') places.push(place)
  }
  for (const { id, webhooks } of config.clients.values())
    for (const [index, { secrets }] of webhooks.entries())
      secrets.forEach((_, at) => {
        places.push(['clients', id, 'webhooks', index, 'secrets', at])
      })
  const written = new Map(places.map((place) => [formatPlace(place), place]))
  return [...written]
    .filter(([text]) => reading.texts.get(text) === 'literal')
    .map(([, place]) => [
      place,
      `is written into the file: put it into a variable or a file, and refer to it as \${NAME}`,
    ])
}

/** The configuration file and the files with secrets, by what names them. */
function filesOf({ config, env, file, reading }: Looked): (readonly [place: Path, path: string])[] {
  const secrets = Object.entries(env).flatMap(([name, path]) =>
    name.endsWith('_FILE') && path && reading.files.has(path) ? [[[name], path] as const] : [],
  )
  const { tls } = config.server
  return [
    ...(file === undefined ? [] : [[['GATEWAY_CONFIG'], file] as const]),
    ...secrets,
    ...(tls === undefined ? [] : [[['server', 'tls', 'key'], tls.keyFile] as const]),
  ]
}

const readByOthers = 0o004

function isReadableByAll(path: string): boolean {
  const { mode = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {}
  return (mode & readByOthers) !== 0
}

function accountsOfLists({ maySeeList }: ClientConfig, { lists }: Looked['config']): string[] {
  const targets = [...lists.values()].filter(({ id }) => maySeeList(id)).flatMap((list) => list.targets)
  return [...new Set(targets.map(({ account }) => account))]
}
