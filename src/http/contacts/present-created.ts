import type { CreatedContact } from '../../services/contacts/create-contact.ts'
import { contactOf } from '../../services/delivery/plan-calls.ts'
import type { PreparedDelivery } from '../../services/delivery/plan-delivery.ts'
import type { AnswerBody } from '../../services/store-port.ts'
import { presentOutcome } from '../lists/present-batch.ts'
import { presentContact } from './present-contact.ts'

/** The API's form of a contact that was created, updated, skipped or accepted: its outcome, and the contact. */
export function presentCreated(
  { at: { account }, contacts }: PreparedDelivery,
  { outcome, contact }: Extract<CreatedContact, { outcome: unknown }>,
) {
  const { id } = outcome
  const { ref } = contactOf(contacts, 0)
  const key = id?.slice(account.id.length + 1)
  const shown = contact === undefined ? undefined : presentContact({ account }, contact, key)
  const { status, warnings, error, provider } = presentOutcome(outcome, '#')
  return { ref, account: account.id, provider, status, id, warnings, error, contact: shown }
}

/** `Prefer: return=minimal`: the outcome alone. */
export function leaveOutTheContact(body: AnswerBody): AnswerBody {
  const { contact: _, ...outcome } = JSON.parse(String(body)) as { readonly contact?: unknown }
  return JSON.stringify(outcome)
}
