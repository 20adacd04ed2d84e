import type { StoredContact } from '../../domain/contact.ts'
import type { Warning } from '../../domain/outcome.ts'
import type { AccountHome } from '../../services/catalog.ts'
import { contactId } from '../../services/contact-ids.ts'

/** The API's form of a contact at an account, as far as it is known. Without a key that is taken back it has no id. */
export function presentContact({ account }: Pick<AccountHome, 'account'>, contact: Partial<StoredContact>) {
  const { key, untold: _, ...fields } = contact
  const id = key === undefined ? undefined : contactId(account, key)
  return {
    ...(id !== undefined && { id }),
    provider: account.adapter.id,
    account: account.id,
    ...fields,
  }
}

/** The API's form of warnings about a contact that is the body of the request. */
export function presentWarnings(warnings: readonly Warning[]): Warning[] {
  return warnings.map((warning) => ({ ...warning, pointer: `#${warning.pointer}` }))
}
