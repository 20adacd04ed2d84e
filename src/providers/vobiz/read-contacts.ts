import { type ConflictPolicy, displayName, numberOf, type StoredContact } from '../../domain/contact.ts'
import type { Result } from '../../domain/failure.ts'
import type { OutcomeStatus, Warning } from '../../domain/outcome.ts'
import { isSameText } from '../../domain/same-text.ts'
import type { ContactPage, ListInput, Operations, ProviderResponse, WrittenContact } from '../adapter-port.ts'
import { type NoteDrift, unnoted } from '../reading/drift.ts'
import { deniesSuccess, isDone, judgeBody } from '../reading/judge-body.ts'
import { readEnd } from '../reading/read-page.ts'
import { readStamps } from '../reading/read-stamps.ts'
import { readVobizFailure } from './failures.ts'
import { toListedContact, toSingleContact, toStoredContact } from './stored-contact.ts'
import { pageOf, toUpdateBody, type UpdateInput, type VobizSettings, type VobizTarget } from './translate.ts'
import { readPage, readStored, type Stored } from './wire.ts'

type Inputs = Operations<VobizSettings, VobizTarget>
type CreateInput = Parameters<Inputs['createContact']['toRequest']>[0]
type WithSettings = { readonly settings: VobizSettings }

type Shown = { readonly contact: StoredContact; readonly unshown?: readonly string[] }

/**
 * A contact as an answer to a write shows it; what the answer leaves out stands in it as it was sent. `unshown` names
 * what was sent and not shown.
 */
function completed(stored: Stored, input: UpdateInput & { readonly key: string }, drift: NoteDrift): Shown {
  const read = toStoredContact(stored, input.settings, drift)
  if (showsAll(stored)) return { contact: read }
  const { untold: _, ...shown } = read
  const sent = asSent(input)
  const unshown: string[] = []
  if (stored.name === undefined && sent.name !== undefined) unshown.push('name')
  if (stored.tags === undefined && sent.tags.length > 0) unshown.push('tags')
  const hidesAttributes = stored.custom_attributes === undefined
  if (hidesAttributes && sent.email !== undefined) unshown.push('email')
  if (hidesAttributes && Object.keys(sent.attributes).length > 0) unshown.push('attributes')
  const isHidden = (name: string) => unshown.includes(name)
  const contact = {
    ...shown,
    ...(isHidden('name') && sent.name !== undefined && { name: sent.name }),
    ...(isHidden('email') && sent.email !== undefined && { email: sent.email }),
    ...(shown.phone === undefined && sent.phone !== undefined && { phone: sent.phone }),
    ...(isHidden('tags') && { tags: sent.tags }),
    ...(isHidden('attributes') && { attributes: sent.attributes }),
  }
  return unshown.length === 0 ? { contact } : { contact, unshown }
}

function showsAll({ name, phone_number, tags, custom_attributes }: Stored): boolean {
  return name !== undefined && phone_number !== undefined && tags !== undefined && custom_attributes !== undefined
}

/**
 * The answer to a create. 201 is the documented one, its body is not: without a contact in it, it is created all the
 * same, unless it looks like an error. What comes when the number is there is not documented either: the contact as it was
 * before, or as it is after an update. Its stamps tell; where they do not, the code is believed only when it is 201.
 */
export function readCreated(response: ProviderResponse, input: CreateInput): Result<WrittenContact> {
  const { status, body, timing, drift = unnoted } = response
  if (!isDone(response)) return readVobizFailure(response)
  const stored = sameByName(readStored(body, drift), input)
  if (status !== 201) drift('status')
  if (stored === undefined) return saysCreated(response) ? { ok: createdUnseen } : readVobizFailure(response)
  const { contact, unshown } = completed(stored, { ...input, key: stored.id }, drift)
  const stamps = readStamps(contact, timing) ?? (status === 201 ? 'made' : undefined)
  return {
    ok: {
      status: statusOfStamps(stamps, input.onConflict),
      key: stored.id,
      contact,
      ...(unshown !== undefined && { unshown }),
      ...(stamps === 'changed' && { warnings: warningsOfUpsert(input) }),
    },
  }
}

