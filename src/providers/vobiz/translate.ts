import { type AttributeValue, type Contact, displayName, numberOf } from '../../domain/contact.ts'
import { isSameText } from '../../domain/same-text.ts'
import type { ContactInput, ContactPart, ListInput, PageStart } from '../adapter-port.ts'
import type { VobizContact } from './wire.ts'

/** `emailAttribute`: the custom attribute that holds the e-mail, for Vobiz has no such field; `null` = dropped. */
export type VobizSettings = {
  readonly emailAttribute: string | null
  readonly csvImport: boolean
  /** An update empties what is not in it, so that all is sent. */
  readonly updateReplaces: boolean
}
export type VobizTarget = { readonly tag: string }
type Input = ContactInput<VobizSettings, VobizTarget>
export type UpdateInput = Input & { readonly parts?: ReadonlySet<ContactPart> }

/** The list's tag, then the contact's own, without repeats; a spelling of the list's tag that the contact has already stays. */
export function tagsOf(contact: Contact, target: VobizTarget | undefined): readonly string[] {
  if (target === undefined) return contact.tags
  if (contact.tags.length === 0) return [target.tag]
  const spelt = contact.tags.find((tag) => isSameText(tag, target.tag)) ?? target.tag
  return [spelt, ...contact.tags.filter((tag) => tag !== spelt)]
}

/** The body that creates a contact. */
export function toCreateBody({ contact, target, settings }: Input): VobizContact {
  const number = numberOf(contact)
  const name = displayName(contact)
  const tags = tagsOf(contact, target)
  const attributes = toCustomAttributes(contact, settings, () => false)
  return {
    ...(number !== undefined && { phone_number: number }),
    ...(name !== undefined && { name }),
    ...(tags.length > 0 && { tags }),
    ...(Object.keys(attributes).length > 0 && { custom_attributes: attributes }),
  }
}

/**
 * The body that writes these parts over those of a contact: a part that is in it is written whole, one that is not
 * stays. A number cannot be changed. What the contact at Vobiz has in the e-mail's place and is no text was read as an
 * attribute, and stays unless an e-mail comes.
 */
export function toUpdateBody({ contact, target, settings, parts: wanted = everyPart }: UpdateInput): VobizContact {
  const parts = settings.updateReplaces ? everyPart : wanted
  const name = displayName(contact)
  const inAttributes = parts.has('attributes') || (parts.has('email') && settings.emailAttribute !== null)
  return {
    ...(name !== undefined && parts.has('name') && { name }),
    ...(parts.has('tags') && { tags: tagsOf(contact, target) }),
    ...(inAttributes && {
      custom_attributes: toCustomAttributes(contact, settings, (value) => typeof value !== 'string'),
    }),
  }
}

const everyPart: ReadonlySet<ContactPart> = new Set(['name', 'email', 'tags', 'attributes'])

/**
 * Without those that are null: an attribute is cleared by its absence. The e-mail's place is the e-mail's: an attribute
 * of its name is left out (the field rules warn of it), unless `mayStay` says so and there is no e-mail.
 */
function toCustomAttributes(
  { attributes, email }: Contact,
  { emailAttribute }: VobizSettings,
  mayStay: (value: AttributeValue) => boolean,
): Record<string, AttributeValue> {
  const kept = Object.entries(attributes).filter(
    ([key, value]) => value !== null && (key !== emailAttribute || mayStay(value)),
  )
  if (email !== undefined && emailAttribute !== null) kept.push([emailAttribute, email])
  return Object.fromEntries(kept)
}

/** Pages have numbers. */
export function pageOf(from: PageStart | undefined): number {
  return typeof from === 'number' ? from : 1
}

/** The query of a page; a list is its tag. */
export function toQuery({ from, limit, search, tag, target }: ListInput<VobizSettings, VobizTarget>): string {
  const members: [string, string | number | undefined][] = [
    ['page', pageOf(from)],
    ['limit', limit],
    ['search', search],
    ['tag', target?.tag ?? tag],
  ]
  const given = members.filter(([, value]) => value !== undefined)
  return given.map(([name, value]) => `${name}=${encodeURIComponent(value as string | number)}`).join('&')
}
