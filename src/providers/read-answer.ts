import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { ExactNumber, nearestDouble } from '../domain/exact-number.ts'
import type { Failure, FailureKind } from '../domain/failure.ts'
import type { ProviderDetail } from '../domain/outcome.ts'
import { readNumbers } from '../domain/read-numbers.ts'

const numbers: ReadonlySet<unknown> = new Set(['number', 'integer'])

/**
 * Makes a reader of answers: the body when it matches the schema, else `undefined`. Schemas are minimal (what the
 * adapter needs, further members welcome) and compiled once. Where one asks for a number it gets a number; elsewhere the
 * body may hold an `ExactNumber`, which is to be handed on as it is.
 */
export function answerReader<Schema extends TSchema>(schema: Schema): (body: unknown) => Static<Schema> | undefined {
  const validator = Compile(schema)
  return (body) => {
    if (validator.Check(body)) return body as Static<Schema>
    const read = readNumbers(body, schema, numbers)
    return read !== body && validator.Check(read) ? (read as Static<Schema>) : undefined
  }
}

/** Statuses by which a server refuses the caller: those of HTTP, and those of frameworks whose sessions have ended. */
const credentials: ReadonlySet<number> = new Set([401, 403, 419, 440, 498])
/** Statuses of a server that is busy: 425 for a request that came too early, 423 for a thing that is locked. */
const unavailable: ReadonlySet<number> = new Set([408, 423, 425, 460, 499])

/**
 * The failure that an HTTP status means by itself; adapters refine it by their provider's codes. Only 400 and 422 are
 * about the data. Any other that is not named here (405, 410, 415, 501, …) says that the server does not take the
 * address, the method or the form of the request: no contact is at fault.
 */
export function failureOfStatus(status: number): FailureKind {
  if (status === 400 || status === 422) return 'invalid'
  if (credentials.has(status)) return 'credentials'
  if (status === 402) return 'limitReached'
  if (status === 413) return 'tooLarge'
  if (status === 404) return 'notFound'
  if (status === 409) return 'conflict'
  if (status === 429 || status === 420) return 'rateLimited'
  if (status === 501 || status === 505) return 'misaddressed'
  if (unavailable.has(status) || status >= 500) return 'unavailable'
  return status >= 400 ? 'misaddressed' : 'unreadable'
}

/** A failure with what the provider said of it. */
export function failureFrom(kind: FailureKind, provider: ProviderDetail): { readonly failure: Failure } {
  return { failure: { kind, provider } }
}

/** What the provider said; members that it left out are absent. */
export function providerDetail(status: number, code: unknown, message: unknown): ProviderDetail {
  const said = codeText(code)
  return {
    status,
    ...(said !== undefined && { code: said }),
    ...(typeof message === 'string' && message !== '' ? { message } : undefined),
  }
}

/** A code, which is a text or a number: 121.0 is 121, and a long one keeps its digits. `undefined` for what is neither. */
export function codeText(code: unknown): string | undefined {
  if (typeof code === 'string' || typeof code === 'number') return String(code)
  if (!(code instanceof ExactNumber)) return undefined
  const double = nearestDouble(code)
  return String(Number.isSafeInteger(double) ? double : code)
}
