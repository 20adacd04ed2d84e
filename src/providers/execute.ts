import { Attempt } from '../domain/attempt.ts'
import type { AttemptTrace, CallContext, CallLog } from '../domain/call-context.ts'
import { certainlyNotApplied, type Failure, type FailureKind, type Result } from '../domain/failure.ts'
import type { Account } from './account.ts'
import type { FurtherCalls, Operation, OperationName, ProviderRequest, ProviderResponse } from './adapter-port.ts'
import type { Verdict } from './breaker.ts'
import type { TransportAnswer, Unsent } from './channel.ts'
import { interpretAnswer } from './interpret-answer.ts'
import { noteFailure, peopleIn } from './note-attempt.ts'
import type { DriftKind } from './reading/drift.ts'
import { takePlace } from './take-place.ts'
import { logAttempt, noteAnnounced, noteReach, verdictOf } from './tell-attempt.ts'

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

/** Makes one call, and sends it again where that is safe and of use, all within the deadline. Each attempt has a place. */
async function makeAttempts<Input, Output>(
  account: Account,
  name: OperationName,
  operation: Operation<Input, Output>,
  input: Input,
  context: CallContext,
): Promise<Result<Output>> {
  const { retries, breaker, clock, observer } = account.policies
  const contacts = peopleIn(name, input)
  let ambiguous: Failure | undefined
  /** With another token a call is sent once more, which is no retry: nothing was wrong with the call or the provider. */
  let renewals = 0
  let attempt: Attempt | undefined
  try {
    for (;;) {
      attempt = new Attempt(account.id, name, contacts, attempt, renewals === 0)
      const waiting = takePlace(account, context, attempt)
      const refused = waiting instanceof Promise ? await waiting : waiting
      const result =
        refused === undefined ? await send(account, name, operation, input, context, attempt) : { failure: refused }
      const tries = attempt.number - renewals
      if ('ok' in result) {
        attempt.result = 'ok'
        attempt.next = 'done'
        retries.succeeded(tries)
        return result
      }
      const { failure } = result
      noteFailure(attempt, failure)
      if (failure.tokenGivenUp === true) {
        attempt.next = 'again'
        renewals++
        continue
      }
      if (!certainlyNotApplied(failure)) ambiguous = failure
      const isPointless = breaker.refusal() !== undefined
      const wait = isPointless
        ? (retries.endOf(failure, tries, operation.repeatable) ?? 'breaker')
        : retries.waitMs(failure, tries, operation.repeatable, context.deadlineAt)
      if (typeof wait === 'string') {
        attempt.next = wait
        return { failure: overAll(failure, ambiguous) }
      }
      attempt.next = 'again'
      attempt.nextIn = wait
      observer?.retry(account.id, name, failure.kind)
      await clock.sleep(wait)
    }
  } finally {
    if (attempt !== undefined) context.calls?.ended(attempt)
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

/** Asks whether it may go, and sends; the attempt has a place, and gives it back. */
async function send<Input, Output>(
  account: Account,
  name: OperationName,
  operation: Operation<Input, Output>,
  input: Input,
  context: CallContext,
  attempt: Attempt,
): Promise<Result<Output>> {
  const { slots, breaker, clock, observer } = account.policies
  let pass: number | undefined
  let span: AttemptTrace | undefined
  let verdict: Verdict = 'unclear'
  let outcome: FailureKind | 'ok' | 'defect' = 'defect'
  let status: number | undefined
  try {
    const stop = writesPeople.has(name) ? context.mayGo?.() : undefined
    const stopped = stop instanceof Promise ? await stop : stop
    if (stopped !== undefined) return { failure: stopped }
    const timeLeft = context.deadlineAt - clock.now()
    if (timeLeft < shortestAttemptMs) return { failure: { kind: 'deadline' } }
    const timeoutMs = Math.min(account.timeoutMs, timeLeft)
    // It may have opened while the call stood in line.
    pass = breaker.enter()
    attempt.breaker = breaker.state
    if (pass === undefined) return { failure: { kind: 'breakerOpen', retryAfterMs: breaker.refusal() ?? 0 } }
    span = context.trace?.attempt(account.id, name, attempt.number)
    attempt.at = clock.now()
    const request = operation.toRequest(input)
    const traceparent = account.sendTraceparent ? span?.traceparent : undefined
    const answer = await account.channel.send(request, { timeoutMs, traceparent })
    const ms = clock.now() - attempt.at
    status = answer.status
    const result = read(account, name, operation, input, request, answer, ms, attempt, context.log)
    outcome = 'failure' in result ? result.failure.kind : 'ok'
    verdict = verdictOf(result, timeoutMs < Math.min(account.timeoutMs, fairTimeMs))
    observer?.attempt(account.id, name, outcome, ms)
    return result
  } finally {
    if (pass !== undefined) breaker.settle(pass, verdict)
    span?.end(outcome, status)
    slots.free(context.priority)
  }
}

/** What came of an attempt after `ms` milliseconds, which is noted and logged. */
function read<Input, Output>(
  account: Account,
  name: OperationName,
  operation: Operation<Input, Output>,
  input: Input,
  request: ProviderRequest,
  answer: TransportAnswer | Unsent,
  ms: number,
  attempt: Attempt,
  log: CallLog,
): Result<Output> {
  const { changes, drift } = account.policies
  const text = 'text' in answer ? answer.text : ''
  // Without a token nothing was sent.
  if (!('unsent' in answer)) attempt.took = ms
  noteReach(account, answer, log)
  noteAnnounced(account, name, answer, log)
  let drifts: Set<DriftKind> | undefined
  const noteDrift = (kind: DriftKind) => {
    drifts = (drifts ?? new Set<DriftKind>()).add(kind)
  }
  const look = changes && ((response: ProviderResponse) => changes.look(name, response, log))
  const told =
    'unsent' in answer
      ? { failure: answer.unsent }
      : interpretAnswer(account, operation, input, answer, ms, noteDrift, look)
  const result = 'ok' in told ? told : afterRefusal(account, request, told.failure, attempt.mayRenew)
  logAttempt(log, account, name, attempt.number, result, ms, text)
  if (drifts !== undefined) drift.note(name, drifts, text, log)
  return result
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
