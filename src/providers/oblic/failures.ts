import type { Failure, FailureKind } from '../../domain/failure.ts'
import type { ProviderResponse } from '../port.ts'
import { codeText, failureFrom, failureOfStatus, providerDetail } from '../read-answer.ts'
import { readEnvelope } from './wire.ts'

/** Published error codes (OB-err; the full table is not published). They win over the status that comes with them. */
const kindOfCode: Readonly<Record<string, FailureKind>> = {
  INVALID_EMAIL: 'invalid',
  INVALID_REQUEST: 'invalid',
  NOT_AUTHENTICATED: 'credentials',
  RESOURCE_NOT_FOUND: 'notFound',
}

/**
 * Reads an answer that is no success. A server error stays one whatever its code says: it may have been applied. A 200
 * that says `error` (facts 2.4, assumed possible) is a refusal if its code is known, else unreadable.
 */
export function readOblicFailure(response: ProviderResponse): { readonly failure: Failure } {
  const first = readEnvelope(response.body)?.errors?.[0]
  const code = codeText(first?.cd)
  const byStatus = failureOfStatus(response.status)
  const refine = byStatus !== 'unavailable' && byStatus !== 'rateLimited' && code !== undefined
  const kind = (refine ? kindOfCode[code] : undefined) ?? byStatus
  return failureFrom(kind, providerDetail(response.status, code, first?.message))
}
