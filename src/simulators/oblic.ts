import type { Answer } from './answer.ts'
import { isRefusedEmail } from './magic-values.ts'
import { pause } from './misbehaviour.ts'
import { oblicHabits, oblicOperations } from './oblic-habits.ts'
import type { Call } from './provider.ts'
import type { Quirks } from './quirk-table.ts'
import { createSimulator, type Simulator, type SimulatorOptions } from './simulator.ts'

export interface OblicCredentials {
  apiKey: string
}

/**
 * What is not documented, or said in two ways (the first value is the default), and the habits. What is known stands in
 * docs/providers.md, from "Oblic: calls and credentials" on.
 */
export const oblicQuirks = {
  ...oblicHabits,
  /** Not documented: true = a bad contact refuses the whole batch; false = the good ones before it are stored. */
  atomic: [true, false],
  /** RESOURCE_NOT_FOUND is tied to no status; 404 is assumed. */
  unknownListStatus: [404, 400],
  /** What a caller whose address is not listed receives is not documented; 403 or 401 is assumed. */
  ipNotWhitelisted: [false, 403, 401],
  /** What becomes of unknown members is not documented; a correct client sends none. */
  unknownMembers: ['refused', 'ignored'],
} as const
export type OblicQuirks = Quirks<typeof oblicQuirks>

export interface OblicOptions extends SimulatorOptions<OblicQuirks> {
  credentials?: OblicCredentials
  /** Ids of lists besides the documented sample; lists are made in Oblic's dashboard, not by a call. */
  lists?: readonly string[]
}

/** A contact as held in a list; `sends` counts how often it was stored, to prove that none was sent twice. */
export interface OblicContact {
  listId: string
  name: string
  email: string
  phone?: string
  whatsApp?: string
  sends: number
}

export const defaultOblicCredentials: OblicCredentials = { apiKey: 'oblic-sandbox-key' }
/** The list id of the documentation's own example. */
export const sampleOblicList = 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7'

type SentContact = Omit<OblicContact, 'listId' | 'sends'>
type OblicError = { cd: string; message: string }

/** `status` of the refusals; `cd` names marked (invented) are in no document. */
const errors = {
  invalidEmail: { cd: 'INVALID_EMAIL', message: 'Invalid email address provided' },
  notAuthenticated: { cd: 'NOT_AUTHENTICATED', message: 'User not found' },
  notFound: { cd: 'RESOURCE_NOT_FOUND', message: 'Contact list not found' },
  /** (invented) */
  notWhitelisted: { cd: 'IP_NOT_WHITELISTED', message: 'This IP address is not whitelisted' },
  /** (invented) */
  exists: { cd: 'CONTACT_EXISTS', message: 'The contact is already in this list' },
  /** (invented) */
  tooMany: { cd: 'TOO_MANY_REQUESTS', message: 'Too many requests' },
  /** (invented) */
  internal: { cd: 'INTERNAL_ERROR', message: 'Something went wrong' },
} as const satisfies Record<string, OblicError>

/** Oblic: one documented call, `POST /external/contact-list/v1/{listId}/add`. */
export function createOblicSimulator(options: OblicOptions = {}): Simulator<OblicQuirks, OblicContact> {
  const credentials = options.credentials ?? defaultOblicCredentials
  const lists = new Map<string, Map<string, OblicContact>>()
  let sends = 0
  const clear = () => {
    sends = 0
    lists.clear()
    for (const listId of [sampleOblicList, ...(options.lists ?? [])]) lists.set(listId, new Map())
  }
  clear()

  /** Upsert by e-mail inside a list (assumed). */
  const store = (listId: string, list: Map<string, OblicContact>, contact: SentContact, { existing }: OblicQuirks) => {
    const key = contact.email.toLowerCase()
    const known = list.get(key)
    if (known !== undefined && existing === 'kept') return
    list.set(key, { listId, ...contact, sends: (known?.sends ?? 0) + 1 })
    sends += 1
  }

  const add = async (call: Call<OblicQuirks>): Promise<Answer> => {
    const { quirks } = call
    if (!/^application\/json\b/i.test(call.headers['content-type'] ?? ''))
      return refusal(400, invalidRequest('Content-Type must be application/json'))
    const listId = call.params.listId ?? ''
    const list = lists.get(listId)
    if (list === undefined) return refusal(quirks.unknownListStatus, errors.notFound)
    const contacts = readContacts(call.body)
    if (contacts === undefined) return refusal(400, invalidRequest('The body must be an array of contacts'))

    const checks = contacts.map((contact) => ({ contact, error: checkContact(contact, quirks) }))
    const good = storedOf(checks, quirks).map(({ contact }) => contact as SentContact)
    if (quirks.existing.startsWith('conflict') && good.some(({ email }) => list.has(email.toLowerCase())))
      return refusal(quirks.existing === 'conflict-409' ? 409 : 400, errors.exists)
    if (quirks.writeDelayMs > 0) await pause(quirks.writeDelayMs)
    for (const contact of good) store(listId, list, contact, quirks)
    const found = checks.map(({ error }) => error).filter((error) => error !== undefined)
    return answerTo(found, good.length > 0, quirks)
  }

  return createSimulator(
    {
      basePath: '',
      quirks: oblicQuirks,
      operations: oblicOperations,
      headers: ['Authorization', 'Content-Type'],
      routes: [
        {
          operation: 'add',
          method: 'POST',
          path: '/external/contact-list/v1/:listId/add',
          contactsIn: ({ body }) => readContacts(body)?.length ?? 0,
          answer: add,
        },
      ],
      authorise(call) {
        if (call.quirks.ipNotWhitelisted !== false) return refusal(call.quirks.ipNotWhitelisted, errors.notWhitelisted)
        const isKnown = call.headers.authorization === `Bearer ${credentials.apiKey}`
        return isKnown ? undefined : refusal(401, errors.notAuthenticated)
      },
      notFound: () => refusal(404, { cd: 'RESOURCE_NOT_FOUND', message: 'Resource not found' }),
      refuse: (status, _quirks, words) =>
        refusal(status, words === undefined ? errorFor(status) : { cd: words.code, message: words.message }),
      contacts: () => lists.values().flatMap((list) => list.values()),
      counts: () => ({ total: lists.values().reduce((sum, list) => sum + list.size, 0), sends }),
      clear,
    },
    options,
  )
}

