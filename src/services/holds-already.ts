import { type AttributeValue, type Contact, displayName, type StoredContact } from '../domain/contact.ts'
import { ExactNumber, isSameNumber } from '../domain/exact-number.ts'
import type { FieldRules } from '../providers/fields.ts'
import type { ContactWrite } from './write-contact.ts'

/** True when a stored contact holds all that a write would put there: name, e-mail, tags, the list, and attributes. */
export function holdsAlready({ account, target, contact }: ContactWrite, stored: StoredContact): boolean {
  const rules = account.adapter.fields(account.settings, target)
  if (!holdsList({ account, target }, stored)) return false
  return holdsName(contact, stored) && holdsEmail(rules, contact, stored) && holdsRest(rules, contact, stored)
}

function holdsList({ account, target }: Pick<ContactWrite, 'account' | 'target'>, stored: StoredContact): boolean {
  return target === undefined || account.adapter.membership?.has(stored, target) === true
}

function holdsName(contact: Contact, stored: StoredContact): boolean {
  const name = displayName(contact)
  return (
    name === undefined ||
    name === displayName({ name: undefined, firstName: undefined, lastName: undefined, ...stored })
  )
}

function holdsEmail({ email: rule }: FieldRules, { email }: Contact, stored: StoredContact): boolean {
  return email === undefined || rule === 'dropped' || email === stored.email
}

function holdsRest({ tags, attributes }: FieldRules, contact: Contact, stored: StoredContact): boolean {
  const holdsTags = tags === 'dropped' || contact.tags.every((tag) => stored.tags.includes(tag))
  if (!holdsTags || attributes === 'dropped') return holdsTags
  return Object.entries(contact.attributes).every(([name, value]) => {
    const isSent =
      'only' in attributes ? Object.hasOwn(attributes.only, name) : !Object.hasOwn(attributes.reserved ?? {}, name)
    return !isSent || isSame(Object.hasOwn(stored.attributes, name) ? stored.attributes[name] : null, value)
  })
}

function isSame(stored: AttributeValue | undefined, sent: AttributeValue): boolean {
  return stored === sent || (isNumber(stored) && isNumber(sent) && isSameNumber(stored, sent))
}

function isNumber(value: AttributeValue | undefined): value is number | ExactNumber {
  return typeof value === 'number' || value instanceof ExactNumber
}
