import { parse } from 'csv-parse/sync'
import type { JsonAnswer } from '../mutate-answer.ts'
import { createShelf, type Held, isUnwelcome, type Person, type ProviderModel } from './provider-model.ts'

type Sent = {
  readonly phone_number?: string
  readonly name?: string
  readonly tags?: readonly string[]
  readonly custom_attributes?: Readonly<Record<string, unknown>>
}
type Row = { readonly phone_number: string; readonly name: string; readonly tags: string }
type Kept = Held & { readonly createdAt: string; readonly updatedAt: string }

const longAgo = '2026-03-01T10:00:00Z'

/**
 * Vobiz: contacts one by one under `/contacts`, with ids, or as a file to `/contacts/import`, which updates by number. A
 * list is a tag. Deleting is for good; what an update leaves out stays.
 */
export function createVobizModel(): ProviderModel {
  const shelf = createShelf(({ phone }) => phone)
  const people = shelf.people as Map<string, Kept>
  const byId = (id: string) => [...people.values()].find((one) => one.id === id)

  const write = (phone: string, { name, tags, custom_attributes: attributes }: Sent): Kept => {
    const now = new Date().toISOString()
    const before = people.get(phone) ?? { ...nobody, id: idOf(phone), phone, createdAt: now }
    const held = {
      ...before,
      updatedAt: now,
      ...(name !== undefined && { name }),
      ...(tags !== undefined && { tags, lists: tags }),
      ...(attributes !== undefined && { attributes }),
    }
    shelf.store(phone, held)
    return held
  }

  const create = (sent: Sent): JsonAnswer => {
    const { phone_number: phone, name } = sent
    if (phone === undefined || name === undefined || isUnwelcome(name)) return invalid
    if (people.has(phone)) return refusal(409, 'DUPLICATE_CONTACT', 'A contact with this number exists')
    return { status: 201, body: shown(write(phone, sent)) }
  }

  const page = (query: URLSearchParams): JsonAnswer => {
    const [number, limit] = [Number(query.get('page') ?? 1), Number(query.get('limit') ?? 25)]
    const [tag, search] = [query.get('tag'), query.get('search')?.toLowerCase()]
    const found = [...people.values()].filter(
      ({ tags, name, phone }) =>
        (tag === null || tags.includes(tag)) &&
        (search === undefined || phone.includes(search) || name.toLowerCase().includes(search)),
    )
    const items = found.slice((number - 1) * limit, number * limit).map(shown)
    const more = number * limit < found.length
    return { status: 200, body: { items, total: found.length, page: number, limit, has_more: more } }
  }

  const importFile = (body: string): JsonAnswer => {
    const file = body.slice(body.indexOf('\r\n\r\n') + 4, body.lastIndexOf('\r\n--'))
    const rows: Row[] = parse(file, { columns: true })
    const errors: object[] = []
    let created = 0
    rows.forEach(({ phone_number: phone, name, tags }, index) => {
      if (isUnwelcome(name)) errors.push({ row: index + 1, phone_number: phone, reason: 'invalid name' })
      else {
        if (!people.has(phone)) created++
        write(phone, { name, tags: tags.split(',').filter((tag) => tag !== '') })
      }
    })
    const failed = errors.length
    return {
      status: 200,
      body: { total: rows.length, created, updated: rows.length - created - failed, failed, errors },
    }
  }

  const one = (method: string, id: string, body: string): JsonAnswer => {
    const held = byId(id)
    if (held === undefined) return refusal(404, 'CONTACT_NOT_FOUND', 'No such contact')
    if (method === 'GET') return { status: 200, body: shown(held) }
    if (method === 'PUT') {
      const sent: Sent = JSON.parse(body)
      return isUnwelcome(sent.name) ? invalid : { status: 200, body: shown(write(held.phone, sent)) }
    }
    people.delete(held.phone)
    return { status: 204, body: undefined }
  }

  return {
    ...shelf,
    put(person: Person) {
      const { phone, email, tags } = person
      const attributes = { ...person.attributes, ...(email !== undefined && { email }) }
      const stamps = { createdAt: longAgo, updatedAt: longAgo }
      people.set(phone, { ...person, ...stamps, id: idOf(phone), attributes, lists: tags })
    },
    answer({ method, path, query, body }) {
      if (path === '/contacts') return method === 'POST' ? create(JSON.parse(body)) : page(query)
      if (path === '/contacts/import') return importFile(body)
      return one(method, decodeURIComponent(path.slice('/contacts/'.length)), body)
    },
  }
}

const nobody = { name: '', tags: [], attributes: {}, lists: [] }

/** As the documents show a contact. */
function shown({ id, phone, name, tags, attributes, createdAt, updatedAt }: Kept) {
  const members = { phone_number: phone, name, tags, custom_attributes: attributes }
  return { id, account_id: 'MA_MUTATED01', ...members, created_at: createdAt, updated_at: updatedAt }
}

/** A UUID that is the same whenever the person is stored. */
function idOf(phone: string): string {
  return `9b8a7c6d-5e4f-4a3b-8c1d-${Number(phone.slice(1)).toString(16).padStart(12, '0')}`
}

function refusal(status: number, code: string, message: string, details?: object): JsonAnswer {
  const error = { code, message, ...(details !== undefined && { details }) }
  return { status, body: { status: 'error', error, timestamp: longAgo, requestId: 'req_7a8b9c0d1e2f' } }
}

const invalid = refusal(422, 'VALIDATION_ERROR', 'The contact is not valid', {
  errors: [{ field: 'name', message: 'is not valid', code: 'INVALID_FORMAT', value: 'x' }],
})
