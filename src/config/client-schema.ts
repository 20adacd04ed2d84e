import { Type } from 'typebox'
import { type Client, type Scope, scopes } from '../domain/client.ts'
import { Count } from './limits.ts'
import { type WebhookConfig, WebhooksSchema } from './webhooks.ts'

const Key = Type.Object(
  {
    hash: Type.String({
      pattern: '^sha256:[0-9a-f]{64}$',
      expects: 'sha256: and 64 lower-case hexadecimal digits, as "contact-gateway keys create" prints it',
    }),
    expiresAt: Type.Optional(
      Type.String({ format: 'date-time', expects: 'a time with its zone, such as 2027-01-01T00:00:00Z' }),
    ),
    /** Of the scopes of its client; absent: all of them. */
    scopes: Type.Optional(
      Type.Array(Type.Enum([...scopes]), { minItems: 1, expects: `a list of one or more of ${scopes.join(', ')}` }),
    ),
    /** Besides the networks of its client. */
    networks: Type.Optional(Type.Array(Type.String(), { minItems: 1, expects: 'a list of one or more CIDR blocks' })),
  },
  { secretKeys: true },
)

export const ClientSchema = Type.Object({
  keys: Type.Array(Key),
  networks: Type.Array(Type.String(), { minItems: 1, expects: 'a list of one or more CIDR blocks' }),
  scopes: Type.Array(Type.Enum([...scopes]), { minItems: 1, expects: `a list of one or more of ${scopes.join(', ')}` }),
  lists: Type.Array(Type.String()),
  accounts: Type.Array(Type.String()),
  rateLimit: Type.Object(
    { requests: Count(600), windowSeconds: Type.Integer({ minimum: 1, maximum: 86_400, default: 60 }) },
    { default: {} },
  ),
  requireIdempotencyKey: Type.Boolean({ default: false }),
  webhooks: WebhooksSchema,
})

export type ClientConfig = Client & {
  readonly networks: readonly string[]
  readonly keys: readonly ClientKey[]
  /** As they are configured: `*` stands for all. */
  readonly lists: readonly string[]
  readonly accounts: readonly string[]
  readonly webhooks: readonly WebhookConfig[]
}

/**
 * `hash`: 64 hexadecimal digits; `expiresAt`: milliseconds since 1970, the key is refused from then on. `scopes` and
 * `networks` narrow those of the client; `undefined`: they do not.
 */
export type ClientKey = {
  readonly hash: string
  readonly expiresAt: number | undefined
  readonly scopes: readonly Scope[] | undefined
  readonly networks: readonly string[] | undefined
}
