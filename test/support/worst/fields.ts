import { json, jsonBytes, type WorstRequest, type WorstTexts } from './worst-request.ts'

const fields = ['ref', 'name', 'firstName', 'lastName', 'email', 'phone', 'whatsapp', 'tags', 'attributes'] as const
/** The most that a field may have, in characters, where it has such a limit; what is longer is refused before. */
const legal = 255

/** Every field of a contact with every kind of text. */
export function* worstFields(texts: WorstTexts): Generator<WorstRequest> {
  for (const [kind, text] of Object.entries(texts))
    for (const [size, length] of [
      ['as long as may be', legal],
      ['as long as the body', jsonBytes / 8],
    ] as const) {
      const value = text(length).slice(0, length)
      const contact = Object.fromEntries(fields.map((field) => [field, valueFor(field, value)]))
      const body = Buffer.from(JSON.stringify({ contacts: [contact, { ...contact, email: 'a@example.com' }] }))
      const title = `every field of ${kind}, ${size}`
      if (body.length < jsonBytes)
        yield { title, method: 'POST', path: '/lists/newsletter/contacts', headers: json, body }
      for (const field of fields) {
        const patch = Buffer.from(JSON.stringify({ [field]: valueFor(field, value) }))
        if (patch.length > jsonBytes) continue
        const path = '/contacts/octopush-fr:+33612345678'
        yield { title: `a patch of ${field}: ${kind}, ${size}`, method: 'PATCH', path, headers: json, body: patch }
      }
    }
}

function valueFor(field: (typeof fields)[number], value: string): unknown {
  if (field === 'tags') return [value.slice(0, 64), value]
  if (field === 'attributes') return { plan: value, [value.slice(0, 64)]: value }
  return field === 'phone' || field === 'whatsapp' ? value.slice(0, value.length > legal ? value.length : 64) : value
}
