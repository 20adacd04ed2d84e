import { numberText } from './exact-json.ts'
import type { VobizFields } from './vobiz-contacts.ts'
import type { VobizQuirks } from './vobiz-errors.ts'

/** What Vobiz keeps of the fields that were sent: all of it, or what the quirks leave. */
export function storedFields(fields: VobizFields, { stores, tagCase }: VobizQuirks): VobizFields {
  const kept = stores === 'as-sent' ? fields : lessOf(fields, stores)
  if (tagCase === 'kept' || kept.tags === undefined) return kept
  return { ...kept, tags: kept.tags.map((tag) => inTagCase(tag, tagCase)) }
}

/** The number under which a new contact is kept. */
export const storedNumber = (phoneNumber: string, { stores }: VobizQuirks): string =>
  stores === 'other-number' ? `${phoneNumber.slice(0, -1)}${(Number(phoneNumber.at(-1)) + 1) % 10}` : phoneNumber

export function inTagCase(tag: string, tagCase: VobizQuirks['tagCase']): string {
  if (tagCase === 'lower') return tag.toLowerCase()
  if (tagCase === 'upper') return tag.toUpperCase()
  return tagCase === 'slug' ? tag.toLowerCase().replace(/[^a-z0-9]+/g, '-') : tag
}

function lessOf(fields: VobizFields, stores: VobizQuirks['stores']): VobizFields {
  const { name, tags, custom_attributes: attributes } = fields
  switch (stores) {
    case 'other-name':
      return name === undefined ? fields : { ...fields, name: 'Unknown contact' }
    case 'short-name':
      return name === undefined ? fields : { ...fields, name: name.slice(0, 20) }
    case 'without-name':
      return name === undefined ? fields : { ...fields, name: '' }
    case 'without-tags':
      return tags === undefined ? fields : { ...fields, tags: [] }
    case 'first-tag':
      return tags === undefined ? fields : { ...fields, tags: tags.slice(0, 1) }
    case 'without-attributes':
      return attributes === undefined ? fields : { ...fields, custom_attributes: {} }
    case 'first-attribute-lost':
      return withAttributes(fields, (entries) => entries.slice(1))
    case 'attributes-as-texts':
      return withAttributes(fields, (entries) =>
        entries.map(([key, value]) => [key, numberText(value) ?? String(value)]),
      )
    default:
      return fields
  }
}

type Entries = [string, unknown][]

function withAttributes(fields: VobizFields, change: (entries: Entries) => Entries): VobizFields {
  if (fields.custom_attributes === undefined) return fields
  return { ...fields, custom_attributes: Object.fromEntries(change(Object.entries(fields.custom_attributes))) }
}
