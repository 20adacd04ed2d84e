import type { CallContext } from '../../domain/call-context.ts'
import type { Contact } from '../../domain/contact.ts'
import { afterEarlierTry, beforeSending, type Failure, type Result } from '../../domain/failure.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { ParsedContact } from '../../domain/parse-contact.ts'
import type { ItemResult, ProviderRequest } from '../../providers/adapter-port.ts'
import { failureOfDefect } from './defect-as-failure.ts'
import { createIsolationBudget } from './isolate-rejected.ts'
import { type ListKeeper, makesLists } from './list-keeper.ts'
import { makeCall } from './make-call.ts'
import { outcomeOfFailure, outcomeOfItem } from './outcomes.ts'
import { isAtomic, isSettleable, type PlannedCall } from './plan-calls.ts'
import type { Delivery } from './plan-delivery.ts'

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
  if (plan.calls.length === 0) return plan.outcomes as Outcome[]
  const outcomes = [...plan.outcomes]
  const settle = (call: PlannedCall, results: readonly Result<ItemResult>[]) => {
    const scope = {
      single: call.indexes.length === 1,
      settleable: isSettleable(at.account, call),
      atomic: isAtomic(at.account, call),
    }
    call.indexes.forEach((index, place) => {
      const result = results[place] as Result<ItemResult>
      const warnings = plan.warnings[index] ?? []
      outcomes[index] =
        'ok' in result
          ? outcomeOfItem(at.account, result.ok, warnings)
          : outcomeOfFailure(
              at.account,
              call.suspect ? afterEarlierTry(result.failure) : result.failure,
              scope,
              warnings,
            )
    })
  }

  const fail = (call: PlannedCall, failure: Failure) =>
    settle(
      call,
      call.indexes.map(() => ({ failure })),
    )

  const missing = await ensureList(delivery, lists, context)
  if (missing !== undefined) for (const call of plan.calls) fail(call, missing)
  else {
    const around = { delivery, lists, context, budget: createIsolationBudget(plan.outcomes.length) }
    await eachAtOnce(plan.calls, at.account.maxConcurrency, async (call) => {
      try {
        settle(call, await makeCall(call, around))
      } catch (error) {
        fail(call, failureOfDefect(context.log, error))
      }
    })
  }
  return outcomes as Outcome[]
}

async function ensureList({ at }: Delivery, lists: ListKeeper, context: CallContext): Promise<Failure | undefined> {
  try {
    return await lists.ensure(at, context)
  } catch (error) {
    return beforeSending(failureOfDefect(context.log, error))
  }
}

/** The requests that a plan would begin with, as they would be sent, without credentials. */
export function previewRequests({ at, contacts, onConflict, plan }: Delivery): readonly ProviderRequest[] {
  const { ensureList } = makesLists(at.account) ? at.account.adapter.operations : {}
  const requests = plan.calls.map((call) => {
    const operation = at.account.adapter.operations[call.via]
    if (operation === undefined) throw new Error(`${at.account.adapter.id} lacks ${call.via}`)
    const sent = call.indexes.map((index) => (contacts[index] as ParsedContact).contact)
    const input = {
      contacts: sent,
      contact: sent[0] as Contact,
      target: at.target,
      onConflict,
      settings: at.account.settings,
    }
    return operation.toRequest(input)
  })
  if (ensureList === undefined || requests.length === 0) return requests
  return [ensureList.toRequest({ target: at.target, settings: at.account.settings }), ...requests]
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
