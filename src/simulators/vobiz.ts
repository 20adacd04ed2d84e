import type { Answer } from './answer.ts'
import { answerInsteadOfDeleting } from './deletions.ts'
import type { Call } from './provider.ts'
import { createSimulator, type Simulator, type SimulatorOptions } from './simulator.ts'
import { createVobizContacts, type VobizContact } from './vobiz-contacts.ts'
import {
  errorAnswer,
  type VobizError,
  type VobizQuirks,
  vobizErrorFor,
  vobizErrors,
  vobizQuirks,
} from './vobiz-errors.ts'
import { vobizOperations } from './vobiz-habits.ts'
import { countRows, ImportRefused, importCsv, readFilePart } from './vobiz-import.ts'
import { showImport } from './vobiz-import-answer.ts'
import { contactList } from './vobiz-list.ts'
import { answerNotThere } from './vobiz-not-there.ts'
import { createVobizSearch } from './vobiz-search.ts'
import { showContact } from './vobiz-show.ts'
import { contactCreation, contactUpdate } from './vobiz-writes.ts'

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

/** Vobiz: contacts by UUID, with tags for groups and a CSV import. */
export function createVobizSimulator(options: VobizOptions = {}): Simulator<VobizQuirks, VobizContact> {
  const credentials = options.credentials ?? defaultVobizCredentials
  const contacts = createVobizContacts(credentials.authId)

  const search = createVobizSearch(contacts)

  const remove = ({ quirks }: VobizCall, contact: VobizContact): Answer => {
    const isDone = quirks.deletion === 'happens'
    if (isDone) contacts.remove(contact)
    return answerInsteadOfDeleting(quirks.deletion) ?? { status: 204, applied: isDone }
  }

  const importFile = async ({ body, headers, quirks }: VobizCall): Promise<Answer> => {
    try {
      const file = await readFilePart(body, headers['content-type'])
      return showImport(importCsv(file, contacts, quirks, search.born), quirks)
    } catch (error) {
      if (!(error instanceof ImportRefused)) throw error
      return errorAnswer(400, vobizErrors.badRequest(error.message), quirks)
    }
  }

  const withContact =
    (answer: (call: VobizCall, contact: VobizContact) => Answer | Promise<Answer>) => (call: VobizCall) => {
      const contact = contacts.get(call.params.id ?? '')
      return contact === undefined ? answerNotThere(call.quirks) : answer(call, contact)
    }
  const get = ({ quirks }: VobizCall, contact: VobizContact): Answer => ({
    status: 200,
    body: showContact(contact, quirks),
  })
  const me = (): Answer => ({ status: 200, body: { auth_id: credentials.authId } })

  return createSimulator(
    {
      basePath: base,
      quirks: vobizQuirks,
      operations: vobizOperations,
      headers: ['X-Auth-ID', 'X-Auth-Token', 'Authorization', 'Content-Type'],
      routes: [
        {
          operation: ({ query }) => (query.search === undefined ? 'list' : 'search'),
          method: 'GET',
          path: `${base}/contacts`,
          answer: contactList(search),
        },
        {
          operation: 'create',
          method: 'POST',
          path: `${base}/contacts`,
          answer: contactCreation(contacts, search.born),
        },
        { operation: 'get', method: 'GET', path: `${base}/contacts/:id`, answer: withContact(get) },
        {
          operation: 'update',
          method: 'PUT',
          path: `${base}/contacts/:id`,
          answer: withContact(contactUpdate(contacts)),
        },
        { operation: 'delete', method: 'DELETE', path: `${base}/contacts/:id`, answer: withContact(remove) },
        {
          operation: 'import',
          method: 'POST',
          path: `${base}/contacts/import`,
          contactsIn: ({ body }) => countRows(body),
          answer: importFile,
        },
        { operation: 'account', method: 'GET', path: '/api/v1/auth/me', answer: me },
      ],
      authorise: (call) => {
        const error = authorise(call, credentials)
        return error && errorAnswer(401, error, call.quirks)
      },
      notFound,
      refuse: (status, quirks, words) => errorAnswer(status, words ?? vobizErrorFor(status), quirks),
      contacts: contacts.all,
      counts: () => ({ total: contacts.size() }),
      clear() {
        contacts.clear()
        search.clear()
      },
    },
    options,
  )
}

/** The header pair, or a JWT in its place (docs/providers.md, "Vobiz: calls and credentials"). */
function authorise(
  { headers, quirks }: VobizCall,
  { authId, authToken, jwt }: VobizCredentials,
): VobizError | undefined {
  if (headers['x-auth-id'] === authId && headers['x-auth-token'] === authToken) return undefined
  if (jwt === undefined || headers.authorization !== `Bearer ${jwt}`) return vobizErrors.credentials
  return quirks.tokenExpired ? vobizErrors.tokenExpired : undefined
}

/** A path that differs from a documented one only in case is a 401, as is documented; others are 404. */
function notFound({ path, quirks }: VobizCall): Answer {
  const isMisspelt = path.toLowerCase() !== path && /^\/api\/v1\/(messaging\/contacts(\/|$)|auth\/me$)/i.test(path)
  return isMisspelt ? errorAnswer(401, vobizErrors.credentials, quirks) : errorAnswer(404, vobizErrors.notFound, quirks)
}
