import type { CallContext, CallLog } from '../domain/call-context.ts'
import { describeShape } from '../domain/describe-shape.ts'
import { certainlyNotApplied, detailOfFailure, type Failure, type FailureKind, type Result } from '../domain/failure.ts'
import type { Account } from './account.ts'
import type { FurtherCalls, Operation, OperationName, ProviderRequest } from './adapter-port.ts'
import type { Verdict } from './breaker.ts'
import type { TransportAnswer, Unsent } from './channel.ts'
import { interpretAnswer } from './interpret-answer.ts'
import type { DriftKind } from './reading/drift.ts'

export { cleanDetail } from './interpret-answer.ts'

/** What brings somebody to a provider, or changes them there: reading and deleting go on whatever they wish. */
const writesPeople: ReadonlySet<OperationName> = new Set([
  'createContact',
  'updateContact',
  'addContacts',
  'importContacts',
])

/** An attempt with less time than this is not begun. */
const shortestAttemptMs = 5
/** A provider is not to blame when its caller's deadline left it less time than this to answer. */
const fairTimeMs = 2_000

/**
 * Carries out one operation at one account: no other code sends to a provider for a caller. What one call cannot carry
 * goes in further ones. Failures come back as values; it throws only on a defect. A failure whose rule says "not
 * applied" is certain of all attempts.
 */
export function execute<Input, Output>(
  account: Account,
  name: OperationName,
  operation: Operation<Input, Output>,
  input: Input,
  context: CallContext,
): Promise<Result<Output>> {
  const { further } = operation
  if (further === undefined) return makeAttempts(account, name, operation, input, context)
  return sendInTurn(further, input, (one) => makeAttempts(account, name, operation, one, context))
}

async function sendInTurn<Input, Output>(
  further: FurtherCalls<Input, Output>,
  input: Input,
  sendOne: (one: Input) => Promise<Result<Output>>,
): Promise<Result<Output>> {
  const first = await sendOne(input)
  if ('failure' in first) return first
  let output = first.ok
  for (const of of further.after(input, output)) output = further.add(output, input, of, await sendOne(of))
  return { ok: output }
}

/** Makes one call, and sends it again where that is safe and of use, all within the deadline. */
async function makeAttempts<Input, Output>(
  account: Account,
  name: OperationName,
  operation: Operation<Input, Output>,
  input: Input,
  context: CallContext,
): Promise<Result<Output>> {
  const { retries, breaker, clock, observer } = account.policies
  let ambiguous: Failure | undefined
  /** With another token a call is sent once more, which is no retry: nothing was wrong with the call or the provider. */
  let renewals = 0
  for (let attempt = 1; ; attempt++) {
    const result = await makeAttempt(account, name, operation, input, context, { attempt, mayRenew: renewals === 0 })
    if ('ok' in result) {
      retries.succeeded(attempt - renewals)
      return result
    }
    const { failure } = result
    if (failure.tokenGivenUp === true) {
      renewals++
      continue
    }
    if (!certainlyNotApplied(failure)) ambiguous = failure
    const isPointless = breaker.refusal() !== undefined
    const waitMs = isPointless
      ? undefined
      : retries.waitMs(failure, attempt - renewals, operation.repeatable, context.deadlineAt)
    if (waitMs === undefined) return { failure: overAll(failure, ambiguous) }
    observer?.retry(account.id, name, failure.kind)
    await clock.sleep(waitMs)
  }
}

/**
 * Refusals of the data itself: what the same data did before does not matter. A conflict is none of them: it may be
 * with what an earlier attempt did.
 */
const saysOfTheData: ReadonlySet<FailureKind> = new Set(['invalid', 'notFound'])

/** After an attempt that may have been applied, a later one that was certainly not applied makes nothing certain. */
function overAll(last: Failure, ambiguous: Failure | undefined): Failure {
  if (ambiguous === undefined || ambiguous === last) return last
  if (saysOfTheData.has(last.kind)) return { ...last, afterAmbiguous: true }
  return last.retryAfterMs === undefined ? ambiguous : { ...ambiguous, retryAfterMs: last.retryAfterMs }
}

/** Its number, from 1, and whether a refused token is reason enough for another one. */
type Attempt = { readonly attempt: number; readonly mayRenew: boolean }

/** One attempt: it waits for a place, asks the breaker, and sends. */
async function makeAttempt<Input, Output>(
  account: Account,
  name: OperationName,
  operation: Operation<Input, Output>,
  input: Input,
  context: CallContext,
  which: Attempt,
): Promise<Result<Output>> {
  const { slots, breaker, clock } = account.policies
  if (context.giveWay !== undefined) await context.giveWay()
  const refusedForMs = breaker.refusal()
  if (refusedForMs !== undefined) return { failure: { kind: 'breakerOpen', retryAfterMs: refusedForMs } }
  const taken = slots.take(context.deadlineAt - clock.now(), context.priority)
  const place = taken instanceof Promise ? await taken : taken
  if (place !== true) return { failure: { kind: place } }
  try {
    const stop = writesPeople.has(name) ? context.mayGo?.() : undefined
    const stopped = stop instanceof Promise ? await stop : stop
    if (stopped !== undefined) return { failure: stopped }
    const timeLeft = context.deadlineAt - clock.now()
    if (timeLeft < shortestAttemptMs) return { failure: { kind: 'deadline' } }
    const timeoutMs = Math.min(account.timeoutMs, timeLeft)
    return await send(account, name, operation, input, context, which, timeoutMs)
  } finally {
    slots.free(context.priority)
  }
}

