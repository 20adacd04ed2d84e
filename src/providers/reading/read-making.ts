import type { Failure, Result } from '../../domain/failure.ts'
import type { ProviderResponse } from '../adapter-port.ts'
import { failureFrom, providerDetail } from '../read-answer.ts'
import { isPage } from './foreign-answer.ts'
import { deniesSuccess, judgeBody } from './judge-body.ts'
import { readError } from './read-error.ts'
import { saysExists } from './refusal-words.ts'

/**
 * Reads the answer to a call that makes what may be there already. Any 2xx without an error is "made", and so is what says
 * that it is there, with whatever status; in a 2xx that denies success that is a `conflict`. All else is what `readFailure`
 * makes of it.
 */
export function readMaking(
  response: ProviderResponse,
  readFailure: (response: ProviderResponse) => { readonly failure: Failure },
): Result<undefined> {
  if (isMade(response)) return { ok: undefined }
  const { status, body } = response
  const said = readError(response)
  const failed = readFailure(response)
  const isThere = status !== 429 && (failed.failure.kind === 'conflict' || saysExists(said))
  if (!isThere) return failed
  return status < 300 && deniesSuccess(body)
    ? failureFrom('conflict', providerDetail(status, said.code, said.message))
    : { ok: undefined }
}

function isMade(response: ProviderResponse): boolean {
  const { status } = response
  return status >= 200 && status < 300 && !isPage(response) && judgeBody(response) !== 'refused'
}
