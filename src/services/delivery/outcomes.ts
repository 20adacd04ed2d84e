import {
  certainlyNotApplied,
  detailOfFailure,
  type Failure,
  failureRules,
  isWorthRepeating,
} from '../../domain/failure.ts'
import {
  type Outcome,
  type OutcomeError,
  type OutcomeStatus,
  type OutcomeSummary,
  unsuccessful,
  type Warning,
} from '../../domain/outcome.ts'
import type { Account } from '../../providers/account.ts'
import type { ItemResult } from '../../providers/adapter-port.ts'
import { cleanDetail } from '../../providers/execute.ts'
import { contactId } from './contact-ids.ts'
import { isOfTheData } from './refused-items.ts'

/** How much is certain of a failed call. */
export type FailureScope = {
  /** The call was about one contact alone, so that a refusal is about that contact. */
  readonly single: boolean
  /** The same can be sent again without doing harm: the operation is repeatable, or the provider can be asked. */
  readonly settleable: boolean
  /** A refusal of its data leaves none of the call's contacts applied. */
  readonly atomic: boolean
}

/** Another call had to succeed first, and did not: what the rule says of "the request" is not about the contact. */
function describePreparation({ transient, applied, detail }: (typeof failureRules)[Failure['kind']]): string {
  const advice = transient ? 'Send it again.' : applied === 'no' ? detail : 'An operator has to see to it.'
  return `A call that comes before this one failed, so the contact was not sent. ${advice}`
}

/** What a failed call means for each contact that was in it. */
export function outcomeOfFailure(
  account: Account,
  failure: Failure,
  scope: FailureScope,
  warnings: readonly Warning[],
): Outcome {
  const rule = failureRules[failure.kind]
  const ofTheData = isOfTheData(failure) && (failure.kind === 'invalid' || !scope.single)
  const certain = certainlyNotApplied(failure) && (!ofTheData || scope.atomic)
  const status: OutcomeStatus = !certain ? 'unknown' : ofTheData && scope.single ? 'rejected' : 'failed'
  const error: OutcomeError = {
    code: rule.code,
    detail: failure.beforeSending === true ? describePreparation(rule) : detailOfFailure(failure),
    // Whoever has taken over settles it, whatever the provider can do.
    retriable: status === 'unknown' && failure.kind !== 'takenOver' ? scope.settleable : isWorthRepeating(failure),
    ...(failure.provider !== undefined && { provider: failure.provider }),
  }
  return makeOutcome(account, status, warnings, error)
}

/** What a provider's answer means for one contact. */
export function outcomeOfItem(account: Account, item: ItemResult, warnings: readonly Warning[]): Outcome {
  return itemOutcome(account, item, warnings, item.key === undefined ? undefined : contactId(account, item.key))
}

/** The same without the contact's id, for who does not tell it. */
export function outcomeWithoutId(account: Account, item: ItemResult, warnings: readonly Warning[]): Outcome {
  return itemOutcome(account, item, warnings, undefined)
}

function itemOutcome(account: Account, item: ItemResult, planned: readonly Warning[], id: string | undefined): Outcome {
  const { status, error } = item
  const warnings = item.warnings === undefined ? planned : [...planned, ...item.warnings]
  if (error?.provider === undefined) return makeOutcome(account, status, warnings, error, id)
  return makeOutcome(account, status, warnings, { ...error, provider: cleanDetail(account, error.provider) }, id)
}

/** Makes every outcome, in one literal, so that all have the same shape: JSON leaves out what is not known. */
export function makeOutcome(
  account: Account,
  status: OutcomeStatus,
  warnings: readonly Warning[],
  error?: OutcomeError,
  id?: string,
): Outcome {
  return { account: account.id, provider: account.adapter.id, status, id, warnings, error }
}

/** Counts outcomes by status; the counts add up to all outcomes, zeros are left out. */
export function summarize(perAccount: readonly (readonly Outcome[])[]): OutcomeSummary {
  const counts: OutcomeSummary = {}
  for (const outcomes of perAccount) for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** How many outcomes a caller has to do something about. */
export function countUnsuccessful(summary: OutcomeSummary): number {
  let count = 0
  for (const status of unsuccessful) count += summary[status] ?? 0
  return count
}
