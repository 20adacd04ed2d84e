import { type Contact, displayName } from '../../domain/contact.ts'
import type { OblicContact } from './wire.ts'

/** A canonical contact in Oblic's form: one name, numbers as digits with the country code and no plus. */
export function toOblicContact(contact: Contact): OblicContact {
  const name = displayName(contact)
  return {
    ...(name !== undefined && { name }),
    ...(contact.email !== undefined && { email: contact.email }),
    ...(contact.phone !== undefined && { phone: contact.phone.slice(1) }),
    ...(contact.whatsapp !== undefined && { whatsApp: contact.whatsapp.slice(1) }),
  }
}
