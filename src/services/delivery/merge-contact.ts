import { type Contact, displayName, type StoredContact } from '../../domain/contact.ts'
import { isSameText } from '../../domain/same-text.ts'

/**
 * A contact as it is to be after it is written over the one that is stored: tags are added to those that are there,
 * attributes written over them one by one (`null` takes one away), and what was not given stays.
 */
export function merge(stored: StoredContact, contact: Contact): Contact {
  const attributes = { ...stored.attributes, ...contact.attributes }
  for (const key of Object.keys(attributes)) if (attributes[key] === null) delete attributes[key]
  const added = contact.tags.filter((tag) => !stored.tags.some((other) => isSameText(tag, other)))
  const { name, firstName, lastName } = displayName(contact) === undefined ? stored : contact
  return {
    ...contact,
    name,
    firstName,
    lastName,
    email: contact.email ?? stored.email,
    tags: [...new Set([...stored.tags, ...added])],
    attributes,
  }
}