async function send<Input, Output>(
  account: Account,
  name: OperationName,
  operation: Operation<Input, Output>,
  input: Input,
  { log, trace }: CallContext,
  { attempt, mayRenew }: Attempt,
  timeoutMs: number,
): Promise<Result<Output>> {
  const { breaker, clock, observer } = account.policies
  // It may have opened while the call stood in line.
  const pass = breaker.enter()
  if (pass === undefined) return { failure: { kind: 'breakerOpen', retryAfterMs: breaker.refusal() ?? 0 } }
  const span = trace?.attempt(account.id, name, attempt)
  let verdict: Verdict = 'unclear'
  let outcome: FailureKind | 'ok' | 'defect' = 'defect'
  let status: number | undefined
  try {
    const startedAt = clock.now()
    const request = operation.toRequest(input)
    const traceparent = account.sendTraceparent ? span?.traceparent : undefined
    const answer = await account.channel.send(request, { timeoutMs, traceparent })
    const ms = clock.now() - startedAt
    status = answer.status
    noteReach(account, answer, log)
    noteAnnounced(account, name, answer, log)
    let drifts: Set<DriftKind> | undefined
    const told =
      'unsent' in answer
        ? { failure: answer.unsent }
        : interpretAnswer(account, operation, input, answer, ms, (kind) => {
            drifts = (drifts ?? new Set<DriftKind>()).add(kind)
          })
    const result = 'ok' in told ? told : afterRefusal(account, request, told.failure, mayRenew)
    outcome = 'failure' in result ? result.failure.kind : 'ok'
    verdict = verdictOf(result, timeoutMs < Math.min(account.timeoutMs, fairTimeMs))
    logAttempt(log, account, name, attempt, result, ms, 'text' in answer ? answer.text : '')
    if (drifts !== undefined) account.policies.drift.note(name, drifts, 'text' in answer ? answer.text : '', log)
    observer?.attempt(account.id, name, outcome, ms)
    return result
  } finally {
    breaker.settle(pass, verdict)
    span?.end(outcome, status)
  }
}

function noteReach({ policies, channel }: Account, answer: TransportAnswer | Unsent, log: CallContext['log']): void {
  if ('unsent' in answer) return
  if (!('lost' in answer) || answer.lost !== 'unreachable') policies.reach.reached(log)
  else if (answer.cause !== undefined) policies.reach.lost(answer.cause, channel.proxy, log)
}

/** By RFC 9745 and RFC 8594. */
function noteAnnounced(
  { policies }: Account,
  name: OperationName,
  answer: TransportAnswer | Unsent,
  log: CallLog,
): void {
  if (!('headers' in answer) || answer.headers === undefined) return
  if (answer.headers.deprecation !== undefined) policies.drift.announced(name, 'deprecation', log)
  if (answer.headers.sunset !== undefined) policies.drift.announced(name, 'sunset', log)
}

/** Of credentials that were refused the token is given up, so that the next call, or this one once more, has another. */
function afterRefusal({ channel, adapter }: Account, request: ProviderRequest, failure: Failure, mayRenew: boolean) {
  if (failure.kind !== 'credentials') return { failure }
  const isGivenUp = channel.giveUpToken?.(request) === true && mayRenew
  const because = adapter.allowlist === undefined ? undefined : ('allowlist' as const)
  return {
    failure: { ...failure, ...(because && { because }), ...(isGivenUp && { tokenGivenUp: true as const }) },
  }
}

/** What an attempt says of the provider. A refusal of data, of credentials or of speed comes from one that works. */
function verdictOf(result: Result<unknown>, isCutShort: boolean): Verdict {
  if ('ok' in result) return 'works'
  switch (result.failure.kind) {
    case 'unavailable':
    case 'unreadable':
      return 'fails'
    case 'timeout':
    case 'unreachable':
      return isCutShort ? 'unclear' : 'silent'
    default:
      return 'works'
  }
}

/** Waiting and repeating does not mend these. */
const needsPerson: ReadonlySet<FailureKind> = new Set(['credentials', 'redirected', 'unreadable', 'misaddressed'])

function logAttempt(
  log: CallLog,
  account: Account,
  operation: OperationName,
  attempt: number,
  result: Result<unknown>,
  ms: number,
  text: string,
): void {
  const failure = 'failure' in result ? result.failure : undefined
  const fields = {
    account: account.id,
    operation,
    attempt,
    outcome: failure?.kind ?? 'ok',
    providerStatus: failure?.provider?.status,
    providerCode: failure?.provider?.code,
    durationMs: Math.round(ms),
    // Types and names alone, so that a change of the provider's form can be told from a page of some proxy.
    ...(failure?.kind === 'unreadable' && { shape: describeShape(text) }),
  }
  if (failure !== undefined && needsPerson.has(failure.kind) && failure.tokenGivenUp === undefined)
    log.error(fields, detailOfFailure(failure))
  else log.debug(fields, 'provider attempt')
}
