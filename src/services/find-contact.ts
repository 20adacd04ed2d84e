import type { CallContext } from '../domain/call-context.ts'
import type { StoredContact } from '../domain/contact.ts'
import type { Result } from '../domain/failure.ts'
import { execute } from '../providers/execute.ts'
import type { Account } from '../providers/port.ts'

/**
 * Looks a contact up by its number (E.164); `undefined` where the provider cannot be asked. Where numbers may be kept, or
 * searched, without their plus, nobody is taken for absent before the digits alone were asked for.
 */
export async function findContact(
  account: Account,
  phone: string,
  context: CallContext,
): Promise<Result<StoredContact | undefined> | undefined> {
  const operation = account.adapter.operations.findContact
  if (operation === undefined) return undefined
  const input = { phone, settings: account.settings }
  const found = await execute(account, 'findContact', operation, input, context)
  const isAbsent = 'ok' in found && found.ok === undefined
  if (!isAbsent || operation.alsoByDigits !== true) return asAnswer(found)
  return asAnswer(await execute(account, 'findContact', operation, { ...input, digitsOnly: true }, context))
}

/** A search that is not there is no answer: it says of nobody that he is not there. */
function asAnswer(found: Result<StoredContact | undefined>): Result<StoredContact | undefined> {
  const isLost = 'failure' in found && found.failure.kind === 'notFound'
  return isLost ? { failure: { ...found.failure, kind: 'unreadable' } } : found
}
