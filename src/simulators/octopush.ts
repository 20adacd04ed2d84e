import type { Answer } from './answer.ts'
import { createOctopushAccount, type OctopushContact } from './octopush-account.ts'
import { contactCreation } from './octopush-create.ts'
import { contactDeletion } from './octopush-delete.ts'
import { errorAnswer, errorInWords, type OctopushQuirks, octopushErrors, octopushQuirks } from './octopush-errors.ts'
import { octopushOperations } from './octopush-habits.ts'
import { castArray, castName, maxListName, readObject } from './octopush-input.ts'
import { listRoutes } from './octopush-lists.ts'
import { addStopRoute } from './octopush-stop.ts'
import type { Call } from './provider.ts'
import { createSimulator, type Simulator, type SimulatorOptions } from './simulator.ts'

export interface OctopushCredentials {
  apiLogin: string
  apiKey: string
}

type OctopushCall = Call<OctopushQuirks>

export interface OctopushOptions extends SimulatorOptions<OctopushQuirks> {
  credentials?: OctopushCredentials
  /** Names of lists that exist from the start; default none. */
  lists?: readonly string[]
  /** Blacklisted numbers besides the magic ending. */
  blacklist?: readonly string[]
}

export const defaultOctopushCredentials: OctopushCredentials = {
  apiLogin: 'sandbox@octopush.example',
  apiKey: 'octopush-sandbox-key',
}

/** Octopush: contacts by phone number, lists by name, no way to read either. */
export function createOctopushSimulator(options: OctopushOptions = {}): Simulator<OctopushQuirks, OctopushContact> {
  const credentials = options.credentials ?? defaultOctopushCredentials
  const blacklist = new Set(options.blacklist)
  const account = createOctopushAccount(options.lists ?? [])
  const lists = listRoutes(account)
  const base = '/v1/public'
  return createSimulator(
    {
      basePath: base,
      quirks: octopushQuirks,
      operations: octopushOperations,
      headers: ['api-login', 'api-key', 'Content-Type'],
      routes: [
        {
          operation: 'create',
          method: 'POST',
          path: `${base}/contact/create`,
          contactsIn: ({ body }) => castArray(readObject(body)?.contacts).length,
          answer: withObject(contactCreation(account, blacklist)),
        },
        {
          operation: ({ body }) => (namesList(body) ? 'remove-from-list' : 'delete'),
          method: 'DELETE',
          path: `${base}/contact/delete`,
          contactsIn: ({ body }) => castArray(readObject(body)?.phone_numbers).length,
          answer: withObject(contactDeletion(account)),
        },
        {
          operation: 'list-create',
          method: 'POST',
          path: `${base}/contact-list/create`,
          answer: withObject(lists.create),
        },
        {
          operation: 'list-delete',
          method: 'DELETE',
          path: `${base}/contact-list/delete`,
          answer: withObject(lists.remove),
        },
        {
          operation: 'list-empty',
          method: 'POST',
          path: `${base}/contact-list/empty`,
          answer: withObject(lists.empty),
        },
        { operation: 'balance', method: 'GET', path: `${base}/wallet/check-balance`, answer: checkBalance },
      ],
      authorise: (call) => authorise(call, credentials),
      notFound: (call) => errorAnswer(404, octopushErrors.unknownAction, call.quirks),
      refuse: (status, quirks, words) =>
        errorAnswer(status, words === undefined ? octopushErrors.forStatus(status) : errorInWords(words), quirks),
      contacts: account.contacts,
      counts: account.counts,
      control: (app) => addStopRoute(app, blacklist),
      clear: () => {
        account.clear()
        blacklist.clear()
        for (const number of options.blacklist ?? []) blacklist.add(number)
      },
    },
    options,
  )
}

/** Both headers are required on every call; the codes are those of the older API. */
function authorise({ headers, quirks }: OctopushCall, credentials: OctopushCredentials): Answer | undefined {
  const { 'api-login': login, 'api-key': key } = headers
  if (login === undefined || login === '') return errorAnswer(401, octopushErrors.loginMissing, quirks)
  if (key === undefined || key === '') return errorAnswer(401, octopushErrors.keyMissing, quirks)
  const isKnown = login === credentials.apiLogin && key === credentials.apiKey
  return isKnown ? undefined : errorAnswer(401, octopushErrors.wrongLogin, quirks)
}

/** Whether contacts are to be taken off a list alone. */
const namesList = (body: Buffer): boolean => castName(readObject(body)?.list_name, maxListName) !== undefined

function withObject(answer: (call: OctopushCall, input: Record<string, unknown>) => Answer | Promise<Answer>) {
  return (call: OctopushCall): Answer | Promise<Answer> => {
    const input = readObject(call.body)
    return input === undefined ? errorAnswer(400, octopushErrors.badRequest, call.quirks) : answer(call, input)
  }
}

/** `GET /wallet/check-balance`: the credential check without side effects. */
function checkBalance({ query }: OctopushCall): Answer {
  const packs = query.with_details === '1' ? { wallet_packs: [] } : {}
  return { status: 200, body: { amount: 10, unit: 'EUR', ...packs } }
}
