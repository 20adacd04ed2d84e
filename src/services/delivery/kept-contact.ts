import { type Contact, displayName, type StoredContact } from '../../domain/contact.ts'
import { type FieldRules, takesField } from '../../providers/fields.ts'

/**
 * What is left of a contact once the provider has it, by its field rules: for providers that do not show what they hold.
 * What they held before is not known, and not in it.
 */
export function keptContact(fields: FieldRules, contact: Contact): Omit<StoredContact, 'key'> {
  const phone = contact.phone ?? (takesField(fields, 'whatsapp', contact) ? contact.whatsapp : undefined)
  return {
    ...keptName(fields, contact),
    ...(contact.email !== undefined && takesField(fields, 'email', contact) && { email: contact.email }),
    ...(phone !== undefined && fields.phone !== 'dropped' && { phone }),
    ...(contact.whatsapp !== undefined && keepsWhatsapp(fields) && { whatsapp: contact.whatsapp }),
    tags: fields.tags === 'dropped' ? [] : contact.tags,
    attributes: keptAttributes(fields, contact),
  }
}

function keepsWhatsapp({ whatsapp }: FieldRules): boolean {
  return whatsapp !== 'dropped' && !('standsInFor' in whatsapp)
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

function keptAttributes({ attributes: rule }: FieldRules, { attributes }: Contact): StoredContact['attributes'] {
  if (rule === 'dropped') return {}
  const keeps = (name: string) =>
    'only' in rule ? Object.hasOwn(rule.only, name) : !Object.hasOwn(rule.reserved ?? {}, name)
  return Object.fromEntries(Object.entries(attributes).filter(([name, value]) => value !== null && keeps(name)))
}
