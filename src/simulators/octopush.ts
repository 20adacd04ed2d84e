import type { Quirks } from './behaviour.ts'
import { isBlacklistedPhone, isRefusedEmail } from './magic-values.ts'
import type { Answer } from './misbehaviour.ts'
import {
  type Attachments,
  createOctopushAccount,
  type OctopushContact,
  type OctopushFields,
} from './octopush-account.ts'
import { errorAnswer, octopushErrors, octopushQuirks } from './octopush-errors.ts'
import { castArray, castBoolean, castName, castPhoneNumber, castText, isObject, readObject } from './octopush-input.ts'
import { type Call, createSimulator, type Simulator, type SimulatorOptions } from './simulator.ts'

export interface OctopushCredentials {
  apiLogin: string
  apiKey: string
}

export type OctopushQuirks = Quirks<typeof octopushQuirks>
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

/** facts 3.2 GAP for create (ASSUME the lowest published number), 3.3 DOC for delete. */
const maxContacts = 200
const maxListName = 30
const maxTagName = 20

/** Octopush: contacts by phone number, lists by name, no way to read either (facts 3). */
export function createOctopushSimulator(options: OctopushOptions = {}): Simulator<OctopushQuirks, OctopushContact> {
  const credentials = options.credentials ?? defaultOctopushCredentials
  const blacklist = new Set(options.blacklist)
  const account = createOctopushAccount(options.lists ?? [])

  /** `POST /contact/create` (facts 3.2). */
  const createContacts = (call: OctopushCall, input: Record<string, unknown>): Answer => {
    const contacts = castArray(input.contacts)
    if (contacts.length === 0) return errorAnswer(400, octopushErrors.recipientsMissing, call.quirks)
    if (contacts.length > maxContacts) return errorAnswer(400, octopushErrors.tooManyContacts, call.quirks)
    const to = readAttachments(input)
    const missing = to.lists.filter((name) => !account.hasList(name))
    if (missing.length > 0 && !call.quirks.createsMissingLists)
      return errorAnswer(400, octopushErrors.listUnknown, call.quirks)

    const valid = contacts
      .map((contact) => readContact(contact, call.quirks))
      .filter((contact) => contact !== undefined)
    if (valid.length === 0) return errorAnswer(400, octopushErrors.noCorrectNumber, call.quirks)
    for (const name of missing) account.createList(name)
    const dropsBlacklisted = wantsBlacklistedDropped(input, call.quirks)
    const overwrite = castBoolean(input.do_not_overwrite) === (call.quirks.doNotOverwrite === 'overwrites')
    const items = valid
      .filter(
        ({ phoneNumber }) => !(dropsBlacklisted && (blacklist.has(phoneNumber) || isBlacklistedPhone(phoneNumber))),
      )
      .map(({ phoneNumber, fields }) => ({
        phone_number: call.quirks.answersWithoutPlus ? phoneNumber.slice(1) : phoneNumber,
        email: fields.email ?? null,
        status: account.put(phoneNumber, fields, to, overwrite),
      }))
    return { status: 201, body: { items: call.quirks.reversesItems ? items.reverse() : items } }
  }

  /** `DELETE /contact/delete` with a body (facts 3.3). */
  const deleteContacts = (call: OctopushCall, input: Record<string, unknown>): Answer => {
    const phoneNumbers = castArray(input.phone_numbers)
    if (phoneNumbers.length === 0) return errorAnswer(400, octopushErrors.recipientsMissing, call.quirks)
    if (phoneNumbers.length > maxContacts) return errorAnswer(400, octopushErrors.tooManyContacts, call.quirks)
    const listName = castName(input.list_name, maxListName)
    if (listName !== undefined && !account.hasList(listName))
      return errorAnswer(400, octopushErrors.listUnknown, call.quirks)
    for (const phoneNumber of phoneNumbers.map(castPhoneNumber))
      if (phoneNumber !== undefined) account.remove(phoneNumber, listName)
    return { status: 204 }
  }

  /** `POST /contact-list/create`: 201, its body is not shown in the documents and empty here (facts 3.4). */
  const createList = (call: OctopushCall, input: Record<string, unknown>): Answer => {
    const name = castName(input.list_name, maxListName)
    if (name === undefined) return errorAnswer(400, octopushErrors.badRequest, call.quirks)
    if (account.hasList(name)) return errorAnswer(400, octopushErrors.listExists, call.quirks)
    account.createList(name)
    return { status: 201 }
  }

  /** `DELETE /contact-list/delete` and `POST /contact-list/empty` (facts 3.4; the status of the latter is a GAP). */
  const changeList = (change: (name: string, input: Record<string, unknown>) => void) => {
    return (call: OctopushCall, input: Record<string, unknown>): Answer => {
      const name = castName(input.list_name, maxListName)
      if (name === undefined) return errorAnswer(400, octopushErrors.badRequest, call.quirks)
      if (!account.hasList(name)) return errorAnswer(400, octopushErrors.listUnknown, call.quirks)
      change(name, input)
      return { status: 204 }
    }
  }
  const emptyList = (name: string, input: Record<string, unknown>) =>
    account.emptyList(name, castBoolean(input.delete_contacts))

  const base = '/v1/public'
  return createSimulator(
    {
      basePath: base,
      quirks: octopushQuirks,
      routes: [
        { method: 'POST', path: `${base}/contact/create`, answer: withObject(createContacts) },
        { method: 'DELETE', path: `${base}/contact/delete`, answer: withObject(deleteContacts) },
        { method: 'POST', path: `${base}/contact-list/create`, answer: withObject(createList) },
        { method: 'DELETE', path: `${base}/contact-list/delete`, answer: withObject(changeList(account.deleteList)) },
        { method: 'POST', path: `${base}/contact-list/empty`, answer: withObject(changeList(emptyList)) },
        { method: 'GET', path: `${base}/wallet/check-balance`, answer: checkBalance },
      ],
      authorise: (call) => authorise(call, credentials),
      notFound: (call) => errorAnswer(404, octopushErrors.unknownAction, call.quirks),
      refuse: (status, quirks) => errorAnswer(status, octopushErrors.forStatus(status), quirks),
      contacts: account.contacts,
      counts: account.counts,
      clear: account.clear,
    },
    options,
  )
}

