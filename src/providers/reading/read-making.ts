import type { Result } from '../../domain/failure.ts'
import type { ProviderResponse } from '../port.ts'
import { failureFrom, providerDetail } from '../read-answer.ts'
import { isPage } from './foreign-answer.ts'
import { deniesSuccess, judgeBody } from './judge-body.ts'
import { readError } from './read-error.ts'
import { saysExists } from './refusal-words.ts'

/**
 * Reads the answer to a call that makes what may be there already. Any 2xx without an error is "made". What says that it
 * is there, with whatever status, is a `conflict`; all else is what `readFailure` makes of it.
 */
export function readMaking(
  response: ProviderResponse,
  readFailure: (response: ProviderResponse) => Result<undefined>,
): Result<undefined> {
  if (isMade(response)) return { ok: undefined }
  const said = readError(response)
  const { status } = response
  if ((status >= 400 || deniesSuccess(response.body)) && status !== 429 && saysExists(said))
    return failureFrom('conflict', providerDetail(status, said.code, said.message))
  return readFailure(response)
}

function isMade(response: ProviderResponse): boolean {
  const { status } = response
  return status >= 200 && status < 300 && !isPage(response) && judgeBody(response) !== 'refused'
}
