import { type AttributeValue, type Contact, displayName, type StoredContact } from '../../domain/contact.ts'
import type { Result } from '../../domain/failure.ts'
import type { ContactInput, ProviderResponse, WrittenContact } from '../port.ts'
import { readVobizFailure } from './failures.ts'
import { readPage, readStored, type Stored, type VobizContact } from './wire.ts'

/** `emailAttribute`: the custom attribute that holds the e-mail, for Vobiz has no such field; `null` = dropped. */
export type VobizSettings = { readonly emailAttribute: string | null; readonly csvImport: boolean }
export type VobizTarget = { readonly tag: string }
type Input = ContactInput<VobizSettings, VobizTarget>

/** The number that a contact has at Vobiz: its phone, or its WhatsApp number standing in. */
export function numberOf(contact: Contact): string | undefined {
  return contact.phone ?? contact.whatsapp
}

/** The list's tag, then the contact's own, without repeats. */
export function tagsOf(contact: Contact, target: VobizTarget | undefined): readonly string[] {
  return target === undefined ? contact.tags : [...new Set([target.tag, ...contact.tags])]
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
 * The body that writes a whole contact over another: what is not in it is gone. A number cannot be changed. What the
 * contact at Vobiz has in the e-mail's place and is no text was read as an attribute, and stays unless an e-mail comes.
 */
export function toUpdateBody({ contact, target, settings }: Input): VobizContact {
  const name = displayName(contact)
  return {
    ...(name !== undefined && { name }),
    tags: tagsOf(contact, target),
    custom_attributes: toCustomAttributes(contact, settings, (value) => typeof value !== 'string'),
  }
}

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

/**
 * A contact as Vobiz holds it. Its e-mail is read from where it is kept and stands in `attributes` no more. An attribute
 * that others have stored as a list or an object is handed on as it is, so that reading, merging and writing keep it.
 */
export function toStoredContact(stored: Stored, { emailAttribute }: VobizSettings): StoredContact {
  const attributes = { ...stored.custom_attributes } as Record<string, AttributeValue>
  const email = emailAttribute !== null && Object.hasOwn(attributes, emailAttribute) ? attributes[emailAttribute] : null
  const hasEmail = typeof email === 'string' && email !== ''
  if (hasEmail) delete attributes[emailAttribute as string]
  return {
    key: stored.id,
    ...(typeof stored.name === 'string' && stored.name !== '' && { name: stored.name }),
    ...(hasEmail && { email }),
    ...(stored.phone_number !== undefined && { phone: stored.phone_number }),
    tags: stored.tags ?? [],
    attributes,
    ...(typeof stored.created_at === 'string' && { createdAt: stored.created_at }),
    ...(typeof stored.updated_at === 'string' && { updatedAt: stored.updated_at }),
    ...(typeof stored.last_active_at === 'string' && { lastActivityAt: stored.last_active_at }),
  }
}

/**
 * The answer to a create. 201 is the documented one; what comes when the number is there is not documented, so that an
 * answer of 200, or a contact that was updated after it was created, is an upsert (facts 4.3). Without an id the contact
 * cannot be named: unreadable, and to be looked up.
 */
export function readCreated(response: ProviderResponse, { contact, settings }: Input): Result<WrittenContact> {
  const stored = response.status === 200 || response.status === 201 ? readStored(response.body) : undefined
  if (stored === undefined) return readVobizFailure(response)
  const phone = stored.phone_number ?? numberOf(contact)
  const answered = toStoredContact(stored, settings)
  return {
    ok: {
      contact: phone === undefined ? answered : { ...answered, phone },
      existed: response.status === 200 || wasUpdated(stored),
    },
  }
}

/** Compared in milliseconds: one write may set two clocks a few microseconds apart. */
function wasUpdated({ created_at, updated_at }: Stored): boolean {
  return Date.parse(updated_at ?? '') > Date.parse(created_at ?? '')
}

/**
 * The answer to an update: the contact, or, as its body is not documented, anything that does not look like an error.
 * Then it is the contact that was sent.
 */
export function readUpdated(
  response: ProviderResponse,
  input: Input & { readonly key: string },
): Result<StoredContact> {
  const { status, body, text } = response
  if (status !== 200 && status !== 204) return readVobizFailure(response)
  const stored = readStored(body)
  if (stored !== undefined) return { ok: toStoredContact(stored, input.settings) }
  const silent = body === undefined ? text.trim() === '' : !looksLikeError(body)
  return silent ? { ok: asSent(input) } : readVobizFailure(response)
}

function looksLikeError(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return true
  if ('error' in body || 'errors' in body) return true
  return 'status' in body && !/^(success|ok)$/i.test(String(body.status))
}

function asSent(input: Input & { readonly key: string }): StoredContact {
  const { contact, key, settings } = input
  const number = numberOf(contact)
  const sent = toUpdateBody(input)
  return toStoredContact(
    {
      id: key,
      ...(number !== undefined && { phone_number: number }),
      ...(sent.name !== undefined && { name: sent.name }),
      tags: [...(sent.tags ?? [])],
      custom_attributes: { ...sent.custom_attributes },
    },
    settings,
  )
}

/**
 * The contact with exactly this number. A search is by substring, so that others may come with it; when there are more
 * pages, its absence from this one proves nothing and the answer is unreadable.
 */
export function readFound(
  response: ProviderResponse,
  { phone, settings }: { readonly phone: string; readonly settings: VobizSettings },
): Result<StoredContact | undefined> {
  const page = response.status === 200 ? readPage(response.body) : undefined
  if (page === undefined) return readVobizFailure(response)
  const items = 'items' in page ? page.items : page.data
  const match = items.find((item) => digitsOf(item.phone_number) === digitsOf(phone))
  if (match !== undefined) return { ok: toStoredContact(match, settings) }
  const total = ('items' in page ? page.total : page.meta?.total) ?? 0
  const more = total > items.length || ('items' in page && page.has_more === true)
  return more ? { failure: { kind: 'unreadable', provider: manyFound } } : { ok: undefined }
}

const manyFound = { status: 200, message: 'More contacts match the number than fit one page, none of them exactly.' }

/** `+91…` and `91…` are one number. */
export function digitsOf(number: string): string {
  return number.replace(/\D/g, '')
}
