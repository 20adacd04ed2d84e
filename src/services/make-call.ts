import type { CallContext } from '../domain/call-context.ts'
import type { Contact } from '../domain/contact.ts'
import type { Failure, Result } from '../domain/failure.ts'
import { execute } from '../providers/execute.ts'
import type { ItemResult } from '../providers/port.ts'
import { defectAsFailure } from './defect-as-failure.ts'
import { markOf } from './earlier-try.ts'
import { type IsolationBudget, isolateRejected } from './isolate-rejected.ts'
import type { ListKeeper } from './keep-lists.ts'
import { isSettleable, type PlannedCall } from './plan-calls.ts'
import type { Delivery } from './plan-delivery.ts'
import { writeContact } from './write-contact.ts'

/** What all calls of one delivery share. */
export type CallSurroundings = {
  readonly delivery: Delivery
  readonly lists: ListKeeper
  readonly budget: IsolationBudget
  readonly context: CallContext
}

/** Makes one planned call, or tells why it must not be made. The result has the length and order of its contacts. */
export async function makeCall(call: PlannedCall, around: CallSurroundings): Promise<readonly Result<ItemResult>[]> {
  const { at, contacts, onConflict, mark } = around.delivery
  const { account, target } = at
  const refusal = isSettleable(account, call) ? undefined : await mark?.(markOf(account.id, call.indexes))
  if (refusal !== undefined) return call.indexes.map(() => ({ failure: refusal }))
  const sent = call.indexes.map((index) => (contacts[index] as Delivery['contacts'][number]).contact)
  if (call.via === 'createContact') {
    const suspect = call.suspect === true
    return [await writeContact({ account, target, contact: sent[0] as Contact, onConflict, suspect }, around.context)]
  }
  const { via } = call
  const result = await sendBatch(via, sent, around)
  if (!isUnclearRefusal(result, sent) || !account.isolateRejected) return apart(result, sent)
  const atomic = account.adapter.operations[via]?.atomic === true
  return isolateRejected(sent, (part) => sendBatch(via, part, around), { budget: around.budget, atomic })
}

/** The provider refused the data of several contacts and does not say which. */
function isUnclearRefusal(result: Result<unknown>, sent: readonly Contact[]): boolean {
  return 'failure' in result && result.failure.kind === 'invalid' && !result.failure.beforeSending && sent.length > 1
}

/** A failed call is the failure of each of its contacts. */
function apart(result: Result<readonly ItemResult[]>, sent: readonly Contact[]): readonly Result<ItemResult>[] {
  return 'ok' in result ? result.ok.map((item) => ({ ok: item })) : sent.map(() => result)
}

type Batch = 'addContacts' | 'importContacts'

async function sendBatch(
  via: Batch,
  contacts: readonly Contact[],
  around: CallSurroundings,
): Promise<Result<readonly ItemResult[]>> {
  const { delivery, lists, context } = around
  const { at, onConflict } = delivery
  const { account, target } = at
  const operation = account.adapter.operations[via]
  if (operation === undefined) throw new Error(`${account.adapter.id} lacks ${via}`)
  // In a search for the contacts that are refused, many calls are known already.
  const send = () =>
    defectAsFailure(context.log, () =>
      execute(account, via, operation, { contacts, target, onConflict, settings: account.settings }, context),
    )
  const result = await send()
  if ('ok' in result || result.failure.kind !== 'notFound' || !lists.forget(at)) return result
  // The list was there once and is gone: make it again, and send once more what was refused for its sake.
  const missing: Failure | undefined = await lists.ensure(at, context)
  return missing === undefined ? send() : { failure: missing }
}
