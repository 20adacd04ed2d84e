import { type ConflictPolicy, type Contact, identityOf } from '../domain/contact.ts'
import type { Outcome, OutcomeError, Warning } from '../domain/outcome.ts'
import type { ReadContact } from '../domain/read-contact.ts'
import { checkFields, type FieldCheck, takesValue } from '../providers/fields.ts'
import type { ListAtAccount } from './catalog.ts'
import { type PlannedCall, planCalls } from './plan-calls.ts'

/** What has to be sent to one account, and what is settled without sending. Indexes are those of the contacts. */
export type DeliveryPlan = {
  /** `undefined` where a call has to tell. */
  readonly outcomes: readonly (Outcome | undefined)[]
  /** What each contact loses at this account, or had tidied. */
  readonly warnings: readonly (readonly Warning[])[]
  readonly calls: readonly PlannedCall[]
}

/** A batch on its way to one account. */
export type Delivery = {
  readonly at: ListAtAccount
  readonly contacts: readonly ReadContact[]
  readonly onConflict: ConflictPolicy
  readonly plan: DeliveryPlan
  /** Notes what is about to be sent, where a second send would do harm; rejects when it must not be sent. */
  readonly mark?: (note: string) => Promise<void>
}

/**
 * Decides for each contact whether the account can take it, and how all of them go in the fewest calls. Pure: no call
 * is made. A contact that is bad is rejected alone; one that repeats an earlier one of the same batch is skipped.
 * `distinct`: nobody is in the batch twice, which was made sure of before.
 */
export function planDelivery(
  at: ListAtAccount,
  contacts: readonly ReadContact[],
  onConflict: ConflictPolicy,
  distinct = false,
): DeliveryPlan {
  const outcomes: (Outcome | undefined)[] = new Array(contacts.length).fill(undefined)
  const warnings: (readonly Warning[])[] = new Array(contacts.length)
  const sendable: number[] = []
  const firstOf = new Map<string, number>()
  const policy = policyWarning(at, onConflict)

  for (let index = 0; index < contacts.length; index++) {
    const read = contacts[index] as ReadContact
    const check = read.error === undefined ? checkFields(at.fields, read.contact, at.account.adapter.title) : undefined
    const error = read.error ?? check?.error
    if (error !== undefined) {
      warnings[index] = read.warnings
      outcomes[index] = rejected(at, error, read.warnings)
      continue
    }
    warnings[index] = collectWarnings(at, read, check as FieldCheck, policy)
    const first = distinct ? undefined : firstOfPerson(firstOf, read.contact, index)
    if (first === undefined) sendable.push(index)
    else outcomes[index] = duplicate(at, first, warnings[index] as readonly Warning[])
  }
  return { outcomes, warnings, calls: planCalls(at, contacts, sendable, onConflict) }
}

/** The place of the same person in the batch, unless it is this one. */
function firstOfPerson(firstOf: Map<string, number>, contact: Contact, index: number): number | undefined {
  const identity = identityOf(contact) as string
  const first = firstOf.get(identity)
  if (first === undefined) firstOf.set(identity, index)
  return first
}

function collectWarnings(
  at: ListAtAccount,
  read: ReadContact,
  check: FieldCheck,
  policy: Warning | undefined,
): readonly Warning[] {
  if (read.warnings.length === 0 && policy === undefined) return check.warnings
  // Tidying matters only where the value goes out.
  const tidied = read.warnings.filter(({ pointer }) => takesValue(at.fields, pointer, read.contact))
  return policy === undefined ? [...tidied, ...check.warnings] : [...tidied, ...check.warnings, policy]
}

function policyWarning(at: ListAtAccount, onConflict: ConflictPolicy): Warning | undefined {
  if (onConflict === 'update' || at.account.adapter.honoursSkip) return undefined
  const detail = `${at.account.adapter.title} cannot be told to leave existing contacts as they are.`
  return { code: 'policy_not_enforced', pointer: '', detail }
}

function rejected(at: ListAtAccount, error: OutcomeError, warnings: readonly Warning[]): Outcome {
  return { account: at.account.id, provider: at.account.adapter.id, status: 'rejected', warnings, error }
}

function duplicate(at: ListAtAccount, first: number, warnings: readonly Warning[]): Outcome {
  const detail = `It is the same person as contact ${first} of this batch, which counts.`
  const warning: Warning = { code: 'duplicate_in_batch', pointer: '', detail }
  return {
    account: at.account.id,
    provider: at.account.adapter.id,
    status: 'skipped',
    warnings: [...warnings, warning],
  }
}
