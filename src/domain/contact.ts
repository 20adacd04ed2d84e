import type { ExactNumber } from './exact-number.ts'

/** Value of one attribute. `null` clears: it is sent as null, or takes the attribute away where a provider merges. */
export type AttributeValue = string | number | ExactNumber | boolean | null

/** A contact as a caller writes it: of the right shape, its values not yet looked at. */
export type ContactDraft = {
  ref?: string
  name?: string
  firstName?: string
  lastName?: string
  email?: string
  phone?: string
  whatsapp?: string
  tags?: readonly string[]
  attributes?: Readonly<Record<string, AttributeValue>>
}

/**
 * A contact whose every value is valid: e-mail trimmed, phone and whatsapp in E.164, tags without repeats.
 * Every member is always there (`undefined` = not given), so that all contacts share one hidden class.
 */
export type Contact = {
  readonly ref: string | undefined
  readonly name: string | undefined
  readonly firstName: string | undefined
  readonly lastName: string | undefined
  readonly email: string | undefined
  readonly phone: string | undefined
  readonly whatsapp: string | undefined
  readonly tags: readonly string[]
  readonly attributes: Readonly<Record<string, AttributeValue>>
}

/** A contact as a provider holds it. `key` is the provider's own key: an id that it gave, or the E.164 phone. */
export type StoredContact = {
  readonly key: string
  readonly name?: string
  readonly firstName?: string
  readonly lastName?: string
  readonly email?: string
  readonly phone?: string
  readonly whatsapp?: string
  readonly tags: readonly string[]
  readonly attributes: Readonly<Record<string, AttributeValue>>
  /**
   * The parts that the provider did not show: they are empty here, and nothing is known of them. Absent: all was shown.
   */
  readonly untold?: ReadonlySet<'tags' | 'attributes'>
  /**
   * The parts that an answer about this contact alone leaves out. They are most likely empty; writing over them is a
   * warning.
   */
  readonly leftOut?: ReadonlySet<'tags' | 'attributes'>
  /** RFC 3339, UTC. */
  readonly createdAt?: string
  readonly updatedAt?: string
  readonly lastActivityAt?: string
}

/** What to do with a contact that the provider has already. */
export type ConflictPolicy = 'update' | 'skip'

/** The display name: `name`, else first and last name joined with a space; `undefined` when there is none. */
export function displayName(contact: Partial<Pick<Contact, 'name' | 'firstName' | 'lastName'>>): string | undefined {
  if (contact.name !== undefined) return contact.name
  if (contact.firstName === undefined) return contact.lastName
  return contact.lastName === undefined ? contact.firstName : `${contact.firstName} ${contact.lastName}`
}

/** The number by which a contact is reached: its phone, or its WhatsApp number standing in. */
export function numberOf({ phone, whatsapp }: Pick<Contact, 'phone' | 'whatsapp'>): string | undefined {
  return phone ?? whatsapp
}

/** A contact that is stored somewhere, in the form in which it can be changed and written back. */
export function toContact(stored: StoredContact): Contact {
  const { name, firstName, lastName, email, phone, whatsapp, tags, attributes } = stored
  return { ref: undefined, name, firstName, lastName, email, phone, whatsapp, tags, attributes }
}
