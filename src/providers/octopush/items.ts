import type { Contact } from '../../domain/contact.ts'
import type { OutcomeError, ProviderDetail } from '../../domain/outcome.ts'
import type { ItemResult, ProviderResponse } from '../adapter-port.ts'
import { withPolicyWarnings } from '../policy-warnings.ts'
import { providerDetail } from '../read-answer.ts'
import { readItemWords } from '../reading/item-words.ts'
import { matchNumbers } from '../reading/match-numbers.ts'
import { readError } from '../reading/read-error.ts'
import { withDifferences } from './differences.ts'
import type { Batch } from './translate.ts'
import { type Item, type Items, readCreateAnswer, readItem } from './wire.ts'

const title = 'Octopush'

/**
 * What a success says of each contact, matched by its number and never by position; `undefined` when the body is not of a
 * form that is known.
 */
export function readItems(response: ProviderResponse, batch: Batch): readonly ItemResult[] | undefined {
  const answer = readCreateAnswer(response.body, response.drift)
  if (answer === undefined) return undefined
  const items = answer.items.map((raw) => readItem(raw))
  const shown = items.map((item) => (item === undefined ? undefined : String(item.phone_number)))
  const places = matchNumbers(
    shown,
    batch.contacts.map(({ phone }) => phone),
  )
  const itemsOf = new Map<number, Item[]>()
  let leftOver = 0
  places.forEach((place, index) => {
    if (place === undefined || itemsOf.has(place)) leftOver++
    if (place === undefined) return
    const others = itemsOf.get(place)
    if (others === undefined) itemsOf.set(place, [items[index] as Item])
    else others.push(items[index] as Item)
  })
  const absent = absence(batch, itemsOf, { ...answer, leftOver }, response)
  return batch.contacts.map((contact, place) => {
    const own = itemsOf.get(place)
    if (own === undefined) return absent(contact)
    const results = own.map((item) => readOne(item, contact, batch, response.status))
    // Of several items only one is the whole truth, and none is where one of them is in doubt.
    const result = results.find(({ status }) => status === 'unknown') ?? (results[0] as ItemResult)
    return result.status === 'accepted' && !answer.isSound ? { ...failedSomewhere(response), ...keyOf(result) } : result
  })
}

function readOne(item: Item, contact: Contact, batch: Batch, status: number): ItemResult {
  const asked = { onConflict: batch.onConflict, intoList: batch.target !== undefined }
  const said = withPolicyWarnings(readItemWords(item, contact.phone as string, title, status), asked, title)
  return withDifferences(said, item, contact, batch)
}

function keyOf({ key }: ItemResult): Pick<ItemResult, 'key'> {
  return key === undefined ? {} : { key }
}

/**
 * What it means that a contact is not in the answer. A number that Octopush drops is absent, but so is one whose item
 * got lost: it is believed to be dropped only where the rest of the answer is sound, each item is one contact's, most
 * of the contacts are in it, and nothing else that Octopush does not document stood in the contact.
 */
function absence(
  { contacts, settings }: Batch,
  itemsOf: ReadonlyMap<number, unknown>,
  answer: Omit<Items, 'items'> & { readonly leftOver: number },
  response: ProviderResponse,
): (contact: Contact) => ItemResult {
  if (!answer.isSound) return () => failedSomewhere(response)
  if (answer.leftOver > 0 || !answer.isWhole) return () => untold
  const left = contacts.length - itemsOf.size
  const isSound = settings.optOutFlag !== 'none' && left <= itemsOf.size
  const takesEmails = contacts.some(({ email }, place) => email !== undefined && itemsOf.has(place))
  return ({ email }) =>
    isSound && (email === undefined || settings.sendEmail === false || takesEmails) ? blacklisted : unexplained
}

/** The answer speaks of a failure, and not of whose it is. The call may be repeated. */
function failedSomewhere(response: ProviderResponse): ItemResult {
  const { code, message } = readError(response)
  const provider = providerDetail(response.status, code, message)
  return unknown(
    'Octopush answered with an error beside a success, and not for whom; this one may be meant. Send it again.',
    true,
    provider,
  )
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

function unknown(detail: string, retriable: boolean, provider?: ProviderDetail): ItemResult {
  const error: OutcomeError = {
    code: 'provider_unreadable',
    detail,
    retriable,
    ...(provider !== undefined && { provider }),
  }
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
