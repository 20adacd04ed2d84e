import type { StoredContact } from '../../domain/contact.ts'
import type { Warning } from '../../domain/outcome.ts'
import type { Destination } from '../../services/catalog/catalog.ts'
import { contactId } from '../../services/delivery/contact-ids.ts'

/**
 * The API's form of a contact at an account, as far as it is known: what the provider did not show is not said to be empty.
 * Without a key that is taken back it has no id.
 */
export function presentContact({ account }: Pick<Destination, 'account'>, contact: Partial<StoredContact>) {
  const { key, untold, leftOut: _, ...shown } = contact
  const fields = untold === undefined ? shown : without(shown, untold)
  const id = key === undefined ? undefined : contactId(account, key)
  return {
    ...(id !== undefined && { id }),
    provider: account.adapter.id,
    account: account.id,
    ...fields,
  }
}

function without(
  contact: Partial<StoredContact>,
  untold: NonNullable<StoredContact['untold']>,
): Partial<StoredContact> {
  const { tags, attributes, ...others } = contact
  return {
    ...others,
    ...(tags !== undefined && !untold.has('tags') && { tags }),
    ...(attributes !== undefined && !untold.has('attributes') && { attributes }),
  }
}

/** The API's form of warnings about a contact that is the body of the request. */
export function presentWarnings(warnings: readonly Warning[]): Warning[] {
  return warnings.map((warning) => ({ ...warning, pointer: `#${warning.pointer}` }))
}
