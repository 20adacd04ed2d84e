import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Failure, FailureKind } from '../domain/failure.ts'
import type { ProviderDetail } from '../domain/outcome.ts'

/**
 * Makes a reader of answers: the body when it matches the schema, else `undefined`. Schemas are minimal (what the
 * adapter needs, further members welcome) and compiled once.
 */
export function answerReader<Schema extends TSchema>(schema: Schema): (body: unknown) => Static<Schema> | undefined {
  const validator = Compile(schema)
  return (body) => (validator.Check(body) ? (body as Static<Schema>) : undefined)
}

/** The address, the method or the form of the request is not one that the server takes: no contact is at fault. */
const misaddressed: ReadonlySet<number> = new Set([405, 406, 410, 411, 414, 415, 421, 426, 501])

/** The failure that an HTTP status means by itself; adapters refine it by their provider's codes. */
export function failureOfStatus(status: number): FailureKind {
  if (status === 401 || status === 403) return 'credentials'
  if (status === 402) return 'limitReached'
  if (misaddressed.has(status)) return 'misaddressed'
  if (status === 404) return 'notFound'
  if (status === 409) return 'conflict'
  if (status === 429) return 'rateLimited'
  if (status === 408 || status >= 500) return 'unavailable'
  if (status >= 400) return 'invalid'
  return 'unreadable'
}

/** A failure with what the provider said of it. */
export function failureFrom(kind: FailureKind, provider: ProviderDetail): { readonly failure: Failure } {
  return { failure: { kind, provider } }
}

/** What the provider said, without the members that it left out. */
export function providerDetail(status: number, code: unknown, message: unknown): ProviderDetail {
  return {
    status,
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : undefined),
    ...(typeof message === 'string' && message !== '' ? { message } : undefined),
  }
}
