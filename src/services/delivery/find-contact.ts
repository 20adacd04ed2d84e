import type { CallContext } from '../../domain/call-context.ts'
import type { Contact, StoredContact } from '../../domain/contact.ts'
import type { Result } from '../../domain/failure.ts'
import { isSameNumberText } from '../../domain/phone-digits.ts'
import type { Account } from '../../providers/account.ts'
import type { Adapter } from '../../providers/adapter-port.ts'
import type { Destination } from '../catalog/catalog.ts'
import { askForContacts, wholeContact } from './ask-for-contacts.ts'
import { personAt } from './same-person.ts'

/**
 * `expected`: there is a reason to ask in every form. `notFound`: it was asked for in the usual form just now, and not found,
 * so that only the other form is left.
 */
export type Expectation = { readonly expected?: boolean; readonly notFound?: boolean }

/** `ok` without a contact: the provider has none. */
export type Found = Result<StoredContact | undefined>

/** True where the provider can be asked about people by what it knows them by. */
export function canBeAsked({ operations, keyedBy }: Adapter): boolean {
  return operations.findContacts?.by.includes(keyedBy) === true
}

/** Who is looked for, and where. */
type Asked = Pick<Destination, 'account' | 'fields'> & { readonly contact: Contact }

/**
 * Looks up the contact that the provider knows by the same as this one; `undefined` where it cannot be asked. Numbers may
 * be kept, or searched, without their plus: where there is a reason to think so, nobody is taken for absent before the
 * digits alone were asked for as well. The reason: `expected`, since the provider has said that the contact is there, or
 * since it would be made once more; or numbers that the account has shown.
 */
export async function findOf(
  asked: Asked,
  context: CallContext,
  { expected = false, notFound = false }: Expectation = {},
): Promise<Found | undefined> {
  const { account } = asked
  const { keyedBy, operations } = account.adapter
  const address = keyedBy === 'email' ? asked.contact.email : personAt(asked, asked.contact)
  if (address === undefined || !canBeAsked(account.adapter)) return undefined
  const found: Found = notFound ? { ok: undefined } : await ask(account, address, false, context)
  const isDoubtful = expected || account.policies.drift.hasSeen('phone_form')
  const alsoByDigits = keyedBy === 'phone' && operations.findContacts?.alsoByDigits === true
  if (!isAbsent(found) || !alsoByDigits || !isDoubtful) return wholly(account, found, context)
  return wholly(account, await ask(account, address, true, context), context)
}

/** Of several who are known by it, the first. */
async function ask(account: Account, address: string, digitsOnly: boolean, context: CallContext): Promise<Found> {
  const { keyedBy } = account.adapter
  const found = await askForContacts(account, { [keyedBy]: address, ...(digitsOnly && { digitsOnly }) }, context)
  return 'failure' in found ? found : { ok: found.ok.find((one) => isKnownBy(one, keyedBy, address)) }
}

function isKnownBy(stored: StoredContact, keyedBy: Adapter['keyedBy'], address: string): boolean {
  return keyedBy === 'email'
    ? stored.email?.toLowerCase() === address.toLowerCase()
    : isSameNumberText(stored.phone ?? '', address)
}

/** The whole contact, since it is to be merged. */
async function wholly(account: Account, found: Found, context: CallContext): Promise<Found> {
  if ('failure' in found || found.ok === undefined) return found
  return { ok: await wholeContact(account, found.ok, context) }
}

/** When it is asked again, in parts of the account's `settleAfterMs`: by default after 1 s and after 3 s. */
const laterMoments = [1 / 3, 1] as const

/**
 * Asks for a contact that may have been written at `writtenAt`, or shortly before (on the account's clock). A search may be
 * behind what was written, so that "not there" is believed only when `settleAfterMs` have passed since. Where the deadline
 * comes before, nothing is known: that is a failure.
 */
export async function findSoon(
  asked: Asked,
  writtenAt: number,
  context: CallContext,
  expectation: Expectation = {},
): Promise<Found | undefined> {
  const { policies, settleAfterMs } = asked.account
  const isLate = policies.clock.now() >= writtenAt + settleAfterMs
  const found = await findOf(asked, context, isLate ? byAllMeans : expectation)
  return isLate || !isAbsent(found) ? found : findLater(asked, writtenAt, context, expectation)
}

/** The same after a first question that was answered with "not there". */
export async function findLater(
  asked: Asked,
  writtenAt: number,
  context: CallContext,
  expectation: Expectation = {},
): Promise<Found | undefined> {
  const { policies, settleAfterMs } = asked.account
  const { clock } = policies
  if (settleAfterMs === 0) return findOf(asked, context, { expected: true, notFound: true })
  let found: Found | undefined = { ok: undefined }
  for (const part of laterMoments) {
    const waitMs = Math.max(0, writtenAt + settleAfterMs * part - clock.now())
    if (clock.now() + waitMs >= context.deadlineAt) return { failure: { kind: 'deadline' } }
    if (waitMs > 0) await clock.sleep(waitMs)
    // The last answer is believed.
    found = await findOf(asked, context, part === 1 ? byAllMeans : expectation)
    if (!isAbsent(found)) return found
  }
  return found
}

const byAllMeans: Expectation = { expected: true }

function isAbsent(found: Found | undefined): boolean {
  return found !== undefined && 'ok' in found && found.ok === undefined
}