/** Both headers are required on every call (facts 3.1 DOC); the codes are those of the legacy table (facts 3.7). */
function authorise({ headers, quirks }: OctopushCall, credentials: OctopushCredentials): Answer | undefined {
  const { 'api-login': login, 'api-key': key } = headers
  if (login === undefined || login === '') return errorAnswer(401, octopushErrors.loginMissing, quirks)
  if (key === undefined || key === '') return errorAnswer(401, octopushErrors.keyMissing, quirks)
  const isKnown = login === credentials.apiLogin && key === credentials.apiKey
  return isKnown ? undefined : errorAnswer(401, octopushErrors.wrongLogin, quirks)
}

function withObject(answer: (call: OctopushCall, input: Record<string, unknown>) => Answer) {
  return (call: OctopushCall): Answer => {
    const input = readObject(call.body)
    return input === undefined ? errorAnswer(400, octopushErrors.badRequest, call.quirks) : answer(call, input)
  }
}

/** `GET /wallet/check-balance`: the credential check without side effects (facts 3.1 DOC). */
function checkBalance({ query }: OctopushCall): Answer {
  const packs = query.with_details === '1' ? { wallet_packs: [] } : {}
  return { status: 200, body: { amount: 10, unit: 'EUR', ...packs } }
}

function readAttachments(input: Record<string, unknown>): Attachments {
  const names = (values: unknown[], maxLength: number) => [
    ...new Set(values.map((value) => castName(value, maxLength)).filter((name) => name !== undefined)),
  ]
  return {
    lists: names([input.list_name, ...castArray(input.list_names)], maxListName),
    tags: names([input.tag_name, ...castArray(input.tag_names)], maxTagName),
    unList: castBoolean(input.un_list),
    unTag: castBoolean(input.un_tag),
  }
}

const fieldNames = ['email', 'first_name', 'last_name', 'param1', 'param2', 'param3', 'param4', 'param5'] as const

/** Only the fields that were sent change an existing contact (GAP, ASSUME). Bad numbers are left out of the answer. */
function readContact(
  contact: unknown,
  { storesEmail }: OctopushQuirks,
): { phoneNumber: string; fields: OctopushFields } | undefined {
  if (!isObject(contact) || isRefusedEmail(contact.email)) return undefined
  const phoneNumber = castPhoneNumber(contact.phone_number)
  if (phoneNumber === undefined) return undefined
  const sent = fieldNames.filter((name) => contact[name] !== undefined && (name !== 'email' || storesEmail))
  return { phoneNumber, fields: Object.fromEntries(sent.map((name) => [name, castText(contact[name])])) }
}

/** facts 3.6 CONTRA-2: the flag has two names; unknown ones are ignored. */
function wantsBlacklistedDropped(input: Record<string, unknown>, { optOutFlag }: OctopushQuirks): boolean {
  return (['auto_remove_blacklisted_numbers', 'auto_delete_optout_contacts'] as const).some(
    (name) => (optOutFlag === 'either' || optOutFlag === name) && castBoolean(input[name]),
  )
}
