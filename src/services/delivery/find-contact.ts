import type { CallContext } from '../../domain/call-context.ts'
import { type Contact, numberOf, type StoredContact } from '../../domain/contact.ts'
import type { Result } from '../../domain/failure.ts'
import type { Account } from '../../providers/account.ts'
import { execute } from '../../providers/execute.ts'
import { fetchContact } from './fetch-contact.ts'

/**
 * `expected`: there is a reason to ask in every form. `notFound`: it was asked for in the usual form just now, and not found,
 * so that only the other form is left.
 */
export type Expectation = { readonly expected?: boolean; readonly notFound?: boolean }

/** `ok` without a contact: the provider has none. */
export type Found = Result<StoredContact | undefined>

/**
 * Looks a contact up by its number (E.164); `undefined` where the provider cannot be asked. Numbers may be kept, or
 * searched, without their plus: where there is a reason to think so, nobody is taken for absent before the digits alone
 * were asked for as well. The reason: `expected`, since the provider has said that the contact is there, or since it would
 * be made once more; or numbers that the account has shown.
 */
export async function findContact(
  account: Account,
  phone: string,
  context: CallContext,
  { expected = false, notFound = false }: Expectation = {},
): Promise<Found | undefined> {
  const operation = account.adapter.operations.findContact
  if (operation === undefined) return undefined
  const input = { phone, settings: account.settings }
  const found: Found = notFound ? { ok: undefined } : await execute(account, 'findContact', operation, input, context)
  const isDoubtful = expected || account.policies.drift.hasSeen('phone_form')
  if (!isAbsent(found) || operation.alsoByDigits !== true || !isDoubtful)
    return wholly(account, asAnswer(found), context)
  const byDigits = await execute(account, 'findContact', operation, { ...input, digitsOnly: true }, context)
  return wholly(account, asAnswer(byDigits), context)
}

/**
 * A list may show less of a contact than it has. The whole contact is asked for, where that can be done, since it is to
 * be merged.
 */
async function wholly(account: Account, found: Found, context: CallContext): Promise<Found> {
  const isPart = 'ok' in found && found.ok?.untold !== undefined
  if (!isPart || found.ok === undefined || account.adapter.operations.getContact === undefined) return found
  const whole = await fetchContact(account, found.ok.key, context)
  if ('failure' in whole) return found
  const { phone } = found.ok
  return { ok: phone === undefined ? whole.ok : { ...whole.ok, phone } }
}

/** Who is asked for, and where. */
type Asked = { readonly account: Account; readonly contact: Pick<Contact, 'phone' | 'whatsapp'> }

/** The same by the number of a contact. */
export async function findOf(
  { account, contact }: Asked,
  context: CallContext,
  expectation: Expectation = {},
): Promise<Found | undefined> {
  const phone = numberOf(contact)
  return phone === undefined ? undefined : findContact(account, phone, context, expectation)
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

/** A 404 to a search is no answer: it does not prove that anybody is absent. */
function asAnswer(found: Found): Found {
  const isLost = 'failure' in found && found.failure.kind === 'notFound'
  return isLost ? { failure: { ...found.failure, kind: 'unreadable' } } : found
}
