import type { Answer } from './answer.ts'
import { isBlacklistedPhone, isRefusedEmail } from './magic-values.ts'
import { pause } from './misbehaviour.ts'
import type { Attachments, OctopushAccount, OctopushFields } from './octopush-account.ts'
import { errorAnswer, type OctopushQuirks, octopushErrors } from './octopush-errors.ts'
import {
  castArray,
  castBoolean,
  castName,
  castPhoneNumber,
  castText,
  isObject,
  maxContacts,
  maxListName,
  maxTagName,
} from './octopush-input.ts'
import { type StoredItem, showItems } from './octopush-items.ts'
import type { Call } from './provider.ts'

type Input = Record<string, unknown>
type Sent = { phoneNumber: string; fields: OctopushFields }

/** `POST /contact/create` (docs/providers.md, "Octopush: adding contacts"). */
export function contactCreation(account: OctopushAccount, blacklist: ReadonlySet<string>) {
  /** The lists that an addition does not find, because they are not there or not there yet. */
  const missingOf = ({ lists }: Attachments, { listLagCalls, listLagMs }: OctopushQuirks) =>
    lists.filter((name) => !account.hasList(name, { calls: listLagCalls, milliseconds: listLagMs }))

  const put = ({ phoneNumber, fields }: Sent, to: Attachments, overwrite: boolean, quirks: OctopushQuirks) => {
    if (account.has(phoneNumber) && quirks.existing !== 'by-flag') return keptAs[quirks.existing]
    return account.put(phoneNumber, fields, to, { overwrite, attachSkipped: quirks.skippedJoinsList })
  }

  return async ({ quirks }: Call<OctopushQuirks>, input: Input): Promise<Answer> => {
    const contacts = castArray(input.contacts)
    if (contacts.length === 0) return errorAnswer(400, octopushErrors.recipientsMissing, quirks)
    if (contacts.length > maxContacts) return errorAnswer(400, octopushErrors.tooManyContacts, quirks)
    if (isRefusedForm(input, contacts, quirks)) return errorAnswer(400, octopushErrors.callRefused, quirks)
    const asked = readAttachments(input, quirks)
    const missing = missingOf(asked, quirks)
    if (missing.length > 0 && !quirks.createsMissingLists && quirks.missingList === 'refused')
      return errorAnswer(400, octopushErrors.listUnknown, quirks)

    const valid = contacts.map((contact) => readContact(contact, quirks)).filter((contact) => contact !== undefined)
    if (valid.length === 0) return errorAnswer(400, octopushErrors.noCorrectNumber, quirks)
    if (quirks.createsMissingLists) for (const name of missing) account.createList(name)
    const dropsBlacklisted = wantsBlacklistedDropped(input, quirks)
    const overwrite = castBoolean(input.do_not_overwrite) === (quirks.doNotOverwrite === 'overwrites')
    const kept = valid.filter(
      ({ phoneNumber }) => !(dropsBlacklisted && (blacklist.has(phoneNumber) || isBlacklistedPhone(phoneNumber))),
    )
    if (quirks.writeDelayMs > 0) await writeSlowly(account, kept, quirks.writeDelayMs)
    const lists = quirks.createsMissingLists ? asked.lists : asked.lists.filter((name) => !missing.includes(name))
    const to = { ...asked, lists }
    const items = kept.map((sent): StoredItem => {
      const status = quirks.stores === 'nothing' ? 'added' : put(sent, to, overwrite, quirks)
      return { phoneNumber: sent.phoneNumber, email: sent.fields.email ?? null, status }
    })
    return { status: 201, body: showItems(items, quirks) }
  }
}

/** What is said of a contact that stays as it is. */
const keptAs = {
  skipped: 'skipped',
  invalid: 'invalid',
  error: 'error',
  'kept-as-updated': 'updated',
  'kept-as-added': 'added',
} as const

/** Reads what there is, and after a while puts it back as it was read: what others wrote in between is lost. */
async function writeSlowly(account: OctopushAccount, sent: Sent[], milliseconds: number): Promise<void> {
  const putBack = account.snapshot(sent.map(({ phoneNumber }) => phoneNumber))
  await pause(milliseconds)
  putBack()
}

function isRefusedForm(
  input: Input,
  contacts: unknown[],
  { severalTags, severalLists, email }: OctopushQuirks,
): boolean {
  if (severalTags === 'refused' && input.tag_names !== undefined) return true
  if (severalLists === 'refused' && input.list_names !== undefined) return true
  return email === 'call-refused' && contacts.some((contact) => isObject(contact) && contact.email !== undefined)
}

function readAttachments(input: Input, { severalTags, severalLists, stores }: OctopushQuirks): Attachments {
  const names = (values: unknown[], maxLength: number) => [
    ...new Set(values.map((value) => castName(value, maxLength)).filter((name) => name !== undefined)),
  ]
  const several = (value: unknown, use: OctopushQuirks['severalTags']) =>
    castArray(value).slice(0, use === 'none' ? 0 : use === 'first' ? 1 : undefined)
  const lists = [input.list_name, ...several(input.list_names, severalLists)]
  const tags = [input.tag_name, ...several(input.tag_names, severalTags)]
  return {
    lists: stores === 'without-lists' ? [] : names(lists, maxListName),
    tags: stores === 'without-tags' ? [] : names(tags, maxTagName),
    unList: castBoolean(input.un_list),
    unTag: castBoolean(input.un_tag),
  }
}

const nameFields = ['first_name', 'last_name'] as const
const fieldNames = ['email', ...nameFields, 'param1', 'param2', 'param3', 'param4', 'param5'] as const

/** Only the fields that were sent change an existing contact (assumed). Bad numbers are left out of the answer. */
function readContact(contact: unknown, { storesEmail, email, stores }: OctopushQuirks): Sent | undefined {
  if (!isObject(contact) || isRefusedEmail(contact.email)) return undefined
  if (email === 'contact-left-out' && contact.email !== undefined) return undefined
  const phoneNumber = castPhoneNumber(contact.phone_number)
  if (phoneNumber === undefined) return undefined
  const sent = fieldNames.filter((name) => contact[name] !== undefined && (name !== 'email' || storesEmail))
  const kept = stores === 'without-names' ? sent.filter((name) => !nameFields.includes(name as never)) : sent
  return {
    phoneNumber: stores === 'other-number' ? phoneNumber.slice(0, -1) : phoneNumber,
    fields: Object.fromEntries(kept.map((name) => [name, castText(contact[name])])),
  }
}

/** The flag has two names (docs/providers.md, "Octopush: the opt-out flag"); unknown ones are ignored. */
function wantsBlacklistedDropped(input: Input, { optOutFlag }: OctopushQuirks): boolean {
  return (['auto_remove_blacklisted_numbers', 'auto_delete_optout_contacts'] as const).some(
    (name) => (optOutFlag === 'either' || optOutFlag === name) && castBoolean(input[name]),
  )
}
