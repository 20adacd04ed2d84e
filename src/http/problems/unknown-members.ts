import type { TSchema } from 'typebox'
import { attributeNamePattern } from '../../domain/contact-limits.ts'
import { nearName } from '../../domain/near-name.ts'
import { contactFields, fieldOfName } from '../../imports/columns/header-names.ts'
import { membersAt, segmentsOf } from './value-at.ts'

const attributeName = new RegExp(attributeNamePattern)

/** What to do with a member that is not known, so that its value is not lost. */
export function adviceForMember(path: string, { schema, value }: { schema: TSchema; value: unknown }): string {
  const segments = segmentsOf(path)
  const name = segments.at(-1) ?? ''
  const parent = path.slice(0, path.lastIndexOf('/'))
  const known = membersAt(schema, parent)
  if (known.length === 0) return adviceForAttribute(name)
  const meant = meantMember(name, known)
  const unknown = 'No such member is known here.'
  if (parent === '' && known.includes('contacts') && meant === undefined) {
    return isOfContact(name) ? `${unknown} It belongs to a contact. ${frame(value)}` : `${unknown} ${listed(known)}`
  }
  if (meant !== undefined) return `${unknown} Did you mean ${meant}?`
  if (name === 'contacts')
    return `${unknown} One contact goes here, without a frame; several go to POST /lists/{listId}/contacts.`
  if (known.includes('attributes') && attributeName.test(name))
    return `${unknown} Further values go into attributes, as {"attributes": {"${name}": … }}. Put it there, or leave it out.`
  return `${unknown} ${listed(known)}`
}

/** The same but for signs and a slip, or what columns of files and other programs call it. */
function meantMember(name: string, known: readonly string[]): string | undefined {
  const field = fieldOfName(name)?.field
  const [exactly] = known.filter((one) => one.toLowerCase() === name.toLowerCase().replace(/[\s_-]+/g, ''))
  return exactly ?? (field !== undefined && known.includes(field) ? field : nearName(name, known))
}

function isOfContact(name: string): boolean {
  return name === 'attributes' || fieldOfName(name) !== undefined || contactFields.some((field) => field === name)
}

function listed(known: readonly string[]): string {
  return `Known are ${known.join(', ')}. Leave it out, or give it one of these names.`
}

function adviceForAttribute(name: string): string {
  const rule = "An attribute's name is a letter, then letters, digits and _, 64 at most, and no word of the language."
  const mended = name.trim().replace(/[^A-Za-z0-9_]+/g, '_')
  return mended !== name && attributeName.test(mended) ? `${rule} Did you mean ${mended}?` : rule
}

/** What to send where the frame of a batch is missing. */
export function frame(value: unknown): string {
  const what = Array.isArray(value) ? 'the list of contacts came without its frame' : 'one contact is a list of one'
  return `Send {"contacts": [ … ]}: ${what}.`
}
