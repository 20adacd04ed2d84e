import type { Contact } from '../../domain/contact.ts'
import { comparedEmail, comparedPhone } from '../../domain/suppressed-address.ts'
import type { ChannelSet } from '../../domain/suppression.ts'
import type { SuppressionStore } from '../suppression-store-port.ts'
import type { ListKeys, SuppressionKeys } from './suppression-keys.ts'

export const addressFields = ['email', 'phone', 'whatsapp'] as const
export type AddressField = (typeof addressFields)[number]
/** What of a contact somebody can be suppressed by. */
export type Addressed = Pick<Contact, AddressField>

/** The ids of the addresses of contacts, made once. */
export type PreparedAddresses = {
  readonly contacts: readonly Addressed[]
  readonly keys: ListKeys
  /** Each once, by every key. */
  readonly ids: string[]
  /** Of each contact and field (contact × 3 + field), the place of its first id; -1: it has none. */
  readonly places: number[]
}

/** Who is not to be contacted, of the contacts that were looked up. */
export type Barred = {
  /** Nobody is, on any channel: all but a few requests. */
  readonly none: boolean
  /** The channels that the address in this field of the contact at this place is suppressed on; 0: none. */
  on(contact: number, field: AddressField): ChannelSet
}

/**
 * Asks whether people are on the list. For a request: `prepare` when its contacts are read, then `lookUp` in the same turn
 * of the event loop as the claim on its key, which both go out in one packet. Whatever was answered as suppressed before
 * `lookUp` was called is seen.
 */
export type SuppressionLookUp = {
  /**
   * Makes the ids: one microsecond for an address and key. It does not wait but for the first request of a process.
   * @throws StoreUnavailable
   */
  prepare(contacts: readonly Addressed[]): PreparedAddresses | Promise<PreparedAddresses>
  /** @throws StoreUnavailable: nothing may be sent */
  lookUp(addresses: PreparedAddresses): Promise<Barred>
}

/** Contacts whose ids are made in one go: within 5 ms, with a key and an old one. More are made with pauses. */
const contactsAtOnce = 500

export function createLookUp(
  list: Pick<SuppressionStore, 'lookUp'>,
  keys: Pick<SuppressionKeys, 'current'>,
): SuppressionLookUp {
  const ask = ({ ids, places, keys: { length } }: PreparedAddresses): Promise<Barred> =>
    ids.length === 0 ? Promise.resolve(nobody) : list.lookUp(ids).then((found) => barredBy(found, places, length))
  const askAnew = async ({ contacts }: PreparedAddresses, current: ReturnType<typeof keys.current>) =>
    ask(await prepareWith(contacts, await current))
  const prepare: SuppressionLookUp['prepare'] = (contacts) => {
    const current = keys.current()
    if (current instanceof Promise) return current.then((known) => prepareWith(contacts, known))
    return prepareWith(contacts, current)
  }
  return {
    prepare,
    lookUp(addresses) {
      // A key may have come since.
      const current = keys.current()
      return current === addresses.keys ? ask(addresses) : askAnew(addresses, current)
    },
  }
}

function prepareWith(contacts: readonly Addressed[], keys: ListKeys): PreparedAddresses | Promise<PreparedAddresses> {
  const addresses: PreparedAddresses = { contacts, keys, ids: [], places: [] }
  if (contacts.length > contactsAtOnce) return gatherInTurns(addresses)
  gatherIds(addresses, 0, contacts.length)
  return addresses
}

async function gatherInTurns(addresses: PreparedAddresses): Promise<PreparedAddresses> {
  const count = addresses.contacts.length
  for (let from = 0; from < count; from += contactsAtOnce) {
    gatherIds(addresses, from, Math.min(count, from + contactsAtOnce))
    await new Promise((resolve) => setImmediate(resolve))
  }
  return addresses
}

/** Adds those of some of the contacts. */
function gatherIds({ contacts, keys, ids, places }: PreparedAddresses, from: number, to: number): void {
  for (let index = from; index < to; index++) {
    const { email, phone, whatsapp } = contacts[index] as Addressed
    const ofEmail = email === undefined ? -1 : addIds(ids, keys, 'email', comparedEmail(email))
    const ofPhone = phone === undefined ? -1 : addIds(ids, keys, 'phone', comparedPhone(phone))
    const isItself = whatsapp === undefined || whatsapp === phone
    const ofWhatsapp = isItself ? ofPhone : addIds(ids, keys, 'phone', comparedPhone(whatsapp))
    places.push(ofEmail, ofPhone, whatsapp === undefined ? -1 : ofWhatsapp)
  }
}

/** The place of the first. */
function addIds(ids: string[], keys: ListKeys, kind: 'phone' | 'email', compared: string): number {
  for (const digest of keys) ids.push(digest(kind, compared))
  return ids.length - keys.length
}

const nobody: Barred = { none: true, on: () => 0 }

function barredBy(found: readonly ChannelSet[], places: readonly number[], keyCount: number): Barred {
  if (found.every((channels) => channels === 0)) return nobody
  return {
    none: false,
    on(contact, field) {
      const place = places[contact * addressFields.length + addressFields.indexOf(field)] ?? -1
      let channels = 0
      if (place >= 0) for (let key = 0; key < keyCount; key++) channels |= found[place + key] ?? 0
      return channels
    },
  }
}
