import type { AttributeValue, StoredContact } from '../../domain/contact.ts'
import { type NoteDrift, unnoted } from '../reading/drift.ts'
import { readShownNumber } from '../reading/read-number.ts'
import { readTime } from '../reading/read-time.ts'
import type { VobizSettings } from './translate.ts'
import { type Stored, unreadMembers } from './wire.ts'

type Writable<Value> = { -readonly [Name in keyof Value]: Value[Name] }

/**
 * A contact as Vobiz holds it. Its e-mail is read from where it is kept and stands in `attributes` no more. An attribute
 * that others have stored as a list or an object is handed on as it is, so that reading, merging and writing keep it.
 */
export function toStoredContact(
  stored: Stored,
  { emailAttribute }: VobizSettings,
  drift: NoteDrift = unnoted,
): StoredContact {
  const attributes = { ...stored.custom_attributes } as Record<string, AttributeValue>
  const email = emailAttribute !== null && Object.hasOwn(attributes, emailAttribute) ? attributes[emailAttribute] : null
  const hasEmail = typeof email === 'string' && email !== ''
  if (hasEmail) delete attributes[emailAttribute as string]
  const phone = readShownNumber(stored.phone_number, drift)
  const createdAt = readTime(stored.created_at, drift)
  const updatedAt = readTime(stored.updated_at, drift)
  const lastActivityAt = readTime(stored.last_active_at, drift)
  const untold = untoldOf(stored)
  // In the order in which the API shows them.
  const contact = { key: stored.id } as Writable<StoredContact>
  if (typeof stored.name === 'string' && stored.name !== '') contact.name = stored.name
  if (hasEmail) contact.email = email
  if (phone !== undefined) contact.phone = phone
  contact.tags = stored.tags ?? []
  contact.attributes = attributes
  if (untold !== undefined) contact.untold = untold
  if (createdAt !== undefined) contact.createdAt = createdAt
  if (updatedAt !== undefined) contact.updatedAt = updatedAt
  if (lastActivityAt !== undefined) contact.lastActivityAt = lastActivityAt
  return contact
}

/**
 * What is empty may be left out of an answer. Where a contact does not even show its number, nothing else is known of
 * it; neither is a member in a form that was not understood.
 */
function untoldOf(stored: Stored): StoredContact['untold'] {
  const names = stored[unreadMembers]
  const isPart = stored.phone_number === undefined
  if (!isPart && names === undefined) return undefined
  const untold = new Set<'tags' | 'attributes'>()
  if (names?.has('tags') || (isPart && isHidden(stored.tags))) untold.add('tags')
  if (names?.has('custom_attributes') || (isPart && isHidden(stored.custom_attributes))) untold.add('attributes')
  return untold.size === 0 ? undefined : untold
}

/** The same of one among others: a list may show less of each than there is, so that what is left out is not known. */
export function toListedContact(stored: Stored, settings: VobizSettings, drift: NoteDrift): StoredContact {
  const contact = toStoredContact(stored, settings, drift)
  const hidden = hiddenParts(stored)
  return hidden.length === 0 ? contact : { ...contact, untold: new Set([...hidden, ...(contact.untold ?? [])]) }
}

/** The same of one that was asked for by its id: what is left out is most likely empty. */
export function toSingleContact(stored: Stored, settings: VobizSettings, drift: NoteDrift): StoredContact {
  const contact = toStoredContact(stored, settings, drift)
  const leftOut = hiddenParts(stored).filter((part) => !contact.untold?.has(part))
  return leftOut.length === 0 ? contact : { ...contact, leftOut: new Set(leftOut) }
}

function hiddenParts({ tags, custom_attributes }: Stored): ('tags' | 'attributes')[] {
  if (!isHidden(tags) && !isHidden(custom_attributes)) return none
  return [
    ...(isHidden(tags) ? (['tags'] as const) : []),
    ...(isHidden(custom_attributes) ? (['attributes'] as const) : []),
  ]
}

const none: never[] = []

/** `null` may be what a provider calls empty, or what it does not show. */
function isHidden(value: unknown): boolean {
  return value === undefined || value === null
}
