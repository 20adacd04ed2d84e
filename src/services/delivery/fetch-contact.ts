import type { CallContext } from '../../domain/call-context.ts'
import type { StoredContact } from '../../domain/contact.ts'
import type { Result } from '../../domain/failure.ts'
import type { Account } from '../../providers/account.ts'
import { execute } from '../../providers/execute.ts'

/** The contact with this key; `notFound` when there is none. */
export async function fetchContact(
  account: Account,
  key: string,
  context: CallContext,
): Promise<Result<StoredContact>> {
  const operation = account.adapter.operations.getContact
  if (operation === undefined) throw new Error(`${account.adapter.id} cannot read contacts`)
  return execute(account, 'getContact', operation, { key, settings: account.settings }, context)
}
