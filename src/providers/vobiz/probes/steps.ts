import type { ProviderRequest } from '../../adapter-port.ts'
import { isFine, type Said, type Step, statusOf } from '../../probing.ts'
import { isForeign } from '../../reading/foreign-answer.ts'
import { endsAlike } from '../../reading/written-form.ts'
import { del, get, post, put } from '../../requests.ts'
import { fileSteps } from './file-steps.ts'
import { lookSteps } from './look-steps.ts'
import {
  attributes,
  expectedContact,
  expectedPage,
  firstName,
  firstOf,
  idFrom,
  isOld,
  itemsOf,
  keysOf,
  mixedTag,
  searchFindsPeople,
  secondName,
  secondOf,
} from './test-contact.ts'

export const numberSearch = (number: string): ProviderRequest =>
  get(`/contacts?search=${encodeURIComponent(number)}&limit=100`)

/** A call about the first test person, whose id an earlier answer showed. */
export const withFirst = (request: (path: string, said: Said) => ProviderRequest) => (said: Said) => {
  const id = idFrom(said, 'create')
  return id === undefined ? undefined : request(`/contacts/${encodeURIComponent(id)}`, said)
}

const readSteps: readonly Step[] = [
  {
    id: 'page',
    does: 'Ask for a page of one contact',
    request: () => get('/contacts?page=1&limit=1'),
    expects: expectedPage(() => []),
  },
  {
    id: 'other-case',
    does: 'Ask for it with header names in the other case',
    as: 'other-case',
    request: () => get('/contacts?page=1&limit=1'),
  },
  { id: 'page-101', does: 'Ask for a page of 101', request: () => get('/contacts?page=1&limit=101') },
  { id: 'page-1000', does: 'Ask for a page of 1,000', request: () => get('/contacts?page=1&limit=1000') },
  { id: 'past-end', does: 'Ask for a page far past the end', request: () => get('/contacts?page=999999&limit=1') },
  {
    id: 'nobody',
    does: 'Search for somebody who is not there',
    request: ({ mark }) => get(`/contacts?search=${mark}-nobody&limit=1`),
  },
  {
    id: 'no-id',
    does: 'Ask for an id that is not there',
    request: () => get('/contacts/00000000-0000-4000-8000-000000000000'),
  },
  { id: 'odd-id', does: 'Ask for an id of another form', request: () => get('/contacts/cgw-verify') },
]

/** A look for one of the test people, in two forms of the number. Somebody who is there stops the run. */
function knownSteps(which: string, numberOf: (said: Said) => string): readonly Step[] {
  const objection = (step: string) => (said: Said) => objectionTo(said, step, numberOf(said))
  return [
    {
      id: `look-${which}`,
      does: `Make sure that the ${which} test number is not there`,
      writes: true,
      request: (said) => numberSearch(numberOf(said)),
      expects: expectedPage(() => []),
      objection: objection(`look-${which}`),
    },
    {
      id: `look-${which}-digits`,
      does: 'The same without its +',
      writes: true,
      request: (said) => numberSearch(numberOf(said).slice(1)),
      expects: expectedPage(() => []),
      objection: objection(`look-${which}-digits`),
    },
  ]
}

const isThere =
  'A contact with a test number is there. Nothing of it was changed; take numbers that the account does not have.'
const wasOverwritten =
  'The first test number was there: no search had found it, and the create may have written over it. Look at it in the console.'
const cannotTell =
  'It cannot be told whether the test numbers are there, for the answer to a search is none that is known.'

/** A search that shows a person with this number, or that cannot be read, speaks against writing. */
function objectionTo(said: Said, step: string, number: string): string | undefined {
  const response = said.answer(step)
  if (response === undefined) return cannotTell
  const items = itemsOf(said, step)
  if (items?.some(({ phone_number: shown }) => endsAlike(shown, number))) return isThere
  const saysNobody = items !== undefined || isFine(response) || (response.status === 404 && !isForeign(response))
  return saysNobody ? undefined : cannotTell
}

const createSteps: readonly Step[] = [
  {
    id: 'create',
    does: 'Create the first test person, with tags in mixed case and attributes of all kinds',
    writes: true,
    request: (said) =>
      post('/contacts', {
        phone_number: firstOf(said),
        name: firstName,
        tags: [said.mark, mixedTag],
        custom_attributes: attributes,
      }),
    expects: expectedContact,
    made: keysOf,
    objection: (said) => {
      if (statusOf(said, 'create') === 409) return isThere
      if (isOld(said.answer('create'))) return wasOverwritten
      return idFrom(said, 'create') === undefined ? 'The first test person could not be created.' : undefined
    },
  },
  { id: 'get', does: 'Read the new contact', writes: true, request: withFirst(get), expects: expectedContact },
]

const changeSteps: readonly Step[] = [
  {
    id: 'again',
    does: 'Create the same number again, with another name',
    writes: true,
    request: withFirst((_, said) =>
      post('/contacts', { phone_number: firstOf(said), name: secondName, tags: [said.mark, mixedTag] }),
    ),
    made: keysOf,
  },
  { id: 'get-again', does: 'Read what became of it', writes: true, request: withFirst(get) },
  {
    id: 'put-name',
    does: 'Update its name alone',
    writes: true,
    request: withFirst((path) => put(path, { name: 'Cgw Verify third' })),
  },
  { id: 'get-name', does: 'Read what became of it', writes: true, request: withFirst(get) },
  {
    id: 'put-tags',
    does: 'Update its tags alone',
    writes: true,
    request: withFirst((path, { mark }) => put(path, { tags: [mark, 'cgw-third'] })),
  },
  { id: 'get-tags', does: 'Read what became of it', writes: true, request: withFirst(get) },
  {
    id: 'put-attributes',
    does: 'Update its attributes alone',
    writes: true,
    request: withFirst((path) => put(path, { custom_attributes: { cgw_first: 'x', cgw_only: 'x' } })),
  },
  { id: 'get-attributes', does: 'Read what became of it', writes: true, request: withFirst(get) },
  { id: 'put-nothing', does: 'Update nothing', writes: true, request: withFirst((path) => put(path, {})) },
  {
    id: 'bad',
    does: 'Create a number that is none',
    writes: true,
    request: ({ mark }) => post('/contacts', { phone_number: '+98765', name: `Cgw Verify ${mark}` }),
    expects: () => ({ status: 422, body: {} }),
    made: keysOf,
  },
  {
    id: 'nameless',
    does: 'Create the second test person without a name',
    writes: true,
    request: (said) =>
      searchFindsPeople(said) ? post('/contacts', { phone_number: secondOf(said), tags: [said.mark] }) : undefined,
    expects: () => ({ status: 422, body: {} }),
    made: keysOf,
  },
  {
    id: 'delete-nameless',
    does: 'Delete that person, where it was created',
    writes: true,
    request: (said) => {
      const id = idFrom(said, 'nameless')
      return id === undefined ? undefined : del(`/contacts/${encodeURIComponent(id)}`)
    },
  },
]

const deleteSteps: readonly Step[] = [
  { id: 'delete', does: 'Delete the first test person', writes: true, request: withFirst((path) => del(path)) },
  { id: 'get-deleted', does: 'Look for it', writes: true, request: withFirst(get) },
  { id: 'delete-again', does: 'Delete it again', writes: true, request: withFirst((path) => del(path)) },
]

export const steps: readonly Step[] = [
  ...readSteps,
  ...knownSteps('first', firstOf),
  ...knownSteps('second', secondOf),
  ...createSteps,
  ...lookSteps,
  ...changeSteps,
  ...fileSteps,
  ...deleteSteps,
]
