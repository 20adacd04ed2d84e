import type { AttributeValue, StoredContact } from '../../domain/contact.ts'
import type { Result } from '../../domain/failure.ts'
import type { Warning } from '../../domain/outcome.ts'
import type { ContactPage, ListInput, Operations, ProviderResponse, WrittenContact } from '../port.ts'
import { readVobizFailure } from './failures.ts'
import {
  digitsOf,
  numberOf,
  toUpdateBody,
  type UpdateInput,
  type VobizSettings,
  type VobizTarget,
} from './translate.ts'
import { readPage, readStored, type Stored } from './wire.ts'

type Inputs = Operations<VobizSettings, VobizTarget>
type CreateInput = Parameters<Inputs['createContact']['toRequest']>[0]
type WithSettings = { readonly settings: VobizSettings }

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
    ...timeOf('createdAt', stored.created_at),
    ...timeOf('updatedAt', stored.updated_at),
    ...timeOf('lastActivityAt', stored.last_active_at),
  }
}

/** Times are RFC 3339 in UTC (facts 4.1); one with another offset is put into UTC, and what is no time is left out. */
function timeOf<Name extends 'createdAt' | 'updatedAt' | 'lastActivityAt'>(
  name: Name,
  text: string | null | undefined,
): { readonly [key in Name]?: string } {
  const time = Date.parse(text ?? '')
  if (Number.isNaN(time)) return {}
  return { [name]: text?.endsWith('Z') ? text : new Date(time).toISOString() } as { [key in Name]: string }
}

/**
 * The answer to a create. 201 is the documented one, its body is not: without a contact in it, it is created all the
 * same, unless it looks like an error. What comes when the number is there is not documented either, so that an answer of
 * 200, or a contact that was updated after it was created, is an upsert (facts 4.3).
 */
export function readCreated(response: ProviderResponse, input: CreateInput): Result<WrittenContact> {
  const { status } = response
  const stored = status === 200 || status === 201 ? readStored(response.body) : undefined
  if (stored === undefined) {
    return status === 201 && isSilent(response) ? { ok: { status: 'created' } } : readVobizFailure(response)
  }
  const phone = stored.phone_number ?? numberOf(input.contact)
  const answered = toStoredContact(stored, input.settings)
  const contact = phone === undefined ? answered : { ...answered, phone }
  const existed = status === 200 || wasUpdated(stored)
  if (!existed) return { ok: { status: 'created', key: stored.id, contact } }
  return { ok: { status: 'updated', key: stored.id, contact, warnings: warningsOfUpsert(input) } }
}

/** Compared in milliseconds: one write may set two clocks a few microseconds apart. */
function wasUpdated({ created_at, updated_at }: Stored): boolean {
  return Date.parse(updated_at ?? '') > Date.parse(created_at ?? '')
}

function warningsOfUpsert({ onConflict }: CreateInput): readonly Warning[] {
  return onConflict === 'skip' ? [tagsMayBeReplaced, notSkipped] : [tagsMayBeReplaced]
}

const tagsMayBeReplaced: Warning = {
  code: 'tags_may_be_replaced',
  pointer: '/tags',
  detail: 'Vobiz had the contact and updated it by itself; the tags that it had before may be gone.',
}

const notSkipped: Warning = {
  code: 'policy_not_enforced',
  pointer: '',
  detail: 'Vobiz had the contact and updated it by itself; it did not say that the number is there.',
}

/**
 * The answer to an update: the contact, or, as its body is not documented, anything that does not look like an error.
 * Then it is the contact that was sent.
 */
export function readUpdated(
  response: ProviderResponse,
  input: UpdateInput & { readonly key: string },
): Result<WrittenContact> {
  const { status, body } = response
  if (status !== 200 && status !== 204) return readVobizFailure(response)
  const stored = readStored(body)
  if (stored === undefined && !isSilent(response)) return readVobizFailure(response)
  const contact = stored === undefined ? asSent(input) : toStoredContact(stored, input.settings)
  return { ok: { status: 'updated', key: contact.key, contact } }
}

/** No body, or one that says nothing of an error. */
function isSilent({ body, text }: ProviderResponse): boolean {
  return body === undefined ? text.trim() === '' : !looksLikeError(body)
}

function looksLikeError(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return true
  if ('error' in body || 'errors' in body) return true
  return 'status' in body && !/^(success|ok)$/i.test(String(body.status))
}

function asSent({ contact, key, settings, target }: UpdateInput & { readonly key: string }): StoredContact {
  const number = numberOf(contact)
  const sent = toUpdateBody({ contact, settings, ...(target !== undefined && { target }) })
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

/** The answer to a get: the contact. Its body is not shown in the documents (facts 4.3). */
export function readGot(response: ProviderResponse, { settings }: WithSettings): Result<StoredContact> {
  const stored = response.status === 200 ? readStored(response.body) : undefined
  return stored === undefined ? readVobizFailure(response) : { ok: toStoredContact(stored, settings) }
}

/**
 * One page. Whether more follow is said by the present form; the old one has a total at best, and without it a full page
 * is taken to have a next one. Past the last page there is none.
 */
export function readList(
  response: ProviderResponse,
  input: Pick<ListInput<VobizSettings, VobizTarget>, 'page' | 'limit' | 'settings'>,
): Result<ContactPage> {
  const answered = response.status === 200 ? readPage(response.body) : undefined
  if (answered === undefined) return readVobizFailure(response)
  const { items, hasMore, total, limit = input.limit } = answered
  const more = hasMore ?? (total === undefined ? items.length >= limit : input.page * limit < total)
  return {
    ok: { contacts: items.map((item) => toStoredContact(item, input.settings)), more: more && items.length > 0 },
  }
}

/**
 * The contact with exactly this number. A search is by substring, so that others may come with it; when there are more
 * pages, or one without its number, its absence proves nothing and the answer is unreadable.
 */
export function readFound(
  response: ProviderResponse,
  { phone, settings }: WithSettings & { readonly phone: string },
): Result<StoredContact | undefined> {
  const page = response.status === 200 ? readPage(response.body) : undefined
  if (page === undefined) return readVobizFailure(response)
  const { items, total = 0, hasMore = false } = page
  const match = items.find(({ phone_number: number }) => number !== undefined && digitsOf(number) === digitsOf(phone))
  if (match !== undefined) return { ok: toStoredContact(match, settings) }
  if (items.some(({ phone_number: number }) => number === undefined)) return readVobizFailure(response)
  return hasMore || total > items.length ? { failure: { kind: 'unreadable', provider: manyFound } } : { ok: undefined }
}

const manyFound = { status: 200, message: 'More contacts match the number than fit one page, none of them exactly.' }
