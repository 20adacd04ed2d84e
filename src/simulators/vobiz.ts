import type { Answer } from './misbehaviour.ts'
import { type Call, createSimulator, type Simulator, type SimulatorOptions } from './simulator.ts'
import { createVobizContacts, type VobizContact, type VobizFields, type VobizQuery } from './vobiz-contacts.ts'
import {
  errorAnswer,
  type VobizError,
  type VobizQuirks,
  vobizErrorFor,
  vobizErrors,
  vobizQuirks,
} from './vobiz-errors.ts'
import { ImportRefused, importCsv, readFilePart } from './vobiz-import.ts'
import { checkFields, checkNewContact, pickFields, readJsonObject } from './vobiz-input.ts'

export interface VobizCredentials {
  /** `MA_…` */
  authId: string
  authToken: string
  /** Accepted as `Authorization: Bearer <jwt>` in place of the pair. */
  jwt?: string
}

export interface VobizOptions extends SimulatorOptions<VobizQuirks> {
  credentials?: VobizCredentials
}

type VobizCall = Call<VobizQuirks>

export const defaultVobizCredentials: VobizCredentials = {
  authId: 'MA_SANDBOX1',
  authToken: 'vobiz-sandbox-token',
  jwt: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJNQV9TQU5EQk9YMSJ9.c2FuZGJveA',
}

const base = '/api/v1/messaging'

/** Vobiz: contacts by UUID, with tags for groups and a CSV import (facts 4). */
export function createVobizSimulator(options: VobizOptions = {}): Simulator<VobizQuirks, VobizContact> {
  const credentials = options.credentials ?? defaultVobizCredentials
  const contacts = createVobizContacts(credentials.authId)

  /** facts 4.3: newest first (ASSUME); past the last page an empty one. */
  const list = ({ query, quirks }: VobizCall): Answer => {
    const page = readRange(query.page, 1, Number.MAX_SAFE_INTEGER, quirks)
    const limit = readRange(query.limit, 25, 100, quirks)
    if (page === undefined || limit === undefined)
      return errorAnswer(400, vobizErrors.badRequest('page and limit must be numbers in range'), quirks)
    const found = contacts.find(readQuery(query, quirks))
    const total = found.length
    const items = found.slice((page - 1) * limit, page * limit).map((contact) => show(contact, quirks))
    if (quirks.listShape === 'old') return { status: 200, body: { data: items, meta: { total, page, limit } } }
    return { status: 200, body: { items, total, page, limit, has_more: page * limit < total } }
  }

  /** 201; a number that exists is 409 unless the quirk says that it is silently updated (facts 4.3 GAP). */
  const create = (call: VobizCall): Answer => {
    const input = readJsonObject(call.body, call.headers['content-type'])
    if (typeof input === 'string') return errorAnswer(400, vobizErrors.badRequest(input), call.quirks)
    const errors = checkNewContact(input)
    if (errors.length > 0) return invalid(errors, call.quirks)
    const phoneNumber = String(input.phone_number)
    const known = contacts.getByPhone(phoneNumber)
    if (known === undefined)
      return { status: 201, body: show(contacts.create(phoneNumber, pickFields(input)), call.quirks) }
    if (call.quirks.duplicateCreate === 'refused')
      return errorAnswer(409, vobizErrors.duplicate(phoneNumber), call.quirks)
    const updated = contacts.update(known, pickFields(input))
    return { status: call.quirks.duplicateCreate === 'updated-200' ? 200 : 201, body: show(updated, call.quirks) }
  }

  /** A partial PUT: what is not sent stays (facts 4.3 DOC). */
  const update = (call: VobizCall, contact: VobizContact): Answer => {
    const input = readJsonObject(call.body, call.headers['content-type'])
    if (typeof input === 'string') return errorAnswer(400, vobizErrors.badRequest(input), call.quirks)
    const errors = checkFields(input)
    if (errors.length > 0) return invalid(errors, call.quirks)
    const fields = pickFields(input)
    if (Object.keys(fields).length === 0)
      return call.quirks.emptyUpdate === 'accepted'
        ? { status: 200, body: show(contact, call.quirks) }
        : errorAnswer(400, vobizErrors.badRequest('Nothing to update'), call.quirks)
    return {
      status: 200,
      body: show(contacts.update(contact, mergeAttributes(contact, fields, call.quirks)), call.quirks),
    }
  }

  const remove = (_call: VobizCall, contact: VobizContact): Answer => {
    contacts.remove(contact)
    return { status: 204 }
  }

  const importFile = async ({ body, headers, quirks }: VobizCall): Promise<Answer> => {
    try {
      const file = await readFilePart(body, headers['content-type'])
      return { status: 200, body: importCsv(file, contacts, quirks) }
    } catch (error) {
      if (!(error instanceof ImportRefused)) throw error
      return errorAnswer(400, vobizErrors.badRequest(error.message), quirks)
    }
  }

  const withContact = (answer: (call: VobizCall, contact: VobizContact) => Answer) => (call: VobizCall) => {
    const contact = contacts.get(call.params.id ?? '')
    return contact === undefined ? errorAnswer(404, vobizErrors.contactNotFound, call.quirks) : answer(call, contact)
  }
  const get = (call: VobizCall, contact: VobizContact): Answer => ({ status: 200, body: show(contact, call.quirks) })

  return createSimulator(
    {
      basePath: base,
      quirks: vobizQuirks,
      routes: [
        { method: 'GET', path: `${base}/contacts`, answer: list },
        { method: 'POST', path: `${base}/contacts`, answer: create },
        { method: 'GET', path: `${base}/contacts/:id`, answer: withContact(get) },
        { method: 'PUT', path: `${base}/contacts/:id`, answer: withContact(update) },
        { method: 'DELETE', path: `${base}/contacts/:id`, answer: withContact(remove) },
        { method: 'POST', path: `${base}/contacts/import`, answer: importFile },
        {
          method: 'GET',
          path: '/api/v1/auth/me',
          answer: () => ({ status: 200, body: { auth_id: credentials.authId } }),
        },
      ],
      authorise: (call) => {
        const error = authorise(call, credentials)
        return error && errorAnswer(401, error, call.quirks)
      },
      notFound,
      refuse: (status, quirks) => errorAnswer(status, vobizErrorFor(status), quirks),
      contacts: contacts.all,
      counts: () => ({ total: contacts.size() }),
      clear: contacts.clear,
    },
    options,
  )
}

