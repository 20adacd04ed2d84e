import { type Static, Type } from 'typebox'
import { international, type WrittenNumbers } from '../domain/phone.ts'
import type { AccountSettings, Adapter, ListTarget } from '../providers/adapter-port.ts'
import type { ClientConfig } from './client-schema.ts'
import { type Egress, EgressSchema } from './egress.ts'
import type { Environment } from './environment.ts'
import { ErasuresSchema } from './erasures.ts'
import { Count, type GatewayLimits, LimitsSchema, Milliseconds } from './limits.ts'
import type { Secret } from './secret.ts'
import { type SuppressionsConfig, SuppressionsSchema } from './suppressions.ts'
import type { ReadTarget } from './targets.ts'
import { type TlsConfig, TlsSchema } from './tls.ts'
import type { VerifiedConfig } from './verified.ts'

/**
 * The configuration file, as schemas, and what is made of it. `default` is filled in where a key is absent; `expects`
 * completes "must be …" where the schema alone would make a poor message. Unknown keys are refused at every depth.
 */

/** Ids of accounts, lists and clients: they stand in URLs, in contact ids and in client keys. */
export const idPattern = /^[a-z0-9][a-z0-9-]{0,63}$/

const Switch = (preset: boolean) => Type.Boolean({ default: preset })
const Section = { default: {} }
/** Read apart, entry by entry: what it may hold depends on other parts of the file. */
const ReadApart = { readApart: true }

const Server = Type.Object(
  {
    /** Base of problem types and links; default: the listening URL. */
    publicUrl: Type.Optional(Type.String()),
    trustedProxies: Type.Array(Type.String(), {
      default: [],
      expects: 'a list of CIDR blocks, never a number of hops',
    }),
    /** Longer than any balancer in front keeps an idle connection, so that it is not the gateway that closes it first. */
    keepAliveMs: Type.Integer({ minimum: 1_000, maximum: 3_600_000, default: 95_000 }),
    docs: Switch(true),
    /** `/console`, the pages for people. */
    console: Switch(false),
    /** `GET /metrics`. */
    metrics: Switch(true),
    /** Absent: plain HTTP, behind a balancer that speaks TLS. */
    tls: Type.Optional(TlsSchema),
  },
  Section,
)

const StoreSection = Type.Object(
  {
    /** `/readyz` fails when Redis may evict keys. */
    requireNoEviction: Switch(false),
    /** How long the owner of an idempotency key may be silent before another process takes its work over. */
    leaseMs: Milliseconds(10_000),
  },
  Section,
)

const Breaker = Type.Object(
  {
    failureRate: Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 0.5 }),
    minimumCalls: Count(20, 1, 100_000),
    windowMs: Milliseconds(10_000),
    openMs: Milliseconds(10_000),
  },
  Section,
)

const CallbackToken = Type.String({ pattern: '^[A-Za-z0-9._~-]{16,200}$' })
const oneTokenOrTwo = {
  expects: 'a token of 16 to 200 characters of A-Z, a-z, 0-9 and . _ ~ -, or a list of one or two',
}

/** Where a provider calls, and from where. Two tokens: while one is exchanged for the other. */
const CallbacksSchema = Type.Object(
  {
    token: Type.Union(
      [CallbackToken, Type.Array(CallbackToken, { minItems: 1, maxItems: 2, ...oneTokenOrTwo })],
      oneTokenOrTwo,
    ),
    networks: Type.Optional(Type.Array(Type.String(), { minItems: 1, expects: 'a list of one or more CIDR blocks' })),
  },
  { secretKeys: true },
)

/** What every account takes. `credentials`, `defaultList` and the adapter's own settings are read by its schemas. */
export const AccountSchema = Type.Object({
  provider: Type.String(),
  credentials: Type.Unknown({ ...ReadApart, default: {} }),
  defaultList: Type.Optional(Type.Unknown(ReadApart)),
  baseUrl: Type.Optional(Type.String()),
  allowInsecure: Switch(false),
  timeoutMs: Milliseconds(10_000),
  maxConcurrency: Count(8, 1, 1_000),
  requestsPerSecond: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 10_000 })),
  batchSize: Type.Optional(Type.Integer({ minimum: 1 })),
  retries: Count(2, 0, 5),
  breaker: Breaker,
  /** Absent: where a refusal leaves nothing applied, or the call may be repeated. */
  isolateRejected: Type.Optional(Type.Boolean()),
  createLists: Switch(true),
  settleAfterMs: Type.Integer({ minimum: 0, maximum: 60_000, default: 3_000 }),
  /** Whether the provider is told of traces, which begin at callers. */
  sendTraceparent: Switch(false),
  egress: EgressSchema,
  /** Only where the adapter reads what its provider calls back with. */
  callbacks: Type.Optional(CallbacksSchema),
  /** The report of `accounts verify`, in JSON: a path. */
  verified: Type.Optional(Type.String({ minLength: 1 })),
})

