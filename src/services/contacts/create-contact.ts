import type { CallContext } from '../../domain/call-context.ts'
import type { ConflictPolicy, Contact, ContactDraft, StoredContact } from '../../domain/contact.ts'
import { afterEarlierTry, type Failure, type Result } from '../../domain/failure.ts'
import type { Outcome, Warning } from '../../domain/outcome.ts'
import { parseContact } from '../../domain/parse-contact.ts'
import type { ListTarget, WrittenContact } from '../../providers/adapter-port.ts'
import { execute } from '../../providers/execute.ts'
import type { AccountHome } from '../catalog/catalog.ts'
import { defectAsFailure } from '../delivery/defect-as-failure.ts'
import { keptContact } from '../delivery/kept-contact.ts'
import type { ListKeeper } from '../delivery/list-keeper.ts'
import { outcomeOfItem } from '../delivery/outcomes.ts'
import { isSettleable } from '../delivery/plan-calls.ts'
import { planDelivery } from '../delivery/plan-delivery.ts'
import { settleAlone } from '../delivery/refused-items.ts'
import { withShownAsSent } from '../delivery/shown-as-sent.ts'
import { writeContact } from '../delivery/write-contact.ts'

export type NewContact = {
  readonly home: AccountHome
  readonly draft: ContactDraft
  readonly onConflict: ConflictPolicy
  /** ISO 3166 alpha-2, for numbers without a country code. */
  readonly defaultCountry: string | undefined
}

/** A contact that was read and checked; nothing was sent. */
export type PreparedContact = Pick<NewContact, 'home' | 'onConflict'> & {
  readonly contact: Contact
  /** It is settled without sending: the contact is not acceptable there. */
  readonly outcome: Outcome | undefined
  readonly warnings: readonly Warning[]
}

/** What a contact is known to be at its provider. Tags and attributes are absent where nothing is known of them. */
export type KnownContact = Omit<StoredContact, 'key' | 'tags' | 'attributes'> &
  Partial<Pick<StoredContact, 'tags' | 'attributes'>>

export type CreatedContact =
  | { readonly outcome: Outcome; readonly contact?: KnownContact }
  /** The call failed. `settleable`: the same request can be sent again without harm. */
  | { readonly failure: Failure; readonly settleable: boolean }

/** Checks a contact for one account: what it loses there, and whether it is acceptable at all. */
export function prepareContact({ home, draft, onConflict, defaultCountry }: NewContact): PreparedContact {
  const read = parseContact(draft, defaultCountry)
  const at = { ...home, target: home.target ?? {} }
  const { outcomes, warnings } = planDelivery(at, [read], onConflict, nobodyIsThereTwice)
  return { home, onConflict, contact: read.contact, outcome: outcomes[0], warnings: warnings[0] ?? [] }
}

const nobodyIsThereTwice = () => undefined

/**
 * Creates one contact, or updates or skips the one that is there, in the account's default list or in none. `again`: an
 * earlier try of the same request may have been applied; where that can be neither asked nor repeated, nothing is sent.
 */
export async function createContact(
  prepared: PreparedContact,
  { again }: { readonly again: boolean },
  lists: ListKeeper,
  context: CallContext,
): Promise<CreatedContact> {
  const { home, outcome, warnings } = prepared
  if (outcome !== undefined) return { outcome }
  const { createContact: single, addContacts } = home.account.adapter.operations
  const via = single === undefined && addContacts !== undefined ? 'addContacts' : 'createContact'
  const settleable = isSettleable(home.account, { via })
  if (again && !settleable) return { failure: { kind: 'timeout' }, settleable }
  const written = await defectAsFailure(context.log, () => write(prepared, again, lists, context))
  if ('failure' in written) return { failure: again ? afterEarlierTry(written.failure) : written.failure, settleable }
  return {
    outcome: outcomeOfItem(home.account, written.ok, withShownAsSent(warnings, written.ok, home.account.adapter.title)),
    ...(isIn(written.ok) && { contact: knownContact(prepared, written.ok) }),
  }
}

async function write(
  prepared: PreparedContact,
  again: boolean,
  lists: ListKeeper,
  context: CallContext,
): Promise<Result<WrittenContact>> {
  const { home } = prepared
  if (!hasList(home)) return send(prepared, again, context)
  const missing = await lists.ensure(home, context)
  if (missing !== undefined) return { failure: missing }
  const first = await send(prepared, again, context)
  if ('ok' in first || first.failure.kind !== 'notFound' || !lists.forget(home)) return first
  // The list was there once and is gone: make it again, and send once more what was refused for its sake.
  const gone = await lists.ensure(home, context)
  if (gone !== undefined) return { failure: gone }
  const second = await send(prepared, again, context)
  return 'ok' in second ? second : { failure: lists.afterMaking(home, second.failure) }
}

function hasList(home: AccountHome): home is AccountHome & { readonly target: ListTarget } {
  return home.target !== undefined
}

async function send(
  { home, contact, onConflict }: PreparedContact,
  again: boolean,
  context: CallContext,
): Promise<Result<WrittenContact>> {
  const { account, target } = home
  const { createContact: single, addContacts } = account.adapter.operations
  if (single !== undefined) return writeContact({ ...home, contact, onConflict, suspect: again }, context)
  if (addContacts === undefined || target === undefined) throw new Error(`${account.id} cannot take a contact alone`)
  const batch = { contacts: [contact], target, onConflict, settings: account.settings }
  const added = await execute(account, 'addContacts', addContacts, batch, context)
  return 'failure' in added ? settleAlone(added, onConflict) : { ok: added.ok[0] as WrittenContact }
}

function isIn({ status }: WrittenContact): boolean {
  return status !== 'rejected' && status !== 'failed' && status !== 'unknown'
}

/** As the provider shows it, else as it was sent; of one that it may have left as it was, only the number is known. */
function knownContact({ home, contact, onConflict }: PreparedContact, written: WrittenContact): KnownContact {
  if (written.contact !== undefined) return written.contact
  const kept = keptContact(home.fields, contact)
  const mayBeSkipped = written.status === 'accepted' && onConflict === 'skip' && home.account.adapter.honoursSkip
  if (written.status !== 'skipped' && !mayBeSkipped) return kept
  return kept.phone === undefined ? {} : { phone: kept.phone }
}