/** Where no contact is shown, only the documented code is believed, or words. */
function saysCreated(response: ProviderResponse): boolean {
  return response.status === 201 || (response.status !== 200 && judgeBody(response) === 'succeeded')
}

/** A contact that is shown without a number and with another name may be anybody's: then nothing counts as shown. */
function sameByName(stored: Stored | undefined, { contact }: CreateInput): Stored | undefined {
  const isAnybody =
    stored !== undefined &&
    stored.phone_number === undefined &&
    typeof stored.name === 'string' &&
    !isSameText(stored.name, displayName(contact) ?? '')
  return isAnybody ? undefined : stored
}

function statusOfStamps(stamps: ReturnType<typeof readStamps>, onConflict: ConflictPolicy): OutcomeStatus {
  if (stamps === 'made') return 'created'
  if (stamps === undefined) return 'accepted'
  return stamps === 'untouched' && onConflict === 'skip' ? 'skipped' : 'updated'
}

const createdUnseen: WrittenContact = { status: 'created', unshown: [] }

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
 * Then it is the contact that was sent. One that says that it left the contact as it was is a conflict.
 */
export function readUpdated(
  response: ProviderResponse,
  input: UpdateInput & { readonly key: string },
): Result<WrittenContact> {
  const { status, body, drift = unnoted } = response
  if (status >= 200 && status < 300 && judgeBody(response) === 'skipped') return skippedUpdate(status)
  if (!isDone(response)) return readVobizFailure(response)
  if (status !== 200) drift('status')
  const stored = readStored(body, drift)
  if (stored === undefined) return { ok: { status: 'updated', key: input.key, contact: asSent(input), unshown: [] } }
  if (!isSameKey(stored.id, input.key)) return readVobizFailure(response)
  return { ok: { status: 'updated', key: stored.id, ...completed(stored, input, drift) } }
}

function skippedUpdate(status: number): Result<WrittenContact> {
  const message = 'Vobiz says that it left the contact as it was.'
  return { failure: { kind: 'conflict', provider: { status, message } } }
}

/** An answer about another contact than the one that was asked for says nothing of it, and is shown to nobody. */
function isSameKey(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** The answer to a deletion: 204, or any other success that says nothing to the contrary. */
export function readDeleted(response: ProviderResponse): Result<undefined> {
  if (!isDone(response)) return readVobizFailure(response)
  if (response.status !== 204) response.drift?.('status')
  return { ok: undefined }
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

/** The answer to a get: the contact. The documents do not show its body. */
export function readGot(
  response: ProviderResponse,
  { key, settings }: WithSettings & { readonly key: string },
): Result<StoredContact> {
  const { drift = unnoted } = response
  const stored = isGood(response) ? readStored(response.body, drift) : undefined
  if (stored === undefined || !isSameKey(stored.id, key)) return readVobizFailure(response)
  return { ok: toSingleContact(stored, settings, drift) }
}

/** A success whose body does not deny it. */
export function isGood(response: ProviderResponse): boolean {
  const { status, body, drift = unnoted } = response
  if (status < 200 || status > 299 || deniesSuccess(body)) return false
  if (status !== 200) drift('status')
  return true
}

/** One page. Whether more follow is said by `has_more`, by a total or by links; without any, an empty page is the end. */
export function readList(
  response: ProviderResponse,
  { from, limit, settings }: Pick<ListInput<VobizSettings, VobizTarget>, 'from' | 'limit' | 'settings'>,
): Result<ContactPage> {
  const { drift = unnoted } = response
  const asked = { page: pageOf(from), limit }
  const page = isGood(response) ? readPage(response, asked, drift) : undefined
  if (page === undefined) return readVobizFailure(response)
  const { items, unread } = page
  const { more, missing } = readEnd(page, asked, drift)
  const leftOut = Math.max(unread, missing)
  return {
    ok: {
      contacts: items.map((item) => toListedContact(item, settings, drift)),
      ...(more && { next: asked.page + 1 }),
      ...(leftOut > 0 && { leftOut }),
    },
  }
}
