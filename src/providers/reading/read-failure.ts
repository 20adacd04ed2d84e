import type { Failure, FailureKind } from '../../domain/failure.ts'
import type { ProviderResponse } from '../port.ts'
import { failureFrom, failureOfStatus, providerDetail } from '../read-answer.ts'
import { deniesSuccess } from './judge-body.ts'
import { type ErrorSaid, readError } from './read-error.ts'

/** What an adapter knows of its provider's errors. */
export type ErrorWords = {
  /** What a code means; `undefined` for one that is not known. */
  kindOfCode(code: string): FailureKind | undefined
  /** Is a body an error of the documented form? */
  isDocumented(body: unknown): boolean
}

/** Codes of a refusal that money or another plan would mend. */
const planCode = /BALANCE|QUOTA|BILLING|PAYMENT|SUBSCRIPTION|CREDITS?_|_CREDITS?\b|PLAN_|_PLAN\b|FUNDS/i
const planWords = /\b(?:balance|quota|billing|payment|subscription plan|your plan|upgrade|insufficient credits?)\b/i

/**
 * Makes a failure of an answer that is no success: by its status, and a refusal further by the code in it. A server error
 * stays one whatever its code says, and 429 stays what it is. A 2xx that says "error" is the refusal that its code means,
 * if that is known; else nobody knows what was done.
 */
export function readFailure(response: ProviderResponse, words: ErrorWords): { readonly failure: Failure } {
  const { status, body } = response
  const said = readError(response)
  if (body !== undefined && (status >= 400 || deniesSuccess(body)) && !words.isDocumented(body))
    response.drift?.('error_form')
  const byStatus = failureOfStatus(status)
  const kind = isRefusal(response, byStatus) ? kindOfRefusal(said, byStatus, words) : byStatus
  return failureFrom(kind, providerDetail(status, said.code, said.message))
}

function isRefusal({ status, body }: ProviderResponse, byStatus: FailureKind): boolean {
  if (status < 300) return deniesSuccess(body)
  return status >= 400 && byStatus !== 'unavailable' && byStatus !== 'rateLimited'
}

function kindOfRefusal({ code, message }: ErrorSaid, byStatus: FailureKind, words: ErrorWords): FailureKind {
  const known = code === undefined ? undefined : words.kindOfCode(code)
  if (known !== undefined) return known
  const isOfPlan =
    (code !== undefined && planCode.test(code)) ||
    (byStatus === 'credentials' && message !== undefined && planWords.test(message))
  return isOfPlan ? 'limitReached' : byStatus
}
