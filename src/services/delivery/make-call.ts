import type { CallContext } from '../../domain/call-context.ts'
import type { Contact } from '../../domain/contact.ts'
import { afterEarlierTry, certainlyNotApplied, type Failure, type Result } from '../../domain/failure.ts'
import { writeSendingNote } from '../../domain/sending-note.ts'
import { tellableCode } from '../../domain/tellable-code.ts'
import type { ItemResult } from '../../providers/adapter-port.ts'
import { execute } from '../../providers/execute.ts'
import { defectAsFailure } from './defect-as-failure.ts'
import { canBeAsked } from './find-contact.ts'
import { inTurnOfAll } from './group-turn.ts'
import { type DeliveryGuard, withheld } from './guard-delivery.ts'
import { type IsolationBudget, isolateRejected } from './isolate-rejected.ts'
import { type ListKeeper, namedTarget } from './list-keeper.ts'
import { contactOf, isSettleable, type PlannedCall } from './plan-calls.ts'
import type { Delivery } from './plan-delivery.ts'
import { isOfTheData, itemOfRefusal } from './refused-items.ts'
import { writeContact } from './write-contact.ts'

/** What all calls of one delivery share. */
export type CallSurroundings = {
  readonly delivery: Delivery
  readonly lists: ListKeeper
  readonly budget: IsolationBudget
  readonly guard: DeliveryGuard
  readonly context: CallContext
}

/** Makes one planned call, or tells why it must not be made. The result has the length and order of its contacts. */
export async function makeCall(call: PlannedCall, around: CallSurroundings): Promise<readonly Result<ItemResult>[]> {
  const { delivery, context, guard } = around
  const { at, plan, mark } = delivery
  const { account } = at
  const refusal = isSettleable(account, call)
    ? undefined
    : await mark?.(writeSendingNote(account.id, call.indexes, Date.now()))
  if (refusal !== undefined) return call.indexes.map(() => ({ failure: refusal }))
  const contacts = call.indexes.map((index) => contactOf(plan.contacts, index))
  const { via } = call
  const isAskedFirst = via === 'createContact' && canBeAsked(account.adapter)
  if (call.suspect === true && !isAskedFirst) guard.mayBeThere(contacts)
  const results =
    via === 'createContact'
      ? [await writeOne(call, contacts[0] as Contact, around)]
      : await inTurnOfAll(at, contacts, context, (some) => sendFitting(via, some, around))
  return results.map((result, place) => guard.settle(contacts[place] as Contact, result))
}

/** Of a person who is suppressed by now it is asked, if at all, what an earlier try has left. */
async function writeOne(
  { suspect = false, onlyAsk = false }: PlannedCall,
  contact: Contact,
  { delivery: { at, onConflict }, lists, context, guard }: CallSurroundings,
): Promise<Result<ItemResult>> {
  const { account, fields } = at
  for (;;) {
    const allowed = onlyAsk ? undefined : guard.allowed(contact)
    if (allowed === undefined) {
      const write = { account, fields, target: namedTarget(at), contact, onConflict, suspect, onlyAsk: true }
      return suspect ? writeContact(write, context) : { failure: { kind: 'suppressed' } }
    }
    const guarded = guard.around([contact], [allowed])
    const result = await lists.send(at, guarded, () => {
      const write = { account, fields, target: namedTarget(at), contact: allowed, onConflict, suspect, onlyAsk: false }
      return writeContact(write, guarded)
    })
    if (!guarded.isStopped || 'ok' in result || result.failure.kind !== 'suppressed') return result
  }
}

type Batch = 'addContacts' | 'importContacts'
type Results = readonly Result<ItemResult>[]

/**
 * Sends contacts in calls of a size that the provider takes. A call that is refused for its size is sent in halves, and
 * the size that is taken is remembered for the account.
 */
async function sendFitting(via: Batch, contacts: readonly Contact[], around: CallSurroundings): Promise<Results> {
  const { account } = around.delivery.at
  const { sizes } = account.policies
  const most = sizes.most(via, contacts.length)
  if (most < contacts.length) return sendParts(via, contacts, most, around)
  const result = await sendBatch(via, contacts, around)
  if (!isTooLarge(result)) {
    if ('ok' in result) {
      sizes.taken(via, contacts.length)
      account.policies.alike.forget()
    }
    return settleBatch(via, contacts, result, around)
  }
  const limit = sizes.refused(via, contacts.length)
  if (limit !== undefined) {
    const fields = { account: account.id, operation: via, contacts: contacts.length, batchSize: limit }
    around.context.log.warn?.(fields, tooManyAtOnce)
  }
  return contacts.length === 1
    ? apart(result, contacts)
    : sendParts(via, contacts, Math.ceil(contacts.length / 2), around)
}

const tooManyAtOnce =
  'The provider refused a call for its size; smaller ones are sent from now on. Set batchSize of the account to what it takes.'

