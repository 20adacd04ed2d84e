import type { Static } from 'typebox'
import { registry } from '../providers/registry.ts'
import { type Adapters, readAccounts } from './accounts.ts'
import { checkBlocks, readClients } from './clients.ts'
import { checkEgress } from './egress.ts'
import { idsOf } from './entries.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { deepFreeze, frozenMap } from './freeze.ts'
import { readLists } from './lists.ts'
import type { Mistake } from './mistakes.ts'
import { isMapping, readShape } from './read-shape.ts'
import { type ReadFile, Reading, readTextFile, type Variables } from './reading.ts'
import { DocumentSchema, type GatewayConfig } from './schema.ts'
import { Secret } from './secret.ts'
import { readSizes } from './sizes.ts'
import { readSuppressions } from './suppressions.ts'
import { readTls } from './tls.ts'
import { parseHttpUrl, withoutTrailingSlash } from './urls.ts'
import { findWorthKnowing } from './worth-knowing.ts'

/** `files`: what to watch for a reload, the configuration file and the `X_FILE` secrets. */
export type CheckedConfig =
  | { readonly config: GatewayConfig; readonly files: readonly string[] }
  | { readonly mistakes: readonly Mistake[]; readonly files: readonly string[] }

export type CheckOptions = {
  readonly readFile?: ReadFile
  readonly adapters?: Adapters
  /** Milliseconds since 1970, for warnings of expired keys. */
  readonly now?: number
  /** Where the document was read from; absent for one that was made in memory. */
  readonly file?: string
}

/**
 * Checks a document, read or made elsewhere, together with the environment, whole: all mistakes come at once, each with
 * its place, none with a value. The result is frozen at every depth. Nothing is touched but files that `X_FILE`
 * variables name.
 */
export function checkConfig(document: unknown, env: Variables, options: CheckOptions = {}): CheckedConfig {
  return check(document, env, new Reading(env, options.readFile ?? readTextFile), options)
}

/** The same with what was noted before. */
export function check(document: unknown, env: Variables, reading: Reading, options: CheckOptions): CheckedConfig {
  const environment = readEnvironment(env, reading)
  const read = readShape(DocumentSchema, document, [], reading) ?? {}
  checkServer(read.server ?? {}, reading)
  const tls = read.server?.tls && readTls(read.server.tls, ['server', 'tls'], reading)
  checkEgress(read.egress ?? {}, ['egress'], reading)
  const suppressions = readSuppressions(read.suppressions ?? {}, ['suppressions'], reading)
  // Without any document only that one mistake is reported: that each section is missing would hide it.
  const sections = isMapping(document) ? read : { accounts: {}, lists: {}, clients: {} }
  const around = {
    ways: { top: read.egress ?? {}, environment },
    hasStoreKey: environment.STORE_KEY !== undefined,
    production: environment.NODE_ENV === 'production',
  }
  const accounts = readAccounts(sections.accounts, options.adapters ?? registry, around.ways, reading)
  const lists = readLists(sections.lists, accounts, reading)
  const known = { lists: idsOf(sections.lists), accounts: idsOf(sections.accounts) }
  const clients = readClients(sections.clients, known, around, reading)
  if (reading.mistakes.count > 0) return failure(reading)
  const { server, limits, store, erasures } = read as Static<typeof DocumentSchema>
  const config: Omit<GatewayConfig, 'warnings'> = {
    ...settingsOf(environment as Environment),
    server: { ...listenerOf(environment as Environment), ...server, publicUrl: canonical(server.publicUrl), tls },
    limits: readSizes(limits),
    erasures,
    suppressions,
    requireNoEviction: store.requireNoEviction,
    leaseMs: store.leaseMs,
    accounts: frozenMap(accounts.configs),
    lists: frozenMap(lists),
    clients: frozenMap(clients),
  }
  const warnings = findWorthKnowing({ config, env, file: options.file, reading, now: options.now ?? Date.now() })
  return { config: deepFreeze({ ...config, warnings }), files: [...reading.files] }
}

/** What was found wrong, as a result. */
export function failure(reading: Reading): CheckedConfig {
  return { mistakes: reading.mistakes.list(), files: [...reading.files] }
}

type ServerPart = { readonly publicUrl?: string; readonly trustedProxies?: readonly (string | undefined)[] }

function checkServer({ publicUrl, trustedProxies = [] }: ServerPart, reading: Reading): void {
  if (publicUrl !== undefined && parseHttpUrl(publicUrl) === undefined) {
    const message = 'must be an http:// or https:// URL without user name, password, query and fragment'
    reading.mistakes.add(['server', 'publicUrl'], message)
  }
  checkBlocks(trustedProxies, ['server', 'trustedProxies'], reading)
}

function canonical(publicUrl: string | undefined): string | undefined {
  const url = publicUrl === undefined ? undefined : parseHttpUrl(publicUrl)
  return url && withoutTrailingSlash(url)
}

function listenerOf({ HOST, PORT, METRICS_PORT }: Environment) {
  return { host: HOST, port: PORT, metricsPort: METRICS_PORT }
}

const productionDrainDelayMs = 5_000

function settingsOf(environment: Environment) {
  const production = environment.NODE_ENV === 'production'
  return {
    redisUrl: environment.REDIS_URL === undefined ? undefined : new Secret(environment.REDIS_URL),
    storeKey: environment.STORE_KEY === undefined ? undefined : new Secret(environment.STORE_KEY),
    cursorKey: environment.CURSOR_KEY === undefined ? undefined : new Secret(environment.CURSOR_KEY),
    dataDir: environment.DATA_DIR,
    role: environment.ROLE,
    logLevel: environment.LOG_LEVEL,
    otlpEndpoint: environment.OTEL_EXPORTER_OTLP_ENDPOINT,
    auditLog: environment.AUDIT_LOG,
    drainDelayMs: environment.DRAIN_DELAY_MS ?? (production ? productionDrainDelayMs : 0),
    shutdownTimeoutMs: environment.SHUTDOWN_TIMEOUT_MS,
    production,
  }
}
