import type { CallContext } from '../../domain/call-context.ts'
import type { Contact } from '../../domain/contact.ts'
import type { Failure, Result } from '../../domain/failure.ts'
import type { ItemResult } from '../../providers/adapter-port.ts'
import type { Destination } from '../catalog/catalog.ts'
import { replicasNotAsked } from './check-shown.ts'
import { canBeAsked } from './find-contact.ts'
import { personAt } from './same-person.ts'

type Results = readonly Result<ItemResult>[]

/** The share of the time left for which others may have the person; the rest is for the call. */
const waitingPart = 0.5

/**
 * Sends contacts that go in one call while nobody else writes one of them. Where a provider can be asked about a
 * person, others read, change and write back, and would undo what the call has written in between. A contact that
 * others write for too long is left out as `busy`; the others need not wait longer than that.
 */
export async function inTurnOfAll(
  at: Destination,
  contacts: readonly Contact[],
  context: CallContext,
  send: (contacts: readonly Contact[]) => Promise<Results>,
): Promise<Results> {
  const { adapter, policies } = at.account
  if (!canBeAsked(adapter)) return send(contacts)
  const people = contacts.map((contact) => personAt(at, contact)).filter((person) => person !== undefined)
  const now = policies.clock.now()
  const waitUntil = now + (context.deadlineAt - now) * waitingPart
  return policies.writers.inLineOfAll(people, waitUntil, async ({ alone, late }) => {
    const results = late.size === 0 ? await send(contacts) : await sendOthers(at, contacts, late, send)
    return alone ? results : results.map(notAlone)
  })
}

async function sendOthers(
  at: Destination,
  contacts: readonly Contact[],
  late: ReadonlySet<string>,
  send: (contacts: readonly Contact[]) => Promise<Results>,
): Promise<Results> {
  const isLate = (contact: Contact) => late.has(personAt(at, contact) ?? '')
  const others = contacts.filter((contact) => !isLate(contact))
  const results = (others.length === 0 ? [] : await send(others)).values()
  return contacts.map((contact) =>
    isLate(contact) ? { failure: noTurn } : (results.next().value as Result<ItemResult>),
  )
}

/** The others who write the person took all the time that there was; nothing was sent. */
export const noTurn: Failure = { kind: 'busy', beforeSending: true }

/** A contact that was not there before could not be read, and so is not undone. */
function notAlone(result: Result<ItemResult>): Result<ItemResult> {
  if ('failure' in result || (result.ok.status !== 'updated' && result.ok.status !== 'accepted')) return result
  return { ok: { ...result.ok, warnings: [...(result.ok.warnings ?? []), replicasNotAsked] } }
}
