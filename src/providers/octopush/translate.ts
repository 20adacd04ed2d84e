import type { Contact } from '../../domain/contact.ts'
import type { BatchInput, ContactInput } from '../adapter-port.ts'
import type { CreateBody, OctopushContact, OptOutFlag, ParamName } from './wire.ts'

/** Which canonical attribute goes into which param. */
export type AttributeMap = Readonly<Record<string, ParamName>>
export type OctopushTarget = { readonly list: string; readonly attributes?: AttributeMap }
export type OctopushSettings = {
  readonly optOutFlag: OptOutFlag | 'both' | 'none'
  /** Whether e-mails are sent, which are documented in the answer only. */
  readonly sendEmail: boolean
  /** How several tags go: `tag_names` is documented in one place only. */
  readonly manyTags: 'together' | 'one call each'
}
export type Batch = Omit<BatchInput<OctopushSettings, OctopushTarget>, 'target'> & { readonly target?: OctopushTarget }

/** One contact as a batch, which is how Octopush takes it. */
export function batchOfOne(
  input: ContactInput<OctopushSettings, OctopushTarget> & Partial<Pick<Batch, 'onConflict'>>,
): Batch {
  const { contact, target, settings, onConflict = 'update' } = input
  return { contacts: [contact], settings, onConflict, ...(target !== undefined && { target }) }
}

/** A batch as one body. All its contacts have the same tags (`tagSet`), of which it may carry the first alone. */
export function toCreateBody({ contacts, target, onConflict, settings }: Batch): CreateBody {
  const all = contacts[0]?.tags ?? []
  const tags = settings.manyTags === 'one call each' ? all.slice(0, 1) : all
  return {
    contacts: contacts.map((contact) => toOctopushContact(contact, target?.attributes, settings.sendEmail)),
    ...(target !== undefined && { list_name: target.list }),
    ...(tags.length === 1 && { tag_name: tags[0] as string }),
    ...(tags.length > 1 && { tag_names: tags }),
    ...(onConflict === 'skip' && { do_not_overwrite: true }),
    ...optOutFlags(settings.optOutFlag),
  }
}

/** The same for two contacts exactly when they have the same tags: tags belong to the call, not to its contacts. */
export function tagSet(contact: Contact): string {
  return contact.tags.length === 0 ? '' : JSON.stringify(contact.tags.toSorted())
}

/** A canonical contact in Octopush's form. A name that came without its parts goes whole into `first_name`. */
export function toOctopushContact(contact: Contact, map: AttributeMap = {}, sendEmail: boolean): OctopushContact {
  const { firstName, lastName, name, phone, email } = contact
  const first = firstName === undefined && lastName === undefined ? name : firstName
  const sent: OctopushContact = {}
  if (phone !== undefined) sent.phone_number = phone
  if (first !== undefined) sent.first_name = first
  if (lastName !== undefined) sent.last_name = lastName
  if (email !== undefined && sendEmail !== false) sent.email = email
  addParams(sent, contact, map)
  return sent
}

/** `null` is a documented value of a param, and clears it; all other values are strings there. */
function addParams(sent: OctopushContact, { attributes }: Contact, map: AttributeMap): void {
  for (const attribute in map) {
    const value = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined
    if (value !== undefined) sent[map[attribute] as ParamName] = value === null ? null : String(value)
  }
}

function optOutFlags(flag: OctopushSettings['optOutFlag']): Partial<Record<OptOutFlag, true>> {
  if (flag === 'none') return {}
  if (flag === 'both') return { auto_remove_blacklisted_numbers: true, auto_delete_optout_contacts: true }
  return { [flag]: true }
}
