import type { ConflictPolicy } from '../../domain/contact.ts'
import { detailOfFailure, type Failure, failureRules } from '../../domain/failure.ts'
import type { OutcomeError, Warning } from '../../domain/outcome.ts'
import type { ItemResult } from '../../providers/adapter-port.ts'

/** True for a refusal of the data of a batch, or of what it meets at the provider: one contact of it may be the reason. */
export function isOfTheData({ kind, beforeSending }: Failure): boolean {
  return (kind === 'invalid' || kind === 'conflict') && beforeSending !== true
}

/**
 * What the refusal of a contact, alone or by its name, means for it. A contact that the provider has already was left
 * as it was.
 */
export function itemOfRefusal(failure: Failure, onConflict: ConflictPolicy): ItemResult {
  if (failure.kind === 'conflict')
    return { status: 'skipped', ...(onConflict === 'update' && { warnings: [hasItAlready] }) }
  const { code } = failureRules.invalid
  return { status: 'rejected', error: errorOf(failure, { code, detail: detailOfFailure(failure) }) }
}

/** What a refusal that is about no contact means for each of them. */
export function refusedAlike(failure: Failure): ItemResult {
  return { status: 'failed', error: errorOf(failure, { code: failureRules.misaddressed.code, detail: meetsAll }) }
}

function errorOf({ provider }: Failure, { code, detail }: Pick<OutcomeError, 'code' | 'detail'>): OutcomeError {
  return { code, detail, retriable: false, ...(provider !== undefined && { provider }) }
}

const hasItAlready: Warning = {
  code: 'policy_not_enforced',
  pointer: '',
  detail:
    'The provider has this contact already and refuses to take it again; it was left as it is there. Change it at the provider.',
}
const meetsAll =
  'The provider refuses every contact with the same words, wherever it stands in the batch: that is no fault of any of them. Nothing was applied. An operator has to see what the provider says, and whether its calls or the account have changed.'
