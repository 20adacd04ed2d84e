import type { Contact, StoredContact } from '../../domain/contact.ts'
import type { PatchField, ReadPatch } from '../../domain/contact-patch.ts'
import type { OutcomeError, Warning } from '../../domain/outcome.ts'
import { isSameText } from '../../domain/same-text.ts'
import type { Adapter } from '../../providers/adapter-port.ts'
import { checkFields } from '../../providers/check-fields.ts'
import { type FieldRules, isFixed } from '../../providers/fields.ts'

/** Why a patch is not acceptable at a provider; only what the patch touches counts. */
export function refusalOfPatch(
  patch: ReadPatch,
  before: StoredContact,
  merged: Contact,
  { title }: Adapter,
  fields: FieldRules,
): OutcomeError | undefined {
  const own = changedNumber(patch, before, fields, title) ?? partAlone(patch, before, fields, title)
  if (own !== undefined) return own
  const { error } = checkFields(fields, merged, title)
  return error !== undefined && touches(patch, error.pointer ?? '') ? error : undefined
}

const nameFields = ['name', 'firstName', 'lastName'] as const

function touches({ given }: ReadPatch, pointer: string): boolean {
  const field = pointer.split('/')[1] as PatchField
  return (nameFields as readonly string[]).includes(field)
    ? nameFields.some((name) => given.has(name))
    : given.has(field)
}

function changedNumber(
  { given, values }: ReadPatch,
  { phone }: StoredContact,
  fields: FieldRules,
  title: string,
): OutcomeError | undefined {
  if (!isFixed(fields, 'phone') || !given.has('phone') || values.phone === phone) return undefined
  const detail = `${title} knows a contact by its number, which cannot be changed. Create a contact with the new one and delete this one.`
  return { code: 'phone_not_changeable', pointer: '/phone', detail, retriable: false }
}

/** With one name for both parts, the part that a patch leaves out cannot be kept. */
function partAlone(
  { given }: ReadPatch,
  before: StoredContact,
  { name: rule }: FieldRules,
  title: string,
): OutcomeError | undefined {
  const parts = (['firstName', 'lastName'] as const).filter((field) => given.has(field))
  const isKnownApart = before.firstName !== undefined || before.lastName !== undefined
  if (rule.form === 'parts' || parts.length !== 1 || given.has('name') || isKnownApart) return undefined
  const detail = `${title} keeps one name, so that one part of it cannot be changed alone. Give name, or both parts.`
  return { code: 'name_required', pointer: `/${parts[0]}`, detail, retriable: false }
}

/** What a patch would clear at a provider that cannot be asked, where writing only adds and overwrites. */
export function notCleared({ values, given, cleared }: ReadPatch, title: string): Warning[] {
  const fields = (['name', 'firstName', 'lastName', 'email', 'attributes'] as const).filter((field) =>
    cleared.has(field),
  )
  const warnings = fields.map((field) => stays(`/${field}`, `${title} cannot clear it; what it has stays.`))
  if (given.has('tags')) warnings.push(stays('/tags', `${title} only adds tags; those that the contact has stay.`))
  const isWholeName = values.name !== undefined && !given.has('firstName') && !given.has('lastName')
  if (isWholeName) warnings.push(stays('/lastName', `A last name that ${title} has already stays beside the new name.`))
  return warnings
}

/** What a provider still shows after it was asked to clear it. */
export function stillThere({ values, given, cleared }: ReadPatch, after: StoredContact, title: string): Warning[] {
  const detail = `${title} was asked to clear it, and still has it.`
  const attributes = Object.keys(after.attributes).filter(
    (name) => cleared.has('attributes') || (Object.hasOwn(values.attributes, name) && values.attributes[name] === null),
  )
  const warnings = attributes.map((name) => stays(`/attributes/${name}`, detail))
  if (cleared.has('email') && after.email !== undefined) warnings.push(stays('/email', detail))
  if (given.has('tags') && after.tags.some((tag) => !values.tags.some((one) => isSameText(one, tag))))
    warnings.push(stays('/tags', detail))
  return warnings
}

function stays(pointer: string, detail: string): Warning {
  return { code: 'not_cleared', pointer, detail }
}
