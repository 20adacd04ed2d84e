import type { StoredContact } from '../../domain/contact.ts'
import type { Warning } from '../../domain/outcome.ts'
import type { Destination } from '../../services/catalog/catalog.ts'
import { contactId } from '../../services/delivery/contact-ids.ts'

type ShownContact = Omit<Partial<StoredContact>, 'key' | 'untold' | 'leftOut'> & {
  readonly id?: string
  readonly provider: string
  readonly account: string
}

/**
 * The API's form of a contact at an account, as far as it is known: what the provider did not show is not said to be empty.
 * Without a key that is taken back it has no id. Made in one literal: JSON leaves out what is not known.
 */
export function presentContact(
  { account }: Pick<Destination, 'account'>,
  contact: Partial<StoredContact>,
  key = contact.key,
): ShownContact {
  const { untold } = contact
  return {
    id: key === undefined ? undefined : contactId(account, key),
    provider: account.adapter.id,
    account: account.id,
    name: contact.name,
    firstName: contact.firstName,
    lastName: contact.lastName,
    email: contact.email,
    phone: contact.phone,
    whatsapp: contact.whatsapp,
    tags: untold?.has('tags') === true ? undefined : contact.tags,
    attributes: untold?.has('attributes') === true ? undefined : contact.attributes,
    createdAt: contact.createdAt,
    updatedAt: contact.updatedAt,
    lastActivityAt: contact.lastActivityAt,
  } as ShownContact
}

/** The API's form of warnings about a contact that is the body of the request. */
export function presentWarnings(warnings: readonly Warning[]): Warning[] {
  return warnings.map((warning) => ({ ...warning, pointer: `#${warning.pointer}` }))
}
