import type { JsonAnswer } from '../mutate-answer.ts'
import { createShelf, type Held, isUnwelcome, type ProviderModel } from './provider-model.ts'

type Sent = {
  readonly phone_number: string
  readonly first_name?: string
  readonly last_name?: string
  readonly email?: string
}
type Create = {
  readonly contacts: readonly Sent[]
  readonly list_name?: string
  readonly tag_name?: string
  readonly tag_names?: readonly string[]
  readonly do_not_overwrite?: true
}

export type OctopushModel = ProviderModel & {
  /** It has this list from now on, or, deleted by hand, has it no more. */
  setList(name: string, isThere: boolean): void
}

/**
 * Octopush: `POST /contact/create` adds, updates or (with `do_not_overwrite`) skips contacts by their number, and says of
 * each which; those whom it drops are not in its answer. `DELETE /contact/delete` takes them off a list or away, and tells
 * nothing of them.
 */
export function createOctopushModel(): OctopushModel {
  const shelf = createShelf(({ phone }) => phone)
  const lists = new Set<string>()
  const refusal = (code: number, message: string): JsonAnswer => ({ status: 400, body: { code, message } })

  const createList = ({ list_name: name }: { readonly list_name: string }): JsonAnswer => {
    if (lists.has(name)) return refusal(302, 'A list with this name exists')
    lists.add(name)
    return { status: 201, body: { list_name: name } }
  }

  const create = (asked: Create): JsonAnswer => {
    if ('un_list' in asked || 'un_tag' in asked) throw new Error('nobody may be detached from all lists or tags')
    if (asked.list_name !== undefined && !lists.has(asked.list_name)) return refusal(303, 'This list does not exist')
    const taken = asked.contacts.filter(({ first_name: name }) => !isUnwelcome(name))
    if (taken.length === 0) return refusal(117, 'No correct number in the list')
    return { status: 201, body: { items: taken.map((contact) => add(contact, asked)) } }
  }

  const add = (contact: Sent, asked: Create) => {
    const { phone_number: phone, email } = contact
    const before = shelf.people.get(phone)
    const item = { phone_number: phone, ...(email !== undefined && { email }) }
    if (before !== undefined && asked.do_not_overwrite === true) return { ...item, status: 'skipped' }
    shelf.store(phone, written(before, contact, asked))
    return { ...item, status: before === undefined ? 'added' : 'updated' }
  }

  const remove = ({ phone_numbers: numbers, list_name: list }: { phone_numbers: string[]; list_name?: string }) => {
    if (list !== undefined && !lists.has(list)) return refusal(303, 'This list does not exist')
    for (const number of numbers) {
      const held = shelf.people.get(number)
      if (held === undefined) continue
      if (list === undefined) shelf.people.delete(number)
      else shelf.people.set(number, { ...held, lists: held.lists.filter((one) => one !== list) })
    }
    return { status: 204, body: undefined }
  }

  return {
    ...shelf,
    setList(name, isThere) {
      if (isThere) return void lists.add(name)
      lists.delete(name)
      for (const [key, held] of shelf.people)
        shelf.people.set(key, { ...held, lists: held.lists.filter((one) => one !== name) })
    },
    put: (person, on) => shelf.people.set(person.phone, { ...person, id: person.phone, attributes: {}, lists: on }),
    answer({ method, path, body }) {
      const call = `${method} ${path}`
      if (call === 'POST /contact-list/create') return createList(JSON.parse(body))
      if (call === 'POST /contact/create') return create(JSON.parse(body))
      if (call === 'DELETE /contact/delete') return remove(JSON.parse(body))
      return { status: 404, body: { code: 306, message: 'Unknown action' } }
    },
  }
}

/** What is not sent stays; tags and lists are added. */
function written(before: Held | undefined, contact: Sent, { list_name, tag_name, tag_names = [] }: Create): Held {
  const { phone_number: phone, first_name: first, last_name: last, email = before?.email } = contact
  const name = [first, last].filter((part) => part !== undefined).join(' ') || (before?.name ?? '')
  const added = [...tag_names, ...(tag_name === undefined ? [] : [tag_name])]
  return {
    id: phone,
    phone,
    name,
    ...(email !== undefined && { email }),
    tags: [...new Set([...(before?.tags ?? []), ...added])],
    attributes: {},
    lists: [...new Set([...(before?.lists ?? []), ...(list_name === undefined ? [] : [list_name])])],
  }
}
