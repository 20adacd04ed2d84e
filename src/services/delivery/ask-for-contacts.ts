import type { CallContext } from '../../domain/call-context.ts'
import type { StoredContact } from '../../domain/contact.ts'
import type { Result } from '../../domain/failure.ts'
import type { Account } from '../../providers/account.ts'
import type { FindInput } from '../../providers/adapter-port.ts'
import { execute } from '../../providers/execute.ts'
import { fetchContact } from './fetch-contact.ts'

/**
 * Everybody whom the provider shows to have this address. A 404 to a search is no answer: it does not prove that anybody is
 * absent, and is `unreadable`. The account can be asked by the address that is given.
 */
export async function askForContacts(
  account: Account,
  address: Omit<FindInput<unknown>, 'settings'>,
  context: CallContext,
): Promise<Result<readonly StoredContact[]>> {
  const operation = account.adapter.operations.findContacts
  if (operation === undefined) throw new Error(`${account.adapter.id} cannot be asked about people`)
  const input = { ...address, settings: account.settings }
  const found = await execute(account, 'findContacts', operation, input, context)
  if ('ok' in found || found.failure.kind !== 'notFound') return found
  return { failure: { ...found.failure, kind: 'unreadable' } }
}

/**
 * A list may show less of a contact than it has: the whole contact is then asked for, where that can be done. Where it fails,
 * it is the part that was shown.
 */
export async function wholeContact(
  account: Account,
  shown: StoredContact,
  context: CallContext,
): Promise<StoredContact> {
  if (shown.untold === undefined || account.adapter.operations.getContact === undefined) return shown
  const whole = await fetchContact(account, shown.key, context)
  if ('failure' in whole) return shown
  return shown.phone === undefined ? whole.ok : { ...whole.ok, phone: shown.phone }
}