/** The header pair, or a JWT in place of it (facts 4.1 DOC). */
function authorise(
  { headers, quirks }: VobizCall,
  { authId, authToken, jwt }: VobizCredentials,
): VobizError | undefined {
  if (headers['x-auth-id'] === authId && headers['x-auth-token'] === authToken) return undefined
  if (jwt === undefined || headers.authorization !== `Bearer ${jwt}`) return vobizErrors.credentials
  return quirks.tokenExpired ? vobizErrors.tokenExpired : undefined
}

/** A path that differs from a documented one only in case is a 401 (facts 4.1 DOC), others are 404. */
function notFound({ path, quirks }: VobizCall): Answer {
  const isMisspelt = path.toLowerCase() !== path && /^\/api\/v1\/(messaging\/contacts(\/|$)|auth\/me$)/i.test(path)
  return isMisspelt ? errorAnswer(401, vobizErrors.credentials, quirks) : errorAnswer(404, vobizErrors.notFound, quirks)
}

function invalid(errors: Parameters<typeof vobizErrors.validation>[0], quirks: VobizQuirks): Answer {
  return errorAnswer(quirks.validationStatus, vobizErrors.validation(errors), quirks)
}

function mergeAttributes(contact: VobizContact, fields: VobizFields, { attributesUpdate }: VobizQuirks): VobizFields {
  if (attributesUpdate === 'replaced' || fields.custom_attributes === undefined) return fields
  return { ...fields, custom_attributes: { ...contact.custom_attributes, ...fields.custom_attributes } }
}

/** A number of at least 1 and at most `max`, or undefined when it is to be refused (facts 4.3 GAP). */
function readRange(value: unknown, preset: number, max: number, { outOfRange }: VobizQuirks): number | undefined {
  if (value === undefined) return preset
  if (typeof value !== 'string' || !/^-?\d{1,15}$/.test(value)) return undefined
  const clamped = Math.min(max, Math.max(1, Number(value)))
  return outOfRange === 'refused' && clamped !== Number(value) ? undefined : clamped
}

function readQuery({ search, tag }: VobizCall['query'], quirks: VobizQuirks): VobizQuery {
  return {
    ...(typeof search === 'string' && search !== '' && { search, exact: quirks.search === 'exact' }),
    ...(typeof tag === 'string' && tag !== '' && { tag }),
  }
}

/** facts 4.1 DOC: clients must ignore fields that they do not know. */
function show(contact: VobizContact, { extraFields }: VobizQuirks): object {
  return extraFields ? { ...contact, lifecycle_stage: 'lead', _links: { self: contact.id } } : contact
}
