import type { CallLog } from '../domain/call-context.ts'
import { describeShape } from '../domain/describe-shape.ts'
import { detailOfFailure, type FailureKind, type Result } from '../domain/failure.ts'
import { tellableCode } from '../domain/tellable-code.ts'
import type { Account } from './account.ts'
import type { OperationName } from './adapter-port.ts'
import type { Verdict } from './breaker.ts'
import type { TransportAnswer, Unsent } from './channel.ts'

/** What an attempt says of the provider. A refusal of data, of credentials or of speed comes from one that works. */
export function verdictOf(result: Result<unknown>, isCutShort: boolean): Verdict {
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

export function noteReach({ policies, channel }: Account, answer: TransportAnswer | Unsent, log: CallLog): void {
  if ('unsent' in answer) return
  if (!('lost' in answer) || answer.lost !== 'unreachable') policies.reach.reached(log)
  else if (answer.cause !== undefined) policies.reach.lost(answer.cause, channel.proxy, log)
}

/** By RFC 9745 and RFC 8594. */
export function noteAnnounced(
  { policies }: Account,
  name: OperationName,
  answer: TransportAnswer | Unsent,
  log: CallLog,
): void {
  if (!('headers' in answer) || answer.headers === undefined) return
  if (answer.headers.deprecation !== undefined) policies.drift.announced(name, 'deprecation', log)
  if (answer.headers.sunset !== undefined) policies.drift.announced(name, 'sunset', log)
}

/** Waiting and repeating does not mend these. */
const needsPerson: ReadonlySet<FailureKind> = new Set(['credentials', 'redirected', 'unreadable', 'misaddressed'])

export function logAttempt(
  log: CallLog,
  account: Account,
  operation: OperationName,
  attempt: number,
  result: Result<unknown>,
  ms: number,
  text: string,
): void {
  if ('ok' in result && log.isLevelEnabled?.('debug') === false) return
  const failure = 'failure' in result ? result.failure : undefined
  const fields = {
    account: account.id,
    operation,
    attempt,
    outcome: failure?.kind ?? 'ok',
    providerStatus: failure?.provider?.status,
    providerCode: tellableCode(failure?.provider?.code),
    durationMs: Math.round(ms),
    // Types and names alone, so that a change of the provider's form can be told from a page of some proxy.
    ...(failure?.kind === 'unreadable' && { shape: describeShape(text) }),
  }
  if (failure !== undefined && needsPerson.has(failure.kind) && failure.tokenGivenUp === undefined)
    log.error(fields, detailOfFailure(failure))
  else log.debug(fields, 'provider attempt')
}
