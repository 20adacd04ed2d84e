import type { Contact } from '../../domain/contact.ts'
import { comparedEmail, comparedPhone } from '../../domain/suppressed-address.ts'
import type { ChannelSet, SuppressionKind } from '../../domain/suppression.ts'
import { idLength, type PackedIds, type SuppressionStore } from '../suppression-store-port.ts'
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
  readonly ids: PackedIds
  /** Of each contact and field (contact × 3 + field), the number of its first id; -1: it has none. */
  readonly places: Int32Array
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
  const places = new Int32Array(contacts.length * addressFields.length)
  const count = keys.length * numberAddresses(contacts, keys.length, places)
  const addresses = { contacts, keys, ids: Buffer.allocUnsafe(count * idLength), places }
  if (contacts.length > contactsAtOnce) return writeInTurns(addresses)
  writeIds(addresses, 0, contacts.length)
  return addresses
}

async function writeInTurns(addresses: PreparedAddresses): Promise<PreparedAddresses> {
  const count = addresses.contacts.length
  for (let from = 0; from < count; from += contactsAtOnce) {
    writeIds(addresses, from, Math.min(count, from + contactsAtOnce))
    await new Promise((resolve) => setImmediate(resolve))
  }
  return addresses
}

/** Fills in the places; returns how many addresses there are. A number that is a contact's twice is one. */
function numberAddresses(contacts: readonly Addressed[], keyCount: number, places: Int32Array): number {
  let count = 0
  const numbered = (address: string | undefined) => (address === undefined ? -1 : count++ * keyCount)
  let at = 0
  for (const { email, phone, whatsapp } of contacts) {
    places[at++] = numbered(email)
    const ofPhone = numbered(phone)
    places[at++] = ofPhone
    places[at++] = whatsapp === phone ? ofPhone : numbered(whatsapp)
  }
  return count
}

/** Makes those of some of the contacts. */
function writeIds({ contacts, keys, ids, places }: PreparedAddresses, from: number, to: number): void {
  const write = (place: number, kind: SuppressionKind, compared: string) => {
    for (let key = 0; key < keys.length; key++) keys[key]?.writeId(ids, place + key, kind, compared)
  }
  for (let index = from; index < to; index++) {
    const { email, phone, whatsapp } = contacts[index] as Addressed
    const at = index * addressFields.length
    if (email !== undefined) write(places[at] as number, 'email', comparedEmail(email))
    if (phone !== undefined) write(places[at + 1] as number, 'phone', comparedPhone(phone))
    if (whatsapp !== undefined && whatsapp !== phone) write(places[at + 2] as number, 'phone', comparedPhone(whatsapp))
  }
}

const nobody: Barred = { none: true, on: () => 0 }

function barredBy(found: Uint8Array, places: Int32Array, keyCount: number): Barred {
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
