import type { Contact } from '../../domain/contact.ts'
import type { OutcomeStatus, Warning } from '../../domain/outcome.ts'
import type { BatchInput, ContactInput, ItemResult } from '../port.ts'
import type { NoteDrift } from '../reading/drift.ts'
import {
  type CreateBody,
  type OctopushContact,
  type OptOutFlag,
  type ParamName,
  readCreateAnswer,
  readItem,
} from './wire.ts'

/** Which canonical attribute goes into which param. */
export type AttributeMap = Readonly<Record<string, ParamName>>
export type OctopushTarget = { readonly list: string; readonly attributes?: AttributeMap }
export type OctopushSettings = { readonly optOutFlag: OptOutFlag | 'both' | 'none' }
type Batch = Omit<BatchInput<OctopushSettings, OctopushTarget>, 'target'> & { readonly target?: OctopushTarget }

/** One contact as the batch that it is there. */
export function batchOfOne(
  input: ContactInput<OctopushSettings, OctopushTarget> & Partial<Pick<Batch, 'onConflict'>>,
): Batch {
  const { contact, target, settings, onConflict = 'update' } = input
  return { contacts: [contact], settings, onConflict, ...(target !== undefined && { target }) }
}

/** A batch as one body. All its contacts have the same tags (`tagSet`). */
export function toCreateBody({ contacts, target, onConflict, settings }: Batch): CreateBody {
  const tags = contacts[0]?.tags ?? []
  return {
    contacts: contacts.map((contact) => toOctopushContact(contact, target?.attributes)),
    ...(target !== undefined && { list_name: target.list }),
    ...(tags.length === 1 && { tag_name: tags[0] as string }),
    ...(tags.length > 1 && { tag_names: tags }),
    ...(onConflict === 'skip' && { do_not_overwrite: true }),
    ...optOutFlags(settings.optOutFlag),
  }
}

/** The same for two contacts exactly when they have the same tags: tags belong to the call, not to its contacts. */
export function tagSet(contact: Contact): string {
  return JSON.stringify(contact.tags.toSorted())
}

/** A canonical contact in Octopush's form. A name that came without its parts goes whole into `first_name`. */
export function toOctopushContact(contact: Contact, map: AttributeMap = {}): OctopushContact {
  const { firstName, lastName, name, phone, email } = contact
  const first = firstName === undefined && lastName === undefined ? name : firstName
  return {
    ...(phone !== undefined && { phone_number: phone }),
    ...(first !== undefined && { first_name: first }),
    ...(lastName !== undefined && { last_name: lastName }),
    ...(email !== undefined && { email }),
    ...toParams(contact, map),
  }
}

/** `null` is a documented value of a param, and clears it; all other values are strings there. */
function toParams({ attributes }: Contact, map: AttributeMap): Partial<Record<ParamName, string | null>> {
  const params: Partial<Record<ParamName, string | null>> = {}
  for (const [attribute, param] of Object.entries(map)) {
    const value = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined
    if (value !== undefined) params[param] = value === null ? null : String(value)
  }
  return params
}

function optOutFlags(flag: OctopushSettings['optOutFlag']): Partial<Record<OptOutFlag, true>> {
  if (flag === 'none') return {}
  if (flag === 'both') return { auto_remove_blacklisted_numbers: true, auto_delete_optout_contacts: true }
  return { [flag]: true }
}

/**
 * What a success says of each contact, matched by its number and never by position; `undefined` when the body is not
 * of the documented form.
 */
export function readItems(body: unknown, batch: Batch, drift?: NoteDrift): readonly ItemResult[] | undefined {
  const answer = readCreateAnswer(body, drift)
  if (answer === undefined) return undefined
  const wordOf = new Map<string, string>()
  let nameless = 0
  for (const raw of answer.items) {
    const item = readItem(raw)
    const number = item === undefined ? '' : digitsOf(String(item.phone_number))
    if (number === '') nameless++
    else if (!wordOf.has(number)) wordOf.set(number, String(item?.status).toLowerCase())
  }
  return batch.contacts.map((contact) => {
    const word = wordOf.get(digitsOf(contact.phone ?? ''))
    if (word !== undefined) return fromWord(word, contact, batch)
    return nameless === 0 ? leftOut : untold
  })
}

/** Digits with the country code, however the number is written (`+33…`, `0033…`, `33 …`). */
function digitsOf(number: string): string {
  return number.replace(/\D/g, '').replace(/^00/, '')
}

const statusOfWord: ReadonlyMap<string, OutcomeStatus> = new Map([
  ['added', 'created'],
  ['updated', 'updated'],
  ['skipped', 'skipped'],
])

function fromWord(word: string, contact: Contact, { onConflict }: Batch): ItemResult {
  const status = statusOfWord.get(word) ?? 'accepted'
  const key = contact.phone as string
  return status === 'updated' && onConflict === 'skip' ? { status, key, warnings: [overwritten] } : { status, key }
}

const overwritten: Warning = {
  code: 'policy_not_enforced',
  pointer: '',
  detail: 'Octopush was asked to leave an existing contact as it is, and says that it updated it.',
}

/** A number that Octopush drops is absent from its answer (facts 3.2). */
const leftOut: ItemResult = {
  status: 'rejected',
  error: {
    code: 'blacklisted',
    pointer: '/phone',
    detail:
      'Octopush left this number out: the person has opted out there, or Octopush does not serve the number. Have the ' +
      "number taken off the account's blacklist at Octopush, or leave this contact out.",
    retriable: false,
  },
}

/** Absence proves nothing when the answer holds an item that names nobody. The call may be repeated. */
const untold: ItemResult = {
  status: 'unknown',
  error: {
    code: 'provider_unreadable',
    detail: 'Octopush answered for a contact without its number; this one may have been applied. Send it again.',
    retriable: true,
  },
}
