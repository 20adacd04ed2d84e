import type { Failure, FailureKind } from '../../domain/failure.ts'
import type { ProviderResponse } from '../adapter-port.ts'
import { readFailure } from '../reading/read-failure.ts'
import { readErrorBody } from './wire.ts'

/**
 * What the codes mean, upper case (docs/providers.md, "Vobiz: errors"). None about contacts is published: their pattern
 * counts.
 */
const kindsOfCodes: readonly (readonly [RegExp, FailureKind])[] = [
  [/^(INVALID_CREDENTIALS|TOKEN_EXPIRED|ACCOUNT_INACTIVE)$/, 'credentials'],
  [/^(INSUFFICIENT_BALANCE|PAYMENT_FAILED)$/, 'limitReached'],
  [/^RATE_LIMIT_EXCEEDED$/, 'rateLimited'],
  [/^(VALIDATION_ERROR|INVALID_NUMBER)$/, 'invalid'],
  [/^DUPLICATE_|_ALREADY_EXISTS$/, 'conflict'],
  [/_NOT_FOUND$/, 'notFound'],
  [/^INTERNAL_ERROR$/, 'unavailable'],
]

/** Reads an answer that is no success. */
export function readVobizFailure(response: ProviderResponse): { readonly failure: Failure } {
  return readFailure(response, words)
}

const words = {
  kindOfCode(code: string): FailureKind | undefined {
    const upper = code.toUpperCase()
    return kindsOfCodes.find(([pattern]) => pattern.test(upper))?.[1]
  },
  isDocumented: (body: unknown) => readErrorBody(body) !== undefined,
}
