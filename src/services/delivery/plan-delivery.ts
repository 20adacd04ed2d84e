import type { ConflictPolicy, Contact } from '../../domain/contact.ts'
import type { Failure } from '../../domain/failure.ts'
import type { Outcome, Warning } from '../../domain/outcome.ts'
import type { ParsedContact } from '../../domain/parse-contact.ts'
import { checkFields } from '../../providers/check-fields.ts'
import type { Destination } from '../catalog/catalog.ts'
import type { PassOver } from './not-for-target.ts'
import { makeOutcome } from './outcomes.ts'
import { type PlannedCall, planCalls } from './plan-calls.ts'
import { describeRepeat, hashValues, personAt } from './same-person.ts'

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
  readonly at: Destination
  readonly contacts: readonly ParsedContact[]
  readonly onConflict: ConflictPolicy
  readonly plan: DeliveryPlan
  /** Notes what is about to be sent, where a second send would do harm; resolves with why it must not be sent. */
  readonly mark?: (note: string) => Promise<Failure | undefined>
}

/**
 * Says of a contact which earlier one is the same person at the account; `undefined` when none is. It is asked in order,
 * and only of contacts that the account takes.
 */
export type FindRepeat = (contact: Contact, index: number) => Warning | undefined

/** What else decides about contacts. Where nothing is said, the account is for all, and repeats are those of the batch. */
export type PlanOptions = { readonly passOver?: PassOver | undefined; readonly findRepeat?: FindRepeat }

/**
 * Decides for each contact whether the account can take it, and how all of them go in the fewest calls. Pure: no call
 * is made. A contact that is bad is rejected alone; one that the account is not for, or that repeats an earlier one, is
 * skipped.
 */
export function planDelivery(
  at: Destination,
  contacts: readonly ParsedContact[],
  onConflict: ConflictPolicy,
  { passOver, findRepeat = repeatsInBatch(at, contacts) }: PlanOptions = {},
): DeliveryPlan {
  const outcomes: (Outcome | undefined)[] = new Array(contacts.length).fill(undefined)
  const warnings: (readonly Warning[])[] = new Array(contacts.length)
  const sendable: number[] = []
  const policy = policyWarning(at, onConflict)

  for (let index = 0; index < contacts.length; index++) {
    const read = contacts[index] as ParsedContact
    const elsewhere = passOver && read.error === undefined ? passOver(read.contact, index) : undefined
    if (elsewhere !== undefined) {
      warnings[index] = elsewhere
      outcomes[index] = makeOutcome(at.account, 'skipped', elsewhere)
      continue
    }
    const check =
      read.error === undefined ? checkFields(at.fields, read.contact, at.account.adapter.title, read.warnings) : read
    if (check.error !== undefined) {
      warnings[index] = check.warnings
      outcomes[index] = makeOutcome(at.account, 'rejected', check.warnings, check.error)
      continue
    }
    warnings[index] = policy === undefined ? check.warnings : [...check.warnings, policy]
    const repeat = findRepeat(read.contact, index)
    if (repeat === undefined) sendable.push(index)
    else outcomes[index] = makeOutcome(at.account, 'skipped', [...(warnings[index] as readonly Warning[]), repeat])
  }
  return { outcomes, warnings, calls: planCalls(at, contacts, sendable, onConflict) }
}

/** Remembers the contacts of the batch that it is asked of. */
export function repeatsInBatch(at: Destination, contacts: readonly ParsedContact[]): FindRepeat {
  const firstOf = new Map<string, number>()
  return (contact, index) => {
    const person = personAt(at, contact)
    if (person === undefined) return undefined
    const first = firstOf.get(person)
    if (first === undefined) {
      firstOf.set(person, index)
      return undefined
    }
    const differs = hashValues((contacts[first] as ParsedContact).contact) !== hashValues(contact)
    const detail = describeRepeat(`contact ${first} of this batch`, differs)
    return { code: 'duplicate_in_batch', pointer: '', detail }
  }
}

function policyWarning(at: Destination, onConflict: ConflictPolicy): Warning | undefined {
  if (onConflict === 'update' || at.account.adapter.honoursSkip) return undefined
  const detail = `${at.account.adapter.title} cannot be told to leave existing contacts as they are.`
  return { code: 'policy_not_enforced', pointer: '', detail }
}
