import type { CallContext } from '../domain/call-context.ts'
import type { ConflictPolicy, Contact } from '../domain/contact.ts'
import type { Failure } from '../domain/failure.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { ReadContact } from '../domain/read-contact.ts'
import { execute } from '../providers/execute.ts'
import type { ItemResult, ProviderRequest } from '../providers/port.ts'
import type { ListAtAccount } from './catalog.ts'
import { markOf } from './earlier-try.ts'
import type { ListKeeper } from './keep-lists.ts'
import { outcomeOfFailure, outcomeOfItem } from './outcomes.ts'
import { isSettleable, type PlannedCall } from './plan-calls.ts'
import type { DeliveryPlan } from './plan-delivery.ts'
import { writeContact } from './write-contact.ts'

/** A batch on its way to one account. */
export type Delivery = {
  readonly at: ListAtAccount
  readonly contacts: readonly ReadContact[]
  readonly onConflict: ConflictPolicy
  readonly plan: DeliveryPlan
  /** Notes what is about to be sent, where a second send would do harm; rejects when it must not be sent. */
  readonly mark?: (note: string) => Promise<void>
}

/**
 * Carries out a plan at one account. Every contact has an outcome in the end, whatever fails: one per contact, in their
 * order.
 */
export async function deliver(
  delivery: Delivery,
  lists: ListKeeper,
  context: CallContext,
): Promise<readonly Outcome[]> {
  const { at, plan } = delivery
  const outcomes = [...plan.outcomes]
  const settle = (call: PlannedCall, results: readonly ItemResult[]) => {
    call.indexes.forEach((index, place) => {
      outcomes[index] = outcomeOfItem(at.account, results[place] as ItemResult, plan.warnings[index] ?? [])
    })
  }
  const fail = (call: PlannedCall, failure: Failure) => {
    const scope = { single: call.indexes.length === 1, settleable: isSettleable(at.account, call) }
    for (const index of call.indexes)
      outcomes[index] = outcomeOfFailure(at.account, failure, scope, plan.warnings[index] ?? [])
  }

  if (plan.calls.length > 0) {
    const missing = await lists.ensure(at, context)
    if (missing !== undefined) for (const call of plan.calls) fail(call, missing)
    else {
      await eachAtOnce(plan.calls, at.account.maxConcurrency, async (call) => {
        const result = await carryOut(call, delivery, lists, context)
        if ('ok' in result) settle(call, result.ok)
        else fail(call, result.failure)
      })
    }
  }
  return outcomes as Outcome[]
}

/** The requests that a plan would begin with, as they would be sent, without credentials. */
export function previewRequests({ at, contacts, onConflict, plan }: Delivery): readonly ProviderRequest[] {
  const { ensureList } = at.account.adapter.operations
  const requests = plan.calls.map((call) => {
    const operation = at.account.adapter.operations[call.via]
    if (operation === undefined) throw new Error(`${at.account.adapter.id} lacks ${call.via}`)
    const input = batchInput(call, at, contacts, onConflict)
    return operation.toRequest({ ...input, contact: input.contacts[0] as Contact })
  })
  if (ensureList === undefined || requests.length === 0) return requests
  return [ensureList.toRequest({ target: at.target, settings: at.account.settings }), ...requests]
}

async function carryOut(
  call: PlannedCall,
  { at, contacts, onConflict, mark }: Delivery,
  lists: ListKeeper,
  context: CallContext,
) {
  const { account, target } = at
  if (mark !== undefined && !isSettleable(account, call)) await mark(markOf(account.id, call.indexes))
  const input = batchInput(call, at, contacts, onConflict)
  if (call.via === 'createContact') {
    const written = await writeContact({ account, target, contact: input.contacts[0] as Contact, onConflict }, context)
    return 'ok' in written ? { ok: [written.ok] } : written
  }
  const operation = account.adapter.operations[call.via]
  if (operation === undefined) throw new Error(`${account.adapter.id} lacks ${call.via}`)
  const result = await execute(account, call.via, operation, input, context)
  if ('ok' in result || result.failure.kind !== 'notFound' || !lists.forget(at)) return result
  // The list was there once and is gone: make it again, and send once more what was refused for its sake.
  const missing = await lists.ensure(at, context)
  return missing === undefined ? execute(account, call.via, operation, input, context) : { failure: missing }
}

function batchInput(
  call: PlannedCall,
  at: ListAtAccount,
  contacts: readonly ReadContact[],
  onConflict: ConflictPolicy,
) {
  return {
    contacts: call.indexes.map((index) => (contacts[index] as ReadContact).contact),
    target: at.target,
    onConflict,
    settings: at.account.settings,
  }
}

/** Runs `work` on every item, at most `width` at a time. */
async function eachAtOnce<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
}
