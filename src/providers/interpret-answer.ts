import { parseJson } from '../domain/exact-number.ts'
import type { Failure, Result } from '../domain/failure.ts'
import type { ProviderDetail } from '../domain/outcome.ts'
import type { Account, Operation, ProviderResponse, TransportAnswer } from './port.ts'
import { retryAfterMs } from './retry-after.ts'

/** Provider texts are cut here (UTF-16 units). */
const longestProviderText = 500

/** Makes a result of what came back, or of its not coming back: by the operation, but for what is the same for all. */
export function interpretAnswer<Input, Output>(
  account: Account,
  operation: Operation<Input, Output>,
  input: Input,
  answer: TransportAnswer,
): Result<Output> {
  const response =
    'lost' in answer ? refusalOf(answer) : { status: answer.status, body: parse(answer.text), text: answer.text }
  if (response === undefined) return { failure: failureOfLoss(answer as LostAnswer) }
  const result = operation.toOutcome(response, input)
  if (!('failure' in result)) return result
  const provider = result.failure.provider && cleanDetail(account, result.failure.provider)
  const retryAfter = 'lost' in answer ? undefined : retryAfterMs(answer.retryAfter, Date.now())
  return {
    failure: {
      ...result.failure,
      ...(provider !== undefined && { provider }),
      ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
    },
  }
}

type LostAnswer = Extract<TransportAnswer, { lost: string }>

/** An answer whose status refused the request is a refusal, even when its body broke off. */
function refusalOf(answer: LostAnswer): ProviderResponse | undefined {
  const { status } = answer
  return status !== undefined && status >= 400 && status < 500 ? { status, body: undefined, text: '' } : undefined
}

function failureOfLoss(answer: LostAnswer): Failure {
  const kind = answer.lost === 'tooLarge' ? 'unreadable' : answer.lost
  return answer.status === undefined ? { kind } : { kind, provider: { status: answer.status } }
}

function parse(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

/** A provider's words, cut to size and without credentials or personal data. */
export function cleanDetail(account: Account, detail: ProviderDetail): ProviderDetail {
  const shorten = (text: string) =>
    account.channel.redact(text.slice(0, 4 * longestProviderText)).slice(0, longestProviderText)
  return {
    ...(detail.status !== undefined && { status: detail.status }),
    ...(detail.code !== undefined && { code: shorten(detail.code) }),
    ...(detail.message !== undefined && { message: shorten(detail.message) }),
  }
}
