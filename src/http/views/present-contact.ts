import type { StoredContact } from '../../domain/contact.ts'
import type { Warning } from '../../domain/outcome.ts'
import type { AccountHome } from '../../services/catalog.ts'

/** The API's form of a contact at an account, as far as it is known. Without a key it has no id. */
export function presentContact({ account }: Pick<AccountHome, 'account'>, contact: Partial<StoredContact>) {
  const { key, ...fields } = contact
  return {
    ...(key !== undefined && { id: idOf(account.id, key) }),
    provider: account.adapter.id,
    account: account.id,
    ...fields,
  }
}

/** `<account>:<key>`: how the API names a contact. */
export function idOf(account: string, key: string): string {
  return `${account}:${key}`
}

/** The API's form of warnings about a contact that is the body of the request. */
export function presentWarnings(warnings: readonly Warning[]): Warning[] {
  return warnings.map((warning) => ({ ...warning, pointer: `#${warning.pointer}` }))
}
