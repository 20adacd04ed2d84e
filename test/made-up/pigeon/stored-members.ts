import { type Contact, displayName, type StoredContact } from '../../../src/domain/contact.ts'
import type { Result } from '../../../src/domain/failure.ts'
import type {
  ContactPage,
  ContactPart,
  ProviderRequest,
  ProviderResponse,
  WrittenContact,
} from '../../../src/providers/adapter-port.ts'
import { isDone } from '../../../src/providers/reading/judge-body.ts'
import { readPigeonFailure, successOf } from './failures.ts'
import { readMember, readPage, type StoredMember } from './wire.ts'

function toStoredContact({ member, email, full_name: name, mobile, joined }: StoredMember): StoredContact {
  return {
    key: member,
    email,
    ...(name && { name }),
    ...(mobile && { phone: mobile }),
    ...(joined !== undefined && { createdAt: joined }),
    tags: [],
    attributes: {},
  }
}

export function readGot(response: ProviderResponse): Result<StoredContact> {
  const member = successOf(response, readMember)
  return member === undefined ? readPigeonFailure(response) : { ok: toStoredContact(member) }
}

export function readListed(response: ProviderResponse): Result<ContactPage> {
  const page = successOf(response, readPage)
  if (page === undefined) return readPigeonFailure(response)
  const contacts = page.members.map(toStoredContact)
  return { ok: { contacts, ...(page.after !== null && { next: page.after }) } }
}

/** Everybody who has an address. A page that goes on does not show all of them, and an empty one proves nothing then. */
export function readFound(response: ProviderResponse): Result<readonly StoredContact[]> {
  const page = readListed(response)
  if ('failure' in page) return page
  const { contacts, next } = page.ok
  return contacts.length === 0 && next !== undefined ? readPigeonFailure(response) : { ok: contacts }
}

/** A merge patch: what is not in it stays, and `null` clears. */
export function toPatch(path: string, contact: Contact, parts: ReadonlySet<ContactPart> = everyPart): ProviderRequest {
  return {
    method: 'PATCH',
    path,
    headers: { 'content-type': 'application/merge-patch+json' },
    json: { ...(parts.has('name') && { full_name: displayName(contact) ?? null }) },
  }
}

const everyPart: ReadonlySet<ContactPart> = new Set(['name'])

export function readUpdated(response: ProviderResponse): Result<WrittenContact> {
  const read = readGot(response)
  return 'failure' in read ? read : { ok: { status: 'updated', key: read.ok.key, contact: read.ok } }
}

export function readGone(response: ProviderResponse): Result<undefined> {
  return isDone(response) ? { ok: undefined } : readPigeonFailure(response)
}
