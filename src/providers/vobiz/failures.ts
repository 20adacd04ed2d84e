import type { Failure, FailureKind } from '../../domain/failure.ts'
import type { ProviderResponse } from '../port.ts'
import { failureOfStatus, providerDetail } from '../read-answer.ts'
import { readDetails, readErrorBody, readFlatErrorBody } from './wire.ts'

/** What the codes mean, upper case (facts 4.5). None about contacts is published: these go by their pattern. */
const kindsOfCodes: readonly (readonly [RegExp, FailureKind])[] = [
  [/^(INVALID_CREDENTIALS|TOKEN_EXPIRED|ACCOUNT_INACTIVE|INSUFFICIENT_BALANCE|PAYMENT_FAILED)$/, 'credentials'],
  [/^RATE_LIMIT_EXCEEDED$/, 'rateLimited'],
  [/^(VALIDATION_ERROR|INVALID_NUMBER)$/, 'invalid'],
  [/^DUPLICATE_|_ALREADY_EXISTS$/, 'conflict'],
  [/_NOT_FOUND$/, 'notFound'],
  [/^INTERNAL_ERROR$/, 'unavailable'],
]

/** The longest text that is taken from an answer that is no JSON. */
const maxRawLength = 500
const maxRetryAfterMs = 3_600_000

/**
 * Reads an answer that is no success: by its status, and a client error further by its code. A server error stays one,
 * and a 2xx that is not of the documented form is unreadable, whatever `status` or a code in it says.
 */
export function readVobizFailure(response: ProviderResponse): { readonly failure: Failure } {
  const said = readError(response)
  const byStatus = failureOfStatus(response.status)
  const refine = response.status >= 400 && byStatus !== 'unavailable' && byStatus !== 'rateLimited'
  const kind = (refine ? kindOfCode(said.code) : undefined) ?? byStatus
  const provider = providerDetail(response.status, said.code, said.message)
  if (kind !== 'rateLimited' || said.retryAfterSeconds === undefined) return { failure: { kind, provider } }
  const retryAfterMs = Math.min(said.retryAfterSeconds * 1000, maxRetryAfterMs)
  return { failure: { kind, provider, retryAfterMs } }
}

function kindOfCode(code: unknown): FailureKind | undefined {
  if (typeof code !== 'string') return undefined
  const upper = code.toUpperCase()
  return kindsOfCodes.find(([pattern]) => pattern.test(upper))?.[1]
}

type ErrorSaid = { readonly code: unknown; readonly message: unknown; readonly retryAfterSeconds: number | undefined }

/** In the order of facts 4.5: `error` as an object, `error` as a string, `message`, the raw text. */
function readError({ body, text }: ProviderResponse): ErrorSaid {
  const error = readErrorBody(body)?.error
  if (error !== undefined) {
    const details = readDetails(error.details)
    const message = withFirst(error.message, details?.errors?.[0])
    return { code: error.code, message, retryAfterSeconds: details?.retryAfter }
  }
  const flat = readFlatErrorBody(body)
  const message = [flat?.error, flat?.message].find((value) => typeof value === 'string' && value !== '')
  return { code: flat?.code, message: message ?? text.trim().slice(0, maxRawLength), retryAfterSeconds: undefined }
}

/** The message, and the first field that it is about. */
function withFirst(message: unknown, first: { field?: unknown; message?: unknown } | undefined): unknown {
  if (typeof first?.message !== 'string') return message
  const detail = typeof first.field === 'string' ? `${first.field}: ${first.message}` : first.message
  return typeof message === 'string' && message !== '' ? `${message} (${detail})` : detail
}
