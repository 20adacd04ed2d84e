import { parseJson } from '../domain/exact-number.ts'
import type { Failure, Result } from '../domain/failure.ts'
import type { ProviderDetail } from '../domain/outcome.ts'
import type { Operation, ProviderResponse } from './adapter-port.ts'
import type { Channel, TransportAnswer } from './channel.ts'
import { atProxy } from './reach-advice.ts'
import { failureFrom, providerDetail } from './read-answer.ts'
import { isRecord } from './reading/coercions.ts'
import { contradictsItself } from './reading/contradiction.ts'
import type { NoteDrift } from './reading/drift.ts'
import { isForeign, isPage } from './reading/foreign-answer.ts'
import { deniesSuccess } from './reading/judge-body.ts'
import { namedIn } from './reading/named-contacts.ts'
import { readError } from './reading/read-error.ts'
import { askedWaitMs } from './retry-after.ts'

/** Whose secrets no text may hold. */
type Redacting = { readonly channel: Pick<Channel, 'redact'> }

/** Provider texts are cut here (UTF-16 units). */
const longestProviderText = 500

/**
 * Makes a result of what came back, or of its not coming back: by the operation, but for what is the same for all. `drift`
 * is told of what was not as documented; `look` sees each whole answer, where somebody watches for changes.
 */
export function interpretAnswer<Input, Output>(
  account: Redacting,
  operation: Operation<Input, Output>,
  input: Input,
  answer: TransportAnswer,
  tookMs: number,
  drift: NoteDrift,
  look?: (response: ProviderResponse) => void,
): Result<Output> {
  const response = 'lost' in answer ? refusalOf(answer) : responseOf(answer, tookMs, drift)
  if (response === undefined) return { failure: failureOfLoss(answer as LostAnswer) }
  if (look !== undefined && !('lost' in answer)) look(response)
  if ('recoded' in answer) drift('encoding')
  const result = judge(operation, response, input)
  if (!('failure' in result)) return result
  const { failure } = result
  const provider = failure.provider && cleanDetail(account, failure.provider)
  const retryAfter = 'lost' in answer ? undefined : askedWaitMs(failure.kind, answer, response.body, Date.now())
  const named = namesOf(failure, input, response)
  return {
    failure: {
      ...failure,
      ...(named !== undefined && { named }),
      ...(provider !== undefined && { provider }),
      ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
      ...(failure.kind === 'unreadable' && isPage(response) && { because: 'foreign' }),
    },
  }
}

/** The contacts of a batch whom the provider's words name, before personal data is taken out of these words. */
function namesOf({ kind }: Failure, input: unknown, { body }: ProviderResponse): readonly number[] | undefined {
  if (kind !== 'invalid' && kind !== 'conflict') return undefined
  const contacts = isRecord(input) ? input.contacts : undefined
  return Array.isArray(contacts) ? namedIn(body, contacts) : undefined
}

/**
 * What no operation may get wrong: only the provider itself can say "not there"; a body that denies
 * success is none, whatever the operation reads in it; and a refusal whose body shows that it was done is none either.
 */
function judge<Input, Output>(
  operation: Operation<Input, Output>,
  response: ProviderResponse,
  input: Input,
): Result<Output> {
  if (response.status === 404 && isForeign(response)) return unread(response, { because: 'foreign' })
  const result = operation.toOutcome(response, input)
  if ('ok' in result) return deniesSuccess(response.body) ? unread(response) : result
  return contradictsItself(response, (body) => operation.toOutcome(body, input)) ? unread(response) : result
}

function unread(response: ProviderResponse, why: Pick<Failure, 'because'> = {}): { readonly failure: Failure } {
  const { code, message } = readError(response)
  const { failure } = failureFrom('unreadable', providerDetail(response.status, code, message))
  return { failure: { ...failure, ...why } }
}

type WholeAnswer = Exclude<TransportAnswer, { lost: string }>

function responseOf(
  { status, text, headers = noHeaders, date }: WholeAnswer,
  tookMs: number,
  drift: NoteDrift,
): ProviderResponse {
  return { status, body: parse(text), text, headers, drift, timing: { date, tookMs } }
}

const noHeaders = Object.freeze({})

type LostAnswer = Extract<TransportAnswer, { lost: string }>

/** An answer whose status refused the request is a refusal, even when its body broke off. A 404 needs its body: see `judge`. */
function refusalOf(answer: LostAnswer): ProviderResponse | undefined {
  const { status } = answer
  return status !== undefined && status >= 400 && status < 500 && status !== 404
    ? { status, body: undefined, text: '' }
    : undefined
}

function failureOfLoss(answer: LostAnswer): Failure {
  const kind = answer.lost === 'tooLarge' ? 'unreadable' : answer.lost
  return {
    kind,
    ...(answer.status !== undefined && { provider: { status: answer.status } }),
    ...(answer.lost === 'tooLarge' && { because: 'oversized' }),
    ...(answer.lost === 'unreachable' && atProxy(answer.cause)),
  }
}

function parse(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

/** A provider's words, cut to size and without credentials or personal data. */
export function cleanDetail(account: Redacting, detail: ProviderDetail): ProviderDetail {
  const shorten = (text: string) =>
    account.channel.redact(text.slice(0, 4 * longestProviderText)).slice(0, longestProviderText)
  return {
    ...(detail.status !== undefined && { status: detail.status }),
    ...(detail.code !== undefined && { code: shorten(detail.code) }),
    ...(detail.message !== undefined && { message: shorten(detail.message) }),
  }
}