function isTooLarge(result: Result<unknown>): boolean {
  return 'failure' in result && result.failure.kind === 'tooLarge'
}

async function sendParts(via: Batch, contacts: readonly Contact[], size: number, around: CallSurroundings) {
  const results: Result<ItemResult>[] = []
  for (let start = 0; start < contacts.length; start += size)
    results.push(...(await sendFitting(via, contacts.slice(start, start + size), around)))
  return results
}

/** Finds out who is at fault in a batch that was refused, where that can do no harm, or where the provider names them. */
async function settleBatch(
  via: Batch,
  contacts: readonly Contact[],
  result: Result<readonly ItemResult[]>,
  around: CallSurroundings,
): Promise<Results> {
  const { at, onConflict } = around.delivery
  const { account } = at
  if ('ok' in result || !isOfTheData(result.failure)) return apart(result, contacts)
  const { failure } = result
  if (contacts.length === 1) return [{ ok: itemOfRefusal(failure, onConflict) }]
  const operation = account.adapter.operations[via]
  const atomic = operation?.atomic === true
  if (account.isolateRejected ?? (atomic || operation?.repeatable === true)) {
    const { alike } = account.policies
    const wasKnown = alike.holds(failure)
    const isolation = { budget: around.budget, atomic, onConflict, alike }
    const results = await isolateRejected(contacts, failure, (part) => sendBatch(via, part, around), isolation)
    if (!wasKnown && alike.holds(failure)) around.context.log.error(fieldsOf(account.id, via, failure), refusesAll)
    return results
  }
  const named = new Set(failure.named)
  return contacts.map((_, index) => (named.has(index) ? { ok: itemOfRefusal(failure, onConflict) } : result))
}

function fieldsOf(account: string, operation: Batch, { kind, provider }: Failure): object {
  return {
    account,
    operation,
    outcome: kind,
    providerStatus: provider?.status,
    providerCode: tellableCode(provider?.code),
  }
}

const refusesAll =
  'The provider refuses every contact with the same words: its calls or the account have changed, and no contact is at fault.'

/** A failed call is the failure of each of its contacts. */
function apart(result: Result<readonly ItemResult[]>, sent: readonly Contact[]): Results {
  return 'ok' in result ? result.ok.map((item) => ({ ok: item })) : sent.map(() => result)
}

/** Sends those of the contacts who may go. The result has a place for each of them. */
async function sendBatch(
  via: Batch,
  contacts: readonly Contact[],
  around: CallSurroundings,
): Promise<Result<readonly ItemResult[]>> {
  const { guard } = around
  let isInDoubt = false
  for (;;) {
    const places: number[] = []
    const going: Contact[] = []
    const sent: Contact[] = []
    for (let place = 0; place < contacts.length; place++) {
      const contact = contacts[place] as Contact
      const allowed = guard.allowed(contact)
      if (allowed === undefined) continue
      places.push(place)
      going.push(contact)
      sent.push(allowed)
    }
    if (places.length === 0) return { ok: contacts.map(() => withheld) }
    const guarded = guard.around(going, sent)
    const result = await sendNow(via, sent, { ...around, context: guarded })
    if ('ok' in result)
      return places.length === contacts.length ? result : { ok: inPlaces(result.ok, places, contacts.length) }
    const { failure } = result
    const isOpen = isOfTheData(failure)
      ? around.delivery.at.account.adapter.operations[via]?.atomic !== true
      : !certainlyNotApplied(failure)
    if (isOpen) guard.mayBeThere(going)
    if (!guarded.isStopped) return { failure: isInDoubt ? afterEarlierTry(failure) : named(failure, places) }
    isInDoubt ||= isOpen
  }
}

/** What was told of those who went, in the batch that was to be sent. */
function inPlaces(told: readonly ItemResult[], places: readonly number[], length: number): readonly ItemResult[] {
  const items: ItemResult[] = new Array(length).fill(withheld)
  for (const [index, place] of places.entries()) items[place] = told[index] as ItemResult
  return items
}

/** A failure whose places are those in the batch that was to be sent. */
function named(failure: Failure, places: readonly number[]): Failure {
  return failure.named === undefined
    ? failure
    : { ...failure, named: failure.named.map((index) => places[index] as number) }
}

async function sendNow(
  via: Batch,
  contacts: readonly Contact[],
  { delivery, lists, context }: CallSurroundings,
): Promise<Result<readonly ItemResult[]>> {
  const { at, onConflict } = delivery
  const { account, target } = at
  const operation = account.adapter.operations[via]
  if (operation === undefined || target === undefined) throw new Error(`${account.id} has no list for ${via}`)
  const input = { contacts, onConflict, settings: account.settings }
  // In a search for the contacts that are refused, many calls are known already.
  return defectAsFailure(context.log, () =>
    lists.send(at, context, () =>
      execute(account, via, operation, { ...input, target: namedTarget({ account, target }) }, context),
    ),
  )
}
