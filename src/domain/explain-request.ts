import { type Attempt, attemptsOf } from './attempt.ts'
import { type CallsAt, mostCallsTold } from './calls-made.ts'
import type {
  AnsweredRequest,
  ExplainedOutcome,
  Explanation,
  ExplanationHead,
  ToldAccount,
  ToldAttempt,
  ToldCall,
} from './explanation.ts'
import { sentencesOf } from './explanation-sentences.ts'
import { tellableCode } from './tellable-code.ts'

/** The largest explanation, in bytes of its JSON. */
export const mostExplanationBytes = 16 * 1_024
/** Kept free for what is added when it is read. */
const spareBytes = 256

/** Explains a request; where it would be too large, the calls that are least to blame are left out, and counted. */
export function explain(request: AnsweredRequest): Explanation {
  const { startedAt, outcomes, calls, left, ...known } = request
  const all = calls?.byAccount() ?? []
  const head = { ...known, explanation: sentencesOf({ ...known, outcomes, left }, all) }
  for (const most of [mostCallsTold, 10, 5, 2, 1, 0]) {
    const held = most === mostCallsTold ? all : (calls?.byAccount(most) ?? [])
    const accounts = toldAccounts(held, outcomes, startedAt)
    if (sizeOf(head, accounts) <= mostExplanationBytes) return { head, accounts, accountsLeftOut: 0 }
  }
  const accounts = [...toldAccounts(calls?.byAccount(0) ?? [], outcomes, startedAt)]
  const before = accounts.length
  while (accounts.length > 0 && sizeOf(head, accounts) > mostExplanationBytes) accounts.pop()
  return { head, accounts, accountsLeftOut: before - accounts.length }
}

function sizeOf(head: ExplanationHead, accounts: readonly ToldAccount[]): number {
  return Buffer.byteLength(JSON.stringify(head)) + Buffer.byteLength(JSON.stringify(accounts)) + spareBytes
}

function toldAccounts(
  held: readonly CallsAt[],
  outcomes: readonly ExplainedOutcome[],
  startedAt: number,
): readonly ToldAccount[] {
  const byAccount = Map.groupBy(outcomes, ({ account }) => account)
  const callsOf = new Map(held.map((one) => [one.account, one]))
  return [...new Set([...byAccount.keys(), ...callsOf.keys()])].map((account) => {
    const { calls = [], leftOut = 0 } = callsOf.get(account) ?? {}
    const ofContacts = byAccount.get(account) ?? []
    return {
      account,
      contacts: ofContacts.length || Math.max(0, ...calls.map(({ contacts }) => contacts)),
      outcomes: countOutcomes(ofContacts),
      callsLeftOut: leftOut,
      calls: calls.map((last) => toldCall(last, startedAt)),
    }
  })
}

function countOutcomes(outcomes: readonly ExplainedOutcome[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

function toldCall(last: Attempt, startedAt: number): ToldCall {
  const { operation, contacts } = last
  return { operation, contacts, attempts: attemptsOf(last).map((attempt) => toldAttempt(attempt, startedAt)) }
}

function toldAttempt(attempt: Attempt, startedAt: number): ToldAttempt {
  const { waitedForPlace, waitedForPace, took, result, providerStatus, next, nextIn } = attempt
  const providerCode = tellableCode(attempt.providerCode)
  return {
    atMs: roundMs(attempt.at - startedAt),
    ...(waitedForPlace + waitedForPace > 0 && {
      waitedMs: { place: roundMs(waitedForPlace), pace: roundMs(waitedForPace) },
    }),
    breaker: attempt.breaker,
    ...(took !== undefined && { tookMs: roundMs(took) }),
    result,
    ...(providerStatus !== undefined && { providerStatus }),
    ...(providerCode !== undefined && { providerCode }),
    next,
    ...(next === 'again' && { nextInMs: roundMs(nextIn) }),
  }
}

/** A tenth of a millisecond is enough. */
export function roundMs(ms: number): number {
  return Math.round(ms * 10) / 10
}
