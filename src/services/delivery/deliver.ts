import type { CallContext } from '../../domain/call-context.ts'
import type { Contact } from '../../domain/contact.ts'
import { afterEarlierTry, beforeSending, type Failure, type Result } from '../../domain/failure.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { Account } from '../../providers/account.ts'
import type { ProviderRequest, WrittenContact } from '../../providers/adapter-port.ts'
import { failureOfDefect } from './defect-as-failure.ts'
import { guardDelivery } from './guard-delivery.ts'
import { createIsolationBudget } from './isolate-rejected.ts'
import { type ListKeeper, listMaker } from './list-keeper.ts'
import { type CallSurroundings, makeCall } from './make-call.ts'
import { type FailureScope, outcomeOfFailure, outcomeOfItem } from './outcomes.ts'
import { contactOf, isAtomic, isSettleable, type PlannedCall } from './plan-calls.ts'
import type { Delivery, PreparedDelivery } from './plan-delivery.ts'

/**
 * Delivers at one account. Every contact has an outcome in the end, whatever fails: one per contact, in their order.
 * `outcomeOf` makes those of contacts that the provider has answered.
 */
export async function deliver(
  delivery: Delivery,
  lists: ListKeeper,
  context: CallContext,
  outcomeOf: typeof outcomeOfItem = outcomeOfItem,
): Promise<readonly Outcome[]> {
  const { at, plan } = delivery
  if (plan.calls.length === 0) return plan.outcomes as Outcome[]
  const outcomes = [...plan.outcomes]
  await carryOut(delivery, lists, context, (index, result, scope) => {
    const warnings = plan.warnings[index] ?? []
    outcomes[index] =
      'ok' in result
        ? outcomeOf(at.account, result.ok, warnings)
        : outcomeOfFailure(at.account, result.failure, scope, warnings)
  })
  return outcomes as Outcome[]
}

/** Is told what became of each contact that was in a call. */
export type Settle = (index: number, result: Result<WrittenContact>, scope: FailureScope) => void

/** Makes the calls of a plan, and tells of each of their contacts once, whatever fails. */
export function carryOut(
  delivery: Delivery,
  lists: ListKeeper,
  context: CallContext,
  settleOne: Settle,
): Promise<void> {
  const { at, plan } = delivery
  if (plan.calls.length === 0) return nothingToDo
  if (listMaker(at) === undefined) return makeCalls(delivery, lists, context, settleOne)
  return ensureList(delivery, lists, context).then((missing) => {
    if (missing === undefined) return makeCalls(delivery, lists, context, settleOne)
    for (const call of plan.calls) fail(at.account, call, missing, settleOne)
    return nothingToDo
  })
}

const nothingToDo = Promise.resolve()

function makeCalls(delivery: Delivery, lists: ListKeeper, context: CallContext, settleOne: Settle): Promise<void> {
  const { at, plan } = delivery
  const budget = createIsolationBudget(plan.outcomes.length)
  const around = { delivery, lists, context, budget, guard: guardDelivery(delivery, context) }
  const [first] = plan.calls
  if (first !== undefined && plan.calls.length === 1) return settleCall(first, around, settleOne)
  return eachAtOnce(plan.calls, at.account.maxConcurrency, (call) => settleCall(call, around, settleOne))
}

async function settleCall(call: PlannedCall, around: CallSurroundings, settleOne: Settle): Promise<void> {
  const { account } = around.delivery.at
  try {
    settle(account, call, await makeCall(call, around), settleOne)
  } catch (error) {
    fail(account, call, failureOfDefect(around.context.log, error), settleOne)
  }
}

function settle(account: Account, call: PlannedCall, results: readonly Result<WrittenContact>[], settleOne: Settle) {
  const { indexes, suspect } = call
  const single = indexes.length === 1
  const scope = { single, settleable: isSettleable(account, call), atomic: isAtomic(account, call) }
  for (let place = 0; place < indexes.length; place++) {
    const result = results[place] as Result<WrittenContact>
    const isInDoubt = suspect === true && 'failure' in result
    settleOne(indexes[place] as number, isInDoubt ? { failure: afterEarlierTry(result.failure) } : result, scope)
  }
}

function fail(account: Account, call: PlannedCall, failure: Failure, settleOne: Settle): void {
  const results = call.indexes.map(() => ({ failure }))
  settle(account, call, results, settleOne)
}

async function ensureList({ at }: Delivery, lists: ListKeeper, context: CallContext): Promise<Failure | undefined> {
  try {
    return await lists.ensure(at, context)
  } catch (error) {
    return beforeSending(failureOfDefect(context.log, error))
  }
}

/** The requests that a plan would begin with, as they would be sent, without credentials. */
export function previewRequests({ at, onConflict, plan }: PreparedDelivery): readonly ProviderRequest[] {
  const { target = {} } = at
  const maker = listMaker(at)
  const requests = plan.calls.map((call) => {
    const operation = at.account.adapter.operations[call.via]
    if (operation === undefined) throw new Error(`${at.account.adapter.id} lacks ${call.via}`)
    const sent = call.indexes.map((index) => contactOf(plan.contacts, index))
    const input = {
      contacts: sent,
      contact: sent[0] as Contact,
      target,
      onConflict,
      settings: at.account.settings,
    }
    return operation.toRequest(input)
  })
  if (maker === undefined || requests.length === 0) return requests
  return [maker.toRequest({ target, settings: at.account.settings }), ...requests]
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
