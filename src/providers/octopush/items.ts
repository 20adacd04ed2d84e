import type { Contact } from '../../domain/contact.ts'
import type { OutcomeError } from '../../domain/outcome.ts'
import { withPolicyWarnings } from '../policy-warnings.ts'
import type { ItemResult, ProviderResponse } from '../port.ts'
import { readItemWord } from '../reading/item-words.ts'
import { matchNumbers } from '../reading/match-numbers.ts'
import type { Batch } from './translate.ts'
import { type Item, readCreateAnswer, readItem } from './wire.ts'

const title = 'Octopush'

/**
 * What a success says of each contact, matched by its number and never by position; `undefined` when the body is not of a
 * form that is known.
 */
export function readItems({ status, body, drift }: ProviderResponse, batch: Batch): readonly ItemResult[] | undefined {
  const answer = readCreateAnswer(body, drift)
  if (answer === undefined) return undefined
  const items = answer.items.map((raw) => readItem(raw))
  const shown = items.map((item) => (item === undefined ? undefined : String(item.phone_number)))
  const places = matchNumbers(
    shown,
    batch.contacts.map(({ phone }) => phone),
  )
  const itemOf = new Map<number, Item>()
  places.forEach((place, index) => {
    if (place !== undefined && !itemOf.has(place)) itemOf.set(place, items[index] as Item)
  })
  const absent = absence(batch, itemOf, { isWhole: answer.isWhole, strangers: places.includes(undefined) })
  const asked = { onConflict: batch.onConflict, intoList: batch.target !== undefined }
  return batch.contacts.map((contact, place) => {
    const item = itemOf.get(place)
    if (item === undefined) return absent(contact)
    return withPolicyWarnings(readItemWord(item.status, contact.phone as string, title, status), asked, title)
  })
}

/**
 * What it means that a contact is not in the answer. A number that Octopush drops is absent (facts 3.2), but so is one whose
 * item got lost: it was dropped only where the rest of the answer is sound, most of the contacts are in it, and nothing else
 * that Octopush does not document stood in the contact.
 */
function absence(
  { contacts, settings }: Batch,
  itemOf: ReadonlyMap<number, Item>,
  answer: { readonly isWhole: boolean; readonly strangers: boolean },
): (contact: Contact) => ItemResult {
  if (answer.strangers || !answer.isWhole) return () => untold
  const left = contacts.length - itemOf.size
  const isSound = settings.optOutFlag !== 'none' && left <= itemOf.size
  const takesEmails = contacts.some(({ email }, place) => email !== undefined && itemOf.has(place))
  return ({ email }) =>
    isSound && (email === undefined || settings.sendEmail === false || takesEmails) ? blacklisted : unexplained
}

const blacklisted: ItemResult = {
  status: 'rejected',
  error: {
    code: 'blacklisted',
    pointer: '/phone',
    detail:
      'Octopush left this contact out: the person has opted out there, or Octopush does not serve the number, or does not ' +
      'take something else of it. Have the ' +
      "number taken off the account's blacklist at Octopush, or leave this contact out.",
    retriable: false,
  },
}

function unknown(detail: string, retriable: boolean): ItemResult {
  const error: OutcomeError = { code: 'provider_unreadable', detail, retriable }
  return { status: 'unknown', error }
}

const unexplained = unknown(
  'Octopush answered without this contact: the person may have opted out there, its number may not be served, its e-mail ' +
    'may not be taken, or it was stored all the same. Look there.',
  false,
)

/** Absence proves nothing when the answer holds items that are nobody's, or has more of them. The call may be repeated. */
const untold = unknown(
  'Octopush answered for contacts that cannot be told, or not for all; this one may have been applied. Send it again.',
  true,
)
