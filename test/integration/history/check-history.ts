import { isDeepStrictEqual } from 'node:util'
import { isOpen } from '../../../src/domain/outcome.ts'
import { blacklistedPhoneEnding } from '../../../src/simulators/magic-values.ts'
import type { HeldContacts } from '../../support/held-contacts.ts'
import type { Provider } from '../../support/start-fleet.ts'
import { type Contact, type Entry, type Heard, isBinding, outcomeAt, targetsOf } from './entry.ts'

/** What an answer says that is not so. Asked of every answer at the moment at which it arrives. */
export function falseDenials(entry: Entry, answer: Heard, stock: HeldContacts): string[] {
  if (answer.outcomes === undefined) return []
  return eachOutcome(entry, answer, (provider, contact, status) =>
    (status === 'failed' || status === 'rejected') && stock.holds(provider, contact)
      ? `${contact.phone} is ${status} at ${provider}, which holds it`
      : undefined,
  )
}

/** Everything that must hold of a request when all has healed and it was repeated until it was definite. */
export function violations(entry: Entry, stock: HeldContacts): string[] {
  const final = entry.events.at(-1)
  if (final?.outcomes === undefined) return ['it has no answer in the end']
  if (final.outcomes.length !== entry.contacts.length) return ['it has not one result for each contact']
  return [
    ...eachOutcome(entry, final, (provider, contact, status) => {
      const isHeld = stock.holds(provider, contact)
      const place = `${contact.phone} is ${status} at ${provider}`
      switch (status) {
        case 'created':
        case 'updated':
        case 'accepted':
          return isHeld ? undefined : `${place}, which does not hold it`
        case 'rejected':
          if (isHeld) return `${place}, which holds it`
          return isBad(provider, contact) ? undefined : `${place}, and is not bad there`
        case 'unknown':
          // Oblic alone can neither be asked nor told twice; that Octopush leaves a number out may mean anything.
          return provider === 'oblic' || isBad(provider, contact) ? undefined : `${place}, where it could be settled`
        default:
          return `${place} after everything healed`
      }
    }),
    ...entry.contacts.flatMap(({ email }) =>
      email !== undefined && stock.sends(email) > 1 ? [`${email} was sent ${stock.sends(email)} times to Oblic`] : [],
    ),
    ...entry.events.flatMap(({ status, from }) =>
      status === undefined || expectedStatuses.has(status) ? [] : [`${from} answered ${status}`],
    ),
    ...entry.events.filter(isBinding).flatMap((answer) => contradictions(entry, answer, final)),
  ]
}

/** Done, in progress elsewhere, and Redis away: whatever happens to providers is told inside a 207. */
const expectedStatuses: ReadonlySet<number> = new Set([207, 409, 503])

/** What a stored answer had settled and a later one tells otherwise. */
function contradictions(entry: Entry, earlier: Heard, final: Heard): string[] {
  return eachOutcome(entry, earlier, (provider, contact, _status, index) => {
    const [before, after] = [outcomeAt(provider, index, earlier), outcomeAt(provider, index, final)]
    return isOpen(before) || isDeepStrictEqual(before, after)
      ? undefined
      : `${contact.phone} was ${before.status} at ${provider} in a stored answer, and is ${after.status} in the last one`
  })
}

function isBad(provider: Provider, { phone, email }: Contact): boolean {
  if (provider === 'oblic') return email === undefined
  return provider === 'octopush' && phone.endsWith(blacklistedPhoneEnding)
}

function eachOutcome(
  entry: Entry,
  answer: Heard,
  look: (provider: Provider, contact: Contact, status: string, index: number) => string | undefined,
): string[] {
  return targetsOf(entry).flatMap((provider) =>
    entry.contacts.flatMap((contact, index) => {
      const found = look(provider, contact, outcomeAt(provider, index, answer).status, index)
      return found === undefined ? [] : [found]
    }),
  )
}
