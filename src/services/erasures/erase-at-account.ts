import type { CallContext } from '../../domain/call-context.ts'
import type { ErasedAddresses } from '../../domain/erasure.ts'
import { causeOf, detailOfFailure, type Failure, failureRules } from '../../domain/failure.ts'
import { formsOf } from '../../domain/number-forms.ts'
import type { AddressField } from '../../providers/adapter-port.ts'
import { erasableBy } from '../catalog/capabilities.ts'
import { deleteContacts } from '../contacts/remove-contact.ts'
import { type PersonAt, searchPeople } from '../people/search-people.ts'

/** What one try at an account has come to; `open`: it has to be tried again. `detail` holds no address. */
export type ErasureTry = { readonly outcome: 'deleted' | 'not_found' | 'open'; readonly detail: string }

type Place = PersonAt['at']

/** Each round deletes whom the provider shows; it may not show all at once. */
const mostRounds = 20

/**
 * Deletes the person, in every form of each number. `onFound` is waited for before anybody is deleted whom the provider shows:
 * where who deletes dies in between, nobody is to be told later that there was nobody. To be tried only where `handWorkAt` has nothing to say.
 */
export async function eraseAtAccount(
  at: Place,
  addresses: ErasedAddresses,
  context: CallContext,
  onFound: () => Promise<void>,
): Promise<ErasureTry> {
  const { adapter } = at.account
  const tried =
    adapter.operations.findContacts === undefined
      ? await eraseByKey(at, addresses, context)
      : await eraseFound(at, addresses, context, onFound)
  const left = tried.outcome === 'open' ? undefined : unaskedWords(at, addresses)
  return left === undefined ? tried : { ...tried, detail: `${tried.detail} ${left}` }
}

/**
 * What a person has to do at an account because no call does it; `undefined`: it can be asked by one of the addresses at
 * least.
 */
export function handWorkAt({ account: { adapter } }: Place, addresses: ErasedAddresses): string | undefined {
  const given = givenFields(addresses)
  if (given.some((field) => canBeAskedBy(adapter, field))) return undefined
  const words = given.map((field) => adapter.byHand?.deletion?.[field]).filter((text) => text !== undefined)
  const own = `${adapter.title} has no call that deletes somebody by this. Look in the account there, and delete what you find.`
  return words.length === 0 ? own : [...new Set(words)].join(' ')
}

/** What may be left where a person was asked for by her other addresses alone. */
function unaskedWords({ account: { adapter } }: Place, addresses: ErasedAddresses): string | undefined {
  const unasked = givenFields(addresses).filter((field) => !canBeAskedBy(adapter, field))
  const names = unasked.map((field) => namesOfFields[field]).join(' and ')
  return unasked.length === 0 ? undefined : `${adapter.title} could not be asked by the ${names}.`
}

const namesOfFields: Readonly<Record<AddressField, string>> = {
  email: 'e-mail address',
  phone: 'phone number',
  whatsapp: 'WhatsApp number',
}

function givenFields(addresses: ErasedAddresses): readonly AddressField[] {
  return (['phone', 'email', 'whatsapp'] as const).filter((field) => addresses[field] !== undefined)
}

function canBeAskedBy(adapter: Place['account']['adapter'], field: AddressField): boolean {
  const by = erasableBy(adapter)
  return field === 'email' ? by.includes('email') : by.includes('phone') || by.includes('whatsapp')
}

async function eraseFound(
  at: Place,
  addresses: ErasedAddresses,
  context: CallContext,
  onFound: () => Promise<void>,
): Promise<ErasureTry> {
  let deleted = 0
  for (let round = 0; round < mostRounds; round++) {
    const [found] = await searchPeople([at], addresses, context)
    if (found === undefined || found.status === 'failed') return open(found?.detail ?? '')
    if (found.status !== 'found') return deleted > 0 ? { outcome: 'deleted', detail: deletedWords } : nobody
    if (round === 0) await onFound()
    for (const { key } of found.contacts) {
      const result = await deleteContacts(at.account, [key], context)
      if ('failure' in result && result.failure.kind !== 'notFound') return open(wordsOf(result.failure))
      deleted++
    }
  }
  return open('The provider goes on showing the person after it was deleted.')
}

/** Deletes by what is the key of a contact there, where nobody can be searched for. */
async function eraseByKey(
  { account }: Place,
  { email, phone, whatsapp }: ErasedAddresses,
  context: CallContext,
): Promise<ErasureTry> {
  const numbers = [phone, whatsapp].filter((number) => number !== undefined)
  const given = account.adapter.keyedBy === 'email' ? [email].filter((one) => one !== undefined) : numbers
  let outcome: ErasureTry = nobody
  for (const key of new Set(given.flatMap(formsOf))) {
    const result = await deleteContacts(account, [key], context)
    if ('ok' in result) outcome = { outcome: 'deleted', detail: confirmedWords }
    // A form that was made here, and that the provider takes for no number, is not in it either.
    else if (result.failure.kind === 'invalid' && !given.includes(key)) continue
    else if (result.failure.kind !== 'notFound') return open(wordsOf(result.failure))
  }
  return outcome
}

const nobody: ErasureTry = { outcome: 'not_found', detail: 'The provider has nobody with this address.' }
export const deletedWords = 'The provider has deleted everybody with this address.'
const confirmedWords =
  'The provider has confirmed the deletion, in every form of the number. It may say the same where it had nobody.'

function open(detail: string): ErasureTry {
  return { outcome: 'open', detail }
}

function wordsOf(failure: Failure): string {
  return failureRules[failure.kind].applied === 'no' && failure.kind !== 'invalid'
    ? detailOfFailure(failure)
    : `The deletion was not confirmed.${causeOf(failure)}`
}
