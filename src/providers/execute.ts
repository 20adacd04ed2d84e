import type { CallContext, CallLog } from '../domain/call-context.ts'
import { type Failure, failureRules, type Result } from '../domain/failure.ts'
import type { ProviderDetail } from '../domain/outcome.ts'
import type { Account, Operation, OperationName, ProviderResponse, TransportAnswer } from './port.ts'
import { retryAfterMs } from './retry-after.ts'

/** Provider texts are cut here (UTF-16 units). */
const longestProviderText = 500
/** An attempt with less time than this is not begun. */
const shortestAttemptMs = 5

/**
 * Carries out one operation at one account: the only code that sends. Failures come back as values; it throws only on
 * a defect. A failure whose rule says "not applied" is certain.
 */
export async function execute<Input, Output>(
  account: Account,
  name: OperationName,
  operation: Operation<Input, Output>,
  input: Input,
  context: CallContext,
): Promise<Result<Output>> {
  const place = await account.slots.take(context.deadlineAt - performance.now())
  if (place !== true) return { failure: { kind: place } }
  try {
    const timeLeft = context.deadlineAt - performance.now()
    if (timeLeft < shortestAttemptMs) return { failure: { kind: 'deadline' } }
    const startedAt = performance.now()
    const answer = await account.channel.send(operation.toRequest(input), {
      timeoutMs: Math.min(account.timeoutMs, timeLeft),
    })
    const result = readAnswer(account, operation, input, answer)
    logAttempt(context.log, account, name, result, performance.now() - startedAt)
    return result
  } finally {
    account.slots.free()
  }
}

function readAnswer<Input, Output>(
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
    return JSON.parse(text)
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

function logAttempt(
  log: CallLog,
  account: Account,
  operation: OperationName,
  result: Result<unknown>,
  ms: number,
): void {
  const failure = 'failure' in result ? result.failure : undefined
  const fields = {
    account: account.id,
    operation,
    outcome: failure?.kind ?? 'ok',
    providerStatus: failure?.provider?.status,
    providerCode: failure?.provider?.code,
    durationMs: Math.round(ms),
  }
  if (failure?.kind === 'credentials' || failure?.kind === 'redirected')
    log.error(fields, failureRules[failure.kind].detail)
  else log.debug(fields, 'provider attempt')
}
