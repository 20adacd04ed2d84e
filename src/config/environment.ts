import { type Static, Type } from 'typebox'
import type { Adapter } from '../providers/adapter-port.ts'
import { registry } from '../providers/registry.ts'
import type { SchemaView } from './describe-schema.ts'
import { isMadeUp, parseRandomKey } from './random-key.ts'
import { readShape } from './read-shape.ts'
import type { Reading, Variables } from './reading.ts'
import { BadRedisUrl, parseRedisUrl } from './redis-url.ts'
import { parseStoreKeys } from './store-key.ts'
import { parseHttpUrl } from './urls.ts'

const Port = { minimum: 0, maximum: 65_535 }
const Delay = { minimum: 0, maximum: 600_000 }

/** Every variable that the gateway itself reads. The descriptions are those of `.env.example`. */
export const EnvironmentSchema = Type.Object({
  GATEWAY_CONFIG: Type.Optional(
    Type.String({
      description:
        'Path of the configuration file (YAML or JSON; see docker/gateway.example.yaml). Unset: sandbox mode, which is an error under NODE_ENV=production.',
    }),
  ),
  NODE_ENV: Type.Optional(
    Type.String({ description: 'production: no sandbox, and a delay before the listener closes.' }),
  ),
  HOST: Type.String({ default: '127.0.0.1', description: 'Where to listen. The container image sets 0.0.0.0.' }),
  PORT: Type.Integer({ ...Port, default: 8080, description: '0 picks a free one.' }),
  METRICS_PORT: Type.Optional(
    Type.Integer({ ...Port, description: 'Serve /metrics on this port instead of the main one.' }),
  ),
  REDIS_URL: Type.Optional(
    Type.String({
      description:
        'redis:// or rediss://; comma-separated nodes: a cluster; redis+sentinel://host:port,…/<master>. May come from a file: REDIS_URL_FILE. Unset: the embedded store.',
    }),
  ),
  DATA_DIR: Type.String({
    default: './data',
    description: 'Folder of the embedded store (SQLite); :memory: keeps nothing.',
  }),
  STORE_KEY: Type.Optional(
    Type.String({
      description:
        'Key by which answers, imports and reports are encrypted in the store: 32 random bytes in base64url or hexadecimal (contact-gateway keys create-store-key). Several, separated by commas: the first encrypts, all decrypt. May come from a file: STORE_KEY_FILE. Unset: they are not encrypted.',
    }),
  ),
  CURSOR_KEY: Type.Optional(
    Type.String({
      description:
        'Key that signs the cursors of pages: 32 random bytes in base64url or hexadecimal (openssl rand -hex 32). May come from a file: CURSOR_KEY_FILE. Unset: one is made at random and kept in the store.',
    }),
  ),
  ROLE: Type.Enum(['all', 'api', 'worker'], {
    default: 'all',
    description: 'api, worker or all. With Redis, imports may be worked off by separate processes.',
  }),
  WORKERS: Type.Integer({
    minimum: 1,
    maximum: 64,
    default: 1,
    description:
      'Processes that serve at this address, for a machine with several cores. They share nothing but Redis, as replicas do.',
  }),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    description: 'fatal, error, warn, info, debug, trace or silent.',
  }),
  AUDIT_LOG: Type.Optional(
    Type.String({
      description:
        'Where audit events go, who wrote what and how it ended, a line of JSON each: a file, or stdout (docs/operate/audit.md). Unset: nowhere.',
    }),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({ description: 'Where traces go (OTLP over HTTP). Unset: no tracing is loaded.' }),
  ),
  HTTPS_PROXY: Type.Optional(
    Type.String({
      description:
        'Proxy for https:// providers, where egress.proxy in the file names none. May come from a file: HTTPS_PROXY_FILE. https_proxy is read too.',
    }),
  ),
  NO_PROXY: Type.Optional(
    Type.String({
      description:
        'Names, addresses and CIDR blocks that HTTPS_PROXY is not for, separated by commas; * for all. no_proxy is read too.',
    }),
  ),
  GATEWAY_REVISION: Type.Optional(
    Type.String({
      description: 'Commit that this was built from, for the log, /healthz and the metrics; the image sets it.',
    }),
  ),
  DRAIN_DELAY_MS: Type.Optional(
    Type.Integer({
      ...Delay,
      description:
        'On SIGTERM /readyz turns 503 at once, and new requests are still served for this long. Default: 0, in production 5000.',
    }),
  ),
  SHUTDOWN_TIMEOUT_MS: Type.Integer({
    ...Delay,
    default: 30_000,
    description: 'How long requests in flight get to end.',
  }),
})

export type Environment = Static<typeof EnvironmentSchema>

/** They are a secret, or may hold one. */
const mayBeFile: ReadonlySet<string> = new Set(['REDIS_URL', 'STORE_KEY', 'CURSOR_KEY', 'HTTPS_PROXY'])
/** Other programs read these in lower case, and that is how most machines set them. */
const alsoInLowerCase: ReadonlySet<string> = new Set(['HTTPS_PROXY', 'NO_PROXY'])

