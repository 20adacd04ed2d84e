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

/** The address, the method or the form of the request is not one that the server takes: no contact is at fault. */
const misaddressed: ReadonlySet<number> = new Set([405, 406, 410, 411, 414, 415, 421, 426, 501])

/** The failure that an HTTP status means by itself; adapters refine it by their provider's codes. */
export function failureOfStatus(status: number): FailureKind {
  if (status === 401 || status === 403) return 'credentials'
  if (status === 402) return 'limitReached'
  if (status === 413) return 'tooLarge'
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
