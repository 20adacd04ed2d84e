export const scopes = [
  'contacts:read',
  'contacts:write',
  'imports',
  'suppressions:read',
  'suppressions:write',
  'people:read',
  'erasures',
  'admin',
] as const
export type Scope = (typeof scopes)[number]

/** An internal app that calls the gateway, as configured. */
export type Client = {
  readonly id: string
  readonly scopes: ReadonlySet<Scope>
  /** True for an address (IPv4, IPv6, IPv4-mapped IPv6) inside one of the client's networks. */
  readonly allowsAddress: (address: string) => boolean
  readonly maySeeList: (listId: string) => boolean
  readonly mayUseAccount: (accountId: string) => boolean
  readonly rateLimit: { readonly requests: number; readonly windowSeconds: number }
  readonly requireIdempotencyKey: boolean
}

/** A valid key. `id`: the first 8 hexadecimal digits of its hash, by which it is named where it must not stand itself. */
export type KnownKey = { readonly id: string; readonly client: Client }

/**
 * Whose a key is, found by the SHA-256 of the whole key string. `undefined` for unknown, revoked and expired keys alike.
 */
export type ClientDirectory = { readonly byKey: (key: string, now: number) => KnownKey | undefined }

const keyIdDigits = 8

/** `hash`: of a key, 64 hexadecimal digits. */
export function keyIdOf(hash: string): string {
  return hash.slice(0, keyIdDigits)
}

/** When a key that has an end will be refused. `key`: its id; `expiresAt`: milliseconds since 1970. */
export type KeyEnd = { readonly client: string; readonly key: string; readonly expiresAt: number }