function textOf(name: string, variables: Variables, reading: Reading): string | undefined {
  const text = mayBeFile.has(name) ? reading.variable(name, [name]) : variables[name]
  return alsoInLowerCase.has(name) ? text || variables[name.toLowerCase()] : text
}

/** Reads the gateway's own variables; an empty one counts as unset. Incomplete when mistakes were noted. */
export function readEnvironment(variables: Variables, reading: Reading): Partial<Environment> {
  const given: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(EnvironmentSchema.properties)) {
    const text = textOf(name, variables, reading)
    if (text === undefined || text === '') continue
    given[name] = 'type' in schema && schema.type === 'integer' && /^\d{1,15}$/.test(text) ? Number(text) : text
  }
  const environment =
    readShape(EnvironmentSchema, given, [], { mistakes: reading.mistakes, expand: (text) => text }) ?? {}
  checkEnvironment(environment, variables, reading)
  return environment
}

function checkEnvironment(environment: Partial<Environment>, variables: Variables, reading: Reading): void {
  const { mistakes } = reading
  const { PORT, METRICS_PORT, REDIS_URL, CURSOR_KEY, OTEL_EXPORTER_OTLP_ENDPOINT, ROLE, WORKERS } = environment
  if (METRICS_PORT !== undefined && METRICS_PORT !== 0 && METRICS_PORT === PORT) {
    mistakes.add(['METRICS_PORT'], 'must be another port than PORT')
  }
  if (variables.NODE_TLS_REJECT_UNAUTHORIZED === '0' && environment.NODE_ENV === 'production') {
    mistakes.add(['NODE_TLS_REJECT_UNAUTHORIZED'], uncheckedInProduction)
  }
  if (REDIS_URL !== undefined) checkRedisUrl(REDIS_URL, reading)
  checkStoreKey(environment, reading)
  const cursorKey = CURSOR_KEY === undefined ? undefined : parseRandomKey(CURSOR_KEY)
  if (CURSOR_KEY !== undefined && (cursorKey === undefined || isMadeUp(cursorKey))) {
    mistakes.add(
      ['CURSOR_KEY'],
      'must be 32 random bytes in base64url or hexadecimal: `openssl rand -hex 32` makes them',
    )
  }
  if (OTEL_EXPORTER_OTLP_ENDPOINT !== undefined && parseHttpUrl(OTEL_EXPORTER_OTLP_ENDPOINT) === undefined) {
    mistakes.add(['OTEL_EXPORTER_OTLP_ENDPOINT'], 'must be an http:// or https:// URL')
  }
  if ((WORKERS ?? 1) > 1 && !variables.REDIS_URL && !variables.REDIS_URL_FILE) {
    mistakes.add(['WORKERS'], 'must be 1: the embedded store belongs to one process. Several need REDIS_URL')
  }
  if (ROLE !== undefined && ROLE !== 'all' && !variables.REDIS_URL && !variables.REDIS_URL_FILE) {
    mistakes.add(['ROLE'], 'must be all: without REDIS_URL no other process could take the other role')
  }
}

const uncheckedInProduction =
  'must not be 0 in production: no certificate would be checked. Name your CA in NODE_EXTRA_CA_CERTS'

function checkRedisUrl(text: string, { mistakes }: Reading): void {
  try {
    parseRedisUrl(text)
  } catch (error) {
    if (!(error instanceof BadRedisUrl)) throw error
    mistakes.add(['REDIS_URL'], error.what)
  }
}

function checkStoreKey({ STORE_KEY }: Partial<Environment>, reading: Reading): void {
  const read = STORE_KEY === undefined ? undefined : parseStoreKeys(STORE_KEY)
  if (read !== undefined && 'mistake' in read) reading.mistakes.add(['STORE_KEY'], read.mistake)
}

/** The text of `.env.example`: every variable, commented out at its default, and the secrets of every adapter. */
export function environmentExample(adapters: Iterable<Adapter> = registry.values()): string {
  const introduction =
    'Every variable that the gateway reads, at its default. Made by environmentExample(); a test compares.'
  const own = Object.entries(EnvironmentSchema.properties).map(
    ([name, { description = '', default: preset = '' }]: [string, SchemaView]) =>
      `${comment(description)}\n# ${name}=${preset}\n`,
  )
  const secrets = [...adapters].flatMap(({ id, credentials }) =>
    Object.keys(credentials.properties).map((name) => `# ${upperSnake(id)}_${upperSnake(name)}=\n`),
  )
  return [`${comment(introduction)}\n`, ...own, `${comment(referredTo)}\n${secrets.join('')}`].join('\n')
}

const referredTo = `Any X that the configuration file refers to as \${X}: its value, or in X_FILE the path of a file that holds it (Docker and Kubernetes secrets). These are the ones of docker/gateway.example.yaml.`

/** Comment lines of at most 100 characters. */
function comment(text: string): string {
  const lines: string[] = []
  let line = '#'
  for (const word of text.split(' ')) {
    if (line.length + word.length >= 100) {
      lines.push(line)
      line = '#'
    }
    line += ` ${word}`
  }
  return [...lines, line].join('\n')
}

function upperSnake(name: string): string {
  return name
    .replace(/[A-Z]/g, (letter) => `_${letter}`)
    .replaceAll('-', '_')
    .toUpperCase()
}
