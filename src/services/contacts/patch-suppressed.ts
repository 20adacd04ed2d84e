import type { CallContext } from '../../domain/call-context.ts'
import { type Contact, type StoredContact, toContact } from '../../domain/contact.ts'
import type { ReadPatch } from '../../domain/contact-patch.ts'
import type { OutcomeError, Warning } from '../../domain/outcome.ts'
import type { Destination } from '../catalog/catalog.ts'
import { GuardedContext } from '../delivery/guard-delivery.ts'
import { stoppedAt } from '../delivery/leave-out.ts'
import type { Addressed } from '../suppressions/look-up.ts'
import type { SuppressionWatch } from '../suppressions/watch-suppressions.ts'

/** Looks people up. @throws StoreUnavailable: nothing may be written */
export type WatchPeople = (people: readonly Addressed[]) => Promise<SuppressionWatch>

export type Patched = {
  readonly patch: ReadPatch
  /** As it was read; `undefined` where the provider cannot be asked. */
  readonly stored: StoredContact | undefined
  readonly before: StoredContact
  readonly merged: Contact
}

/**
 * Why suppressions keep a patch from being written, else the context to write it in, which asks again before a call that
 * had to wait. Of a person who is suppressed at the account no more can be changed than what is taken away: a tag may be a
 * list. Where nothing was read, an update may create, so nothing is written at all. An address that is suppressed there is
 * written to nobody.
 */
export async function refuseSuppressed(
  at: Destination,
  patched: Patched,
  watchOf: WatchPeople,
  context: CallContext,
): Promise<OutcomeError | CallContext> {
  const { patch, before, merged } = patched
  const person = toContact(before)
  const watch = await watchOf([person, patch.values])
  const refusal = (): OutcomeError | undefined => {
    const { barred } = watch
    if (barred.none) return undefined
    const written = stoppedAt(at, merged, (field) => barred.on(1, field))?.warnings[0]
    if (written !== undefined) return errorOf(written, written.pointer, mendAddress)
    const stopped = stoppedAt(at, person, (field) => barred.on(0, field))
    if (stopped?.whole !== true || onlyTakesAway(patched)) return undefined
    return errorOf(stopped.warnings[0] as Warning, '', mendPerson)
  }
  return refusal() ?? new GuardedContext(context, watch, () => refusal() === undefined)
}

function onlyTakesAway({ patch: { given, cleared, values }, stored }: Patched): boolean {
  if (stored === undefined) return false
  return [...given].every((field) => {
    if (cleared.has(field)) return true
    if (field === 'tags') return values.tags.every((tag) => stored.tags.includes(tag))
    return field === 'attributes' && Object.values(values.attributes).every((value) => value === null)
  })
}

const mendAddress = 'Leave it out.'
const mendPerson = 'Nothing can be added or changed; what is there can be cleared, and tags taken away.'

/** Of the warning what it says before its colon, the channel, is true of a change too. */
function errorOf({ detail }: Warning, pointer: string, mend: string): OutcomeError {
  return { code: 'suppressed', pointer, detail: `${detail.split(':', 1)[0]}. ${mend}`, retriable: false }
}
