import type { Contact, StoredContact } from '../../domain/contact.ts'
import type { Account } from '../../providers/account.ts'
import { standsInForPhone } from '../../providers/fields.ts'
import type { Destination } from '../catalog/catalog.ts'
import { hashText } from './hash-text.ts'

/**
 * What the account knows this contact by: of two with the same, one counts. E-mails are compared without case.
 * `undefined` for a contact without it, which is nobody's duplicate there.
 */
export function personAt({ account, fields }: Pick<Destination, 'account' | 'fields'>, contact: Contact) {
  if (account.adapter.keyedBy === 'email') return contact.email?.toLowerCase()
  return contact.phone ?? (standsInForPhone(fields) ? contact.whatsapp : undefined)
}

/** The same of a contact that the account has; its key where it does not show that. */
export function personOf({ adapter }: Pick<Account, 'adapter'>, { key, email, phone }: StoredContact): string {
  return (adapter.keyedBy === 'email' ? email?.toLowerCase() : phone) ?? key
}

/**
 * 32 bits of all that is sent of a contact anywhere: two with different ones differ in more than the order of tags and
 * attributes, or the case of the e-mail.
 */
export function hashValues(contact: Contact): number {
  return hashField(contact.email?.toLowerCase(), hashField(contact.phone, hashOtherValues(contact)))
}

/** The same of all but its e-mail and phone, of which it counts alone that they are there. */
export function hashOtherValues({
  name,
  firstName,
  lastName,
  email,
  phone,
  whatsapp,
  tags,
  attributes,
}: Contact): number {
  let hash = hashField(name, (email === undefined ? 0 : 1) | (phone === undefined ? 0 : 2))
  hash = hashField(firstName, hash)
  hash = hashField(lastName, hash)
  hash = hashField(whatsapp, hash)
  let sum = 0
  for (const tag of tags) sum = (sum + hashText(tag, 1)) | 0
  for (const key in attributes) {
    const value = attributes[key]
    // Texts are told apart from numbers and the like that are written the same.
    sum = (sum + hashText(String(value), hashText(key, typeof value === 'string' ? 2 : 3))) | 0
  }
  return hash ^ Math.imul(sum, 0x9e3779b1)
}

function hashField(value: string | undefined, before: number): number {
  return value === undefined ? Math.imul(before ^ 0x2545f491, 0x85ebca6b) : hashText(value, before)
}

/** What a caller reads of a contact that another one stands for. `counts`: that one, as "row 3". */
export function describeRepeat(counts: string, differs: boolean): string {
  return differs
    ? `It is the same person as ${counts}, which counts; its values differ and were not sent.`
    : `It is the same person as ${counts}, which counts.`
}
