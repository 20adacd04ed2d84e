import type { Contact } from '../../domain/contact.ts'
import type { Outcome, Warning } from '../../domain/outcome.ts'
import type { Destination } from '../catalog/catalog.ts'

/**
 * The warnings of a contact that an account is not for; `undefined` for one that it is for. It is asked of contacts whose
 * values are valid.
 */
export type PassOver = (contact: Contact, index: number) => readonly Warning[] | undefined

function warning(detail: string): readonly Warning[] {
  return Object.freeze([Object.freeze({ code: 'not_for_this_target', pointer: '', detail })])
}

const notForIt = warning(
  "The list's target at this account is for contacts of other kinds, as GET /lists/{listId} shows; nothing was sent there.",
)

/** In a repeat of a request. */
export const notForItThen = warning(
  "When the request was first tried, the list had no target at this account for this contact. A repeat goes by that; send the contact under another key to go by today's configuration.",
)

/** Of a contact that no target of its list is for. */
export const noTarget: Warning = Object.freeze({
  code: 'no_target',
  pointer: '',
  detail:
    'No target of the list is for this contact, so it was sent nowhere. GET /lists/{listId} shows what each one asks for: complete the contact, or have an operator change the list.',
})

/** By what the target is configured for; `undefined` where it is for all contacts. */
export function passOverBy({ when }: Pick<Destination, 'when'>): PassOver | undefined {
  return when && ((contact) => (when.holds(contact) ? undefined : notForIt))
}

/** True for an outcome of a contact that the account was not for. */
export function isPassedOver({ warnings }: Pick<Outcome, 'warnings'>): boolean {
  return warnings[0]?.code === 'not_for_this_target'
}
