import type { AttributeValue, Contact, ContactDraft } from './contact.ts'
import type { OutcomeError, Warning } from './outcome.ts'
import { parseContact } from './parse-contact.ts'

/** A change of a contact as a caller writes it: what is absent stays, `null` clears. */
export type ContactPatch = {
  readonly [Field in PatchField]?: Exclude<ContactDraft[Field], undefined> | null
}
export type PatchField = Exclude<keyof ContactDraft, 'ref'>

/**
 * A patch that was read. `values` holds what it sets (and nothing else), `given` the fields that it is about, `cleared`
 * those of them that it empties; `null` among the attributes clears that one.
 */
export type ReadPatch = {
  readonly values: Contact
  readonly given: ReadonlySet<PatchField>
  readonly cleared: ReadonlySet<PatchField>
  readonly warnings: readonly Warning[]
  readonly error: OutcomeError | undefined
}

/** Reads a patch: its values are checked and tidied as those of a new contact. */
export function readPatch(patch: ContactPatch, defaultCountry?: string): ReadPatch {
  const entries = Object.entries(patch) as [PatchField, ContactPatch[PatchField]][]
  const given = entries.filter(([, value]) => value !== undefined)
  const draft: ContactDraft = Object.fromEntries(given.filter(([, value]) => value !== null))
  const { contact, warnings, error } = parseContact(draft, defaultCountry)
  return {
    values: { ...contact, attributes: withBlanksAsNull(draft.attributes, contact.attributes) },
    given: new Set(given.map(([field]) => field)),
    cleared: new Set(
      given.filter(([field, value]) => value === null || isBlank(field, contact)).map(([field]) => field),
    ),
    warnings,
    // A patch is of a contact that has its number or address already.
    error: error?.code === 'identifier_required' ? undefined : error,
  }
}

/** An attribute with nothing to see in it is absent in a contact; in a patch it is what clears the one that is there. */
function withBlanksAsNull(
  given: ContactDraft['attributes'],
  read: Contact['attributes'],
): Readonly<Record<string, AttributeValue>> {
  if (given === undefined || given === read) return read
  return Object.fromEntries(
    Object.keys(given).map((name) => [name, Object.hasOwn(read, name) ? (read[name] ?? null) : null]),
  )
}

/** A name with nothing to see in it is none, and an empty list of tags is one without any. */
function isBlank(field: PatchField, contact: Contact): boolean {
  if (field === 'tags') return contact.tags.length === 0
  return field !== 'attributes' && contact[field] === undefined
}

/**
 * The contact with the patch applied. Tags are replaced, attributes merged; attributes that are cleared are gone. A
 * display name takes the place of its parts and parts that of a display name, so that the two never contradict.
 */
export function applyPatch(contact: Contact, { values, given, cleared }: ReadPatch): Contact {
  const set = <Field extends PatchField>(field: Field): Contact[Field] =>
    given.has(field) ? values[field] : contact[field]
  const attributes = cleared.has('attributes') ? {} : { ...contact.attributes, ...values.attributes }
  const parts = given.has('firstName') || given.has('lastName')
  return {
    ref: undefined,
    name: parts && !given.has('name') ? undefined : set('name'),
    firstName: given.has('name') && !parts ? undefined : set('firstName'),
    lastName: given.has('name') && !parts ? undefined : set('lastName'),
    email: set('email'),
    phone: set('phone'),
    whatsapp: set('whatsapp'),
    tags: set('tags'),
    attributes: withoutNulls(attributes),
  }
}

function withoutNulls(attributes: Contact['attributes']): Readonly<Record<string, AttributeValue>> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null))
}
