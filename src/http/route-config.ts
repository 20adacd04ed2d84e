import type { RequestAction } from '../domain/audit-actions.ts'
import type { Scope } from '../domain/client.ts'
import type { AnswerHeader, OwnHeader } from './openapi/answer-headers.ts'
import type { Preference } from './requests/preferences.ts'

/**
 * A scope; `any`: every known client may; `open`: everybody may, and there is no client; `token`: a provider, with a token of
 * its account in the path.
 */
export type RouteScope = Scope | 'any' | 'open' | 'token'

/** What a route says of itself beside its schema: the hooks act by it, and the API's document tells it. */
export type RouteConfig = {
  readonly scope: RouteScope
  /** Whether a client with the scope `admin` may use it too. */
  readonly forAdmins?: boolean
  /** Machines ask for it all the time: it is not limited. */
  readonly forProbes?: boolean
  /** A page loads dozens of these when it is first seen: they are limited apart from all else that is open. */
  readonly partOfPage?: boolean
  /** Whether it takes an `Idempotency-Key`. `false` on a method that could write: it only reads, or repeats do no harm. */
  readonly keyed?: boolean
  /** As what it is audited; `false` on a method that could write: it only reads. */
  readonly audit?: RequestAction | false
  /** The preferences (RFC 7240) that it follows; no other is read. */
  readonly prefers?: readonly Preference[]
  /** Headers of requests that it alone reads. */
  readonly reads?: readonly OwnHeader[]
  /** The headers of its own answers, by status. */
  readonly answers?: Readonly<Record<number, readonly AnswerHeader[]>>
  /** A body that succeeds as it stands. */
  readonly example?: unknown
  readonly leadsTo?: Followers
}

/** Where an answer leads: operations that take parameters out of it, each as a runtime expression of OpenAPI. */
export type Followers = {
  readonly status: number
  readonly operations: readonly string[]
  readonly parameters: Readonly<Record<string, string>>
}

/** Every method but GET has to say whether it takes a key, and how it is audited. */
export type WriteConfig = RouteConfig & { readonly keyed: boolean; readonly audit: RequestAction | false }

declare module 'fastify' {
  /** Only in part, as a path that leads nowhere has none of it. */
  interface FastifyContextConfig extends Partial<RouteConfig> {}
}