type Checked = { contact: unknown; error: OblicError | undefined }

/** The contacts that are stored: all of a good batch, and of one with bad contacts what the quirks say. */
function storedOf(checks: Checked[], { atomic, badContact }: OblicQuirks): Checked[] {
  const good = checks.filter(({ error }) => error === undefined)
  if (good.length === checks.length || badContact !== 'refused') return good
  return atomic
    ? []
    : checks.slice(
        0,
        checks.findIndex(({ error }) => error !== undefined),
      )
}

function answerTo(found: OblicError[], applied: boolean, { badContact, invalidEmailStatus }: OblicQuirks): Answer {
  const success = { status: 'success', data: null, errors: null }
  if (found.length === 0 || badContact === 'dropped') return { status: 200, body: success }
  if (badContact === 'success-with-errors') return { status: 200, body: { ...success, errors: found } }
  return { ...refusal(found[0] === errors.invalidEmail ? invalidEmailStatus : 400, ...found), applied }
}

/** The documented envelope of errors (docs/providers.md, "Oblic: errors"). */
function refusal(status: number, ...found: OblicError[]): Answer {
  return { status, body: { status: 'error', data: null, errors: found }, applied: false }
}

const invalidRequest = (message: string): OblicError => ({ cd: 'INVALID_REQUEST', message })

function errorFor(status: number): OblicError {
  if (status === 401) return errors.notAuthenticated
  if (status === 403) return errors.notWhitelisted
  if (status === 404) return errors.notFound
  if (status === 429) return errors.tooMany
  return status >= 500 ? errors.internal : invalidRequest('Invalid request')
}

/** A bare array with one contact or more. That an empty one is refused is assumed. */
function readContacts(body: Buffer): unknown[] | undefined {
  try {
    const contacts: unknown = JSON.parse(body.toString('utf8'))
    return Array.isArray(contacts) && contacts.length > 0 ? contacts : undefined
  } catch {
    return undefined
  }
}

const knownMembers = new Set(['name', 'email', 'phone', 'whatsApp'])
const emailForm = /^[^\s@,<>"]+@[^\s@.,<>"]+(\.[^\s@.,<>"]+)+$/

/** The e-mail is required and well-formed; that the name is required is assumed; numbers are digits without `+`. */
function checkContact(contact: unknown, quirks: OblicQuirks): OblicError | undefined {
  if (typeof contact !== 'object' || contact === null || Array.isArray(contact))
    return invalidRequest('Each contact must be an object')
  const { name, email, phone, whatsApp } = contact as Record<string, unknown>
  if (typeof email !== 'string' || !emailForm.test(email) || isRefusedEmail(email)) return errors.invalidEmail
  if (typeof name !== 'string' || name.trim() === '') return invalidRequest('name is required')
  for (const number of [phone, whatsApp])
    if (number !== undefined && (typeof number !== 'string' || !/^\d{6,16}$/.test(number)))
      return invalidRequest('Phone numbers are digits with the country code and without +')
  const unknown = Object.keys(contact).find((member) => !knownMembers.has(member))
  if (unknown !== undefined && quirks.unknownMembers === 'refused') return invalidRequest(`Unknown field ${unknown}`)
  return undefined
}
