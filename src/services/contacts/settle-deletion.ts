import type { CallContext } from '../../domain/call-context.ts'
import { certainlyNotApplied, type Failure, type Result } from '../../domain/failure.ts'
import type { Account } from '../../providers/account.ts'
import { fetchContact } from '../delivery/fetch-contact.ts'

/**
 * What a deletion that failed has come to. When it may have been applied, the provider is asked, where it can be: a contact
 * that it says is not there is gone. One that is there yet, and a question that fails, leave it open.
 */
export async function settleDeletion(
  account: Account,
  keys: readonly string[],
  failure: Failure,
  context: CallContext,
): Promise<Result<undefined>> {
  const { adapter, policies } = account
  const [key] = keys
  const canAsk = keys.length === 1 && key !== undefined && adapter.operations.getContact !== undefined
  if (certainlyNotApplied(failure) || !canAsk || !policies.retries.isWorthAsking) return { failure }
  const asked = await fetchContact(account, key, context)
  if ('ok' in asked) return { failure }
  if (asked.failure.kind === 'notFound') return { ok: undefined }
  policies.retries.questionFailed(asked.failure)
  return { failure }
}
