import type { ProviderRequest } from '../../adapter-port.ts'
import type { Said, Step } from '../../probing.ts'
import { post } from '../../requests.ts'

/** No list has it. */
const noList = '00000000-0000-0000-0000-000000000000'

const addTo = (list: string, body: unknown): ProviderRequest =>
  post(`/external/contact-list/v1/${encodeURIComponent(list)}/add`, body)

/** The test person under further addresses, which lead to the same box: each question has one of its own. */
export function addressFor({ emails: [email = ''] }: Said, part: string): string {
  const at = email.lastIndexOf('@')
  return at < 0 ? email : `${email.slice(0, at)}+cgw-${part}${email.slice(at)}`
}

const person = (said: Said, part: string) => ({ name: `Cgw Verify ${part}`, email: addressFor(said, part) })
const badPerson = { name: 'Cgw Verify bad', email: 'cgw-verify-no-address' }

type Body = (said: Said) => unknown

const add = (id: string, does: string, bodyOf: Body): Step => ({
  id,
  does,
  writes: true,
  request: (said) => (said.list === undefined ? undefined : addTo(said.list, bodyOf(said))),
})

const withPhone = (id: string, does: string, bodyOf: (said: Said, phone: string) => unknown): Step => ({
  id,
  does,
  writes: true,
  request: (said) => {
    const [phone] = said.phones
    return said.list === undefined || phone === undefined ? undefined : addTo(said.list, bodyOf(said, phone))
  },
})

const many = (count: number): Step => ({
  id: `size-${count}`,
  does: `Add ${count} people in one call`,
  writes: true,
  request: (said) => {
    if (said.list === undefined || !said.sizes) return undefined
    return addTo(
      said.list,
      Array.from({ length: count }, (_, index) => person(said, `size-${count}-${index + 1}`)),
    )
  },
})

export const steps: readonly Step[] = [
  { id: 'no-key', does: 'Add nobody, without a key', as: 'none', request: () => addTo(noList, []) },
  { id: 'wrong-key', does: 'Add nobody, with a wrong key', as: 'wrong', request: () => addTo(noList, []) },
  {
    id: 'unknown-list',
    does: 'Add nobody to a list that is not there',
    request: () => addTo(noList, []),
  },
  {
    id: 'other-case',
    does: 'The same with header names in the other case',
    as: 'other-case',
    request: () => addTo(noList, []),
  },
  add('empty', 'Add nobody', () => []),
  add('object', 'Add one person who stands in no array', (said) => person(said, 'object')),
  add('bad', 'Add one person whose e-mail address is none', () => [badPerson]),
  add('good', 'Add one person', (said) => [person(said, 'one')]),
  add('same', 'Add the same person again', (said) => [person(said, 'one')]),
  add('mixed', 'Add one good and one bad person, and one good', (said) => [
    person(said, 'before'),
    badPerson,
    person(said, 'after'),
  ]),
  add('twice', 'Add somebody twice in one call', (said) => [person(said, 'twice'), person(said, 'twice')]),
  add('member', 'Add one person with a member that no document names', (said) => [
    { ...person(said, 'member'), tags: ['cgw-verify'] },
  ]),
  add('nameless', 'Add one person without a name', (said) => [{ email: addressFor(said, 'nameless') }]),
  withPhone('phone-only', 'Add one person without an e-mail address', (_, phone) => [
    { name: 'Cgw Verify phone', phone: phone.slice(1) },
  ]),
  withPhone('plus', 'Add one person whose number has a +', (said, phone) => [{ ...person(said, 'plus'), phone }]),
  many(101),
  many(501),
]
