import { type Contact, displayName, type StoredContact } from '../../domain/contact.ts'
import { type FieldRules, isDropped, keepsAttribute, standsInForPhone, takesField } from '../../providers/fields.ts'

/**
 * What is left of a contact once the provider has it, by its field rules: for providers that do not show what they hold.
 * What they held before is not known, and not in it.
 */
export function keptContact(fields: FieldRules, contact: Contact): Omit<StoredContact, 'key'> {
  const phone = contact.phone ?? (takesField(fields, 'whatsapp', contact) ? contact.whatsapp : undefined)
  return {
    ...keptName(fields, contact),
    ...(contact.email !== undefined && takesField(fields, 'email', contact) && { email: contact.email }),
    ...(phone !== undefined && !isDropped(fields, 'phone') && { phone }),
    ...(contact.whatsapp !== undefined && keepsWhatsapp(fields) && { whatsapp: contact.whatsapp }),
    tags: isDropped(fields, 'tags') ? [] : contact.tags,
    attributes: keptAttributes(fields, contact),
  }
}

function keepsWhatsapp(fields: FieldRules): boolean {
  return !isDropped(fields, 'whatsapp') && !standsInForPhone(fields)
}

function keptName(
  { name: rule }: FieldRules,
  contact: Contact,
): Pick<StoredContact, 'name' | 'firstName' | 'lastName'> {
  const { firstName, lastName } = contact
  const name = displayName(contact)
  if (rule.form === 'one' || (firstName === undefined && lastName === undefined))
    return name === undefined ? {} : { name }
  return { ...(firstName !== undefined && { firstName }), ...(lastName !== undefined && { lastName }) }
}

function keptAttributes(fields: FieldRules, { attributes }: Contact): StoredContact['attributes'] {
  if (isDropped(fields, 'attributes')) return {}
  return Object.fromEntries(
    Object.entries(attributes).filter(([name, value]) => value !== null && keepsAttribute(fields, name)),
  )
}
