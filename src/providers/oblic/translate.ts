import { type Contact, displayName } from '../../domain/contact.ts'
import type { OblicContact } from './wire.ts'

/** A canonical contact in Oblic's form: one name, numbers as digits with the country code and no plus. */
export function toOblicContact(contact: Contact): OblicContact {
  const name = displayName(contact)
  const { email, phone, whatsapp } = contact
  const sent: OblicContact = {}
  if (name !== undefined) sent.name = name
  if (email !== undefined) sent.email = email
  if (phone !== undefined) sent.phone = phone.slice(1)
  if (whatsapp !== undefined) sent.whatsApp = whatsapp.slice(1)
  return sent
}
