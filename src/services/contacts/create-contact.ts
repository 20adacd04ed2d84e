import type { CallContext } from '../../domain/call-context.ts'
import type { ConflictPolicy, ContactDraft, StoredContact } from '../../domain/contact.ts'
import type { Failure } from '../../domain/failure.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { parseContact } from '../../domain/parse-contact.ts'
import type { NumbersFrom } from '../../domain/phone.ts'
import type { WrittenContact } from '../../providers/adapter-port.ts'
import type { Destination } from '../catalog/catalog.ts'
import { carryOut } from '../delivery/deliver.ts'
import { keptContact } from '../delivery/kept-contact.ts'
import type { ListKeeper } from '../delivery/list-keeper.ts'
import { outcomeOfItem } from '../delivery/outcomes.ts'
import { contactOf } from '../delivery/plan-calls.ts'
import { type Delivery, planDelivery } from '../delivery/plan-delivery.ts'
import { diedInSending, resumePlan } from '../delivery/resume.ts'
import { withShownAsSent } from '../delivery/shown-as-sent.ts'

export type NewContact = {
  readonly at: Destination
  readonly draft: ContactDraft
  readonly onConflict: ConflictPolicy
  readonly from: NumbersFrom
}

/** What a contact is known to be at its provider. Tags and attributes are absent where nothing is known of them. */
export type KnownContact = Omit<StoredContact, 'key' | 'tags' | 'attributes'> &
  Partial<Pick<StoredContact, 'tags' | 'attributes'>>

export type CreatedContact =
  | { readonly outcome: Outcome; readonly contact?: KnownContact }
  /** The call failed. `settleable`: the same request can be sent again without harm. */
  | { readonly failure: Failure; readonly settleable: boolean }

/** Checks a contact for one account and plans its call: a batch of one. Nothing is sent. */
export function prepareContact({ at, draft, onConflict, from }: NewContact): Delivery {
  const contacts = [parseContact(draft, from)]
  return { at, contacts, onConflict, plan: planDelivery(at, contacts, onConflict) }
}

/**
 * Creates one contact, or updates or skips the one that is there, in the account's default list or in none. `again`: an
 * earlier try of the same request may have been applied; where that can be neither asked nor repeated, nothing is sent.
 */
export async function createContact(
  prepared: Delivery,
  { again }: { readonly again: boolean },
  lists: ListKeeper,
  context: CallContext,
): Promise<CreatedContact> {
  const { at } = prepared
  const plan = again ? resumePlan(prepared.plan, at, diedInSending) : prepared.plan
  let created = { outcome: plan.outcomes[0] } as CreatedContact
  await carryOut({ ...prepared, plan }, lists, context, (_, result, { settleable }) => {
    created = 'ok' in result ? writtenOf(prepared, result.ok) : { failure: result.failure, settleable }
  })
  return created
}

function writtenOf(prepared: Delivery, written: WrittenContact): CreatedContact {
  const { account } = prepared.at
  const warnings = withShownAsSent(prepared.plan.warnings[0] ?? [], written, account.adapter.title)
  const outcome = outcomeOfItem(account, written, warnings)
  return isIn(written) ? { outcome, contact: knownContact(prepared, written) } : { outcome }
}

function isIn({ status }: WrittenContact): boolean {
  return status !== 'rejected' && status !== 'failed' && status !== 'unknown'
}

/**
 * As the provider shows it, else as it was sent; where the provider may have left it as it was, only the number is
 * known.
 */
function knownContact({ at, contacts, onConflict }: Delivery, written: WrittenContact): KnownContact {
  if (written.contact !== undefined) return written.contact
  const kept = keptContact(at.fields, contactOf(contacts, 0))
  const mayBeSkipped = written.status === 'accepted' && onConflict === 'skip' && at.account.adapter.honoursSkip
  if (written.status !== 'skipped' && !mayBeSkipped) return kept
  return kept.phone === undefined ? {} : { phone: kept.phone }
}