export const ListSchema = Type.Object({
  /** Default: the list's id. */
  title: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  /** Numbers without + have their country code; of contacts for which nothing else is said. */
  numbers: Type.Optional(Type.Enum([international], { expects: `"${international}"` })),
  targets: Type.Array(Type.Unknown(ReadApart), { minItems: 1, expects: 'a list of one or more targets' }),
})

export const DocumentSchema = Type.Object({
  server: Server,
  limits: LimitsSchema,
  store: StoreSection,
  erasures: ErasuresSchema,
  egress: EgressSchema,
  suppressions: SuppressionsSchema,
  accounts: Type.Unknown(ReadApart),
  lists: Type.Unknown({ ...ReadApart, default: {} }),
  clients: Type.Unknown(ReadApart),
})

/** Everything that is configured: checked whole, frozen at every depth. */
export type GatewayConfig = {
  readonly server: {
    readonly host: string
    /** 0: any free one. */
    readonly port: number
    /** Without a trailing slash. `undefined`: the listening URL. */
    readonly publicUrl: string | undefined
    /** CIDR blocks, for `addressMatcher`. */
    readonly trustedProxies: readonly string[]
    readonly keepAliveMs: number
    readonly docs: boolean
    readonly console: boolean
    readonly metrics: boolean
    readonly metricsPort: number | undefined
    /** `undefined`: plain HTTP. */
    readonly tls: TlsConfig | undefined
  }
  readonly limits: GatewayLimits
  readonly suppressions: SuppressionsConfig
  readonly accounts: ReadonlyMap<string, AccountConfig>
  readonly lists: ReadonlyMap<string, ListConfig>
  readonly clients: ReadonlyMap<string, ClientConfig>
  /** One URL, or several nodes separated by commas; may hold a password. `undefined`: the embedded store. */
  readonly redisUrl: Secret | undefined
  readonly erasures: Readonly<Static<typeof ErasuresSchema>>
  readonly requireNoEviction: boolean
  readonly leaseMs: number
  /** One key or several, as `parseStoreKeys` reads them. `undefined`: what is stored is not encrypted. */
  readonly storeKey: Secret | undefined
  /** As `parseRandomKey` reads it. `undefined`: one that is kept in the store. */
  readonly cursorKey: Secret | undefined
  /** A folder, or `:memory:`. */
  readonly dataDir: string
  readonly role: Environment['ROLE']
  readonly logLevel: Environment['LOG_LEVEL']
  readonly otlpEndpoint: string | undefined
  /** Where audit events go: `stdout`, or the path of a file. `undefined`: there are none. */
  readonly auditLog: string | undefined
  readonly drainDelayMs: number
  readonly shutdownTimeoutMs: number
  readonly production: boolean
  /** What is allowed, and a person should know of. No secret in it. */
  readonly warnings: readonly string[]
}

export type AccountConfig = {
  readonly id: string
  readonly adapter: Adapter
  /** Valid against the adapter's schema. */
  readonly credentials: Readonly<Record<string, Secret>>
  readonly settings: AccountSettings
  /** Without a trailing slash. */
  readonly baseUrl: string
  readonly allowInsecure: boolean
  readonly timeoutMs: number
  readonly maxConcurrency: number
  readonly requestsPerSecond: number | undefined
  /** `undefined`: the most that the operation allows. */
  readonly batchSize: number | undefined
  readonly retries: number
  readonly breaker: Readonly<Static<typeof Breaker>>
  /** Whether a batch that is refused whole is split until the bad contacts stand alone. `undefined`: where it is safe. */
  readonly isolateRejected: boolean | undefined
  /** Whether lists are made where the provider wants them made first. */
  readonly createLists: boolean
  readonly settleAfterMs: number
  readonly sendTraceparent: boolean
  readonly egress: Egress
  /** `undefined`: the provider does not call back. */
  readonly callbacks: CallbacksConfig | undefined
  /** `undefined`: the account was not verified. */
  readonly verified: VerifiedConfig | undefined
  /** From `defaultList`. */
  readonly defaultTarget: ListTarget | undefined
}

/** One token or two. `networks`: CIDR blocks; `undefined`: every address. */
export type CallbacksConfig = {
  readonly tokens: readonly [Secret, Secret?]
  readonly networks: readonly string[] | undefined
}

export type ListConfig = {
  readonly id: string
  readonly title: string
  readonly numbers: WrittenNumbers['numbers']
  /** No account stands here twice. */
  readonly targets: readonly ({ readonly account: string } & ReadTarget)[]
}
