import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contactSource, type TestContact } from '../support/contact-source.ts'
import { importWhole } from '../support/import-calls.ts'
import { accountOf, type Provider, providers } from '../support/start-fleet.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

/**
 * What each thing that a caller may ask for costs at providers that answer as documented: the calls that reach them. They are
 * named as the simulators name them, in the order in which they first come. A dash: nothing is sent, for lack of such a call.
 */

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway({
    lists: {
      oblic: { targets: [{ account: 'oblic-main', list: 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7' }] },
      octopush: { targets: [{ account: 'octopush-fr', list: 'sms' }] },
      vobiz: { targets: [{ account: 'vobiz-in', tag: 'whatsapp' }] },
    },
  })
})
afterAll(() => gateway.close())

const contacts = contactSource()
/** Vobiz' file has no column for e-mails, and Oblic takes nobody without one. */
const fitAFile = (at: Provider, count: number): readonly Partial<TestContact>[] =>
  at === 'vobiz' ? contacts(count).map(({ name, phone }) => ({ name, phone })) : contacts(count)

/** 501: the provider has no such operation. */
const expected = [200, 201, 204, 207, 501]

async function ask(method: string, path: string, body?: object) {
  const answer = await gateway.call(method, path, { body })
  if (!expected.includes(answer.status)) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
  return answer
}

const create = (at: Provider, contact: object) => ask('POST', `/contacts?account=${accountOf[at]}`, contact)

async function add(at: Provider, people: readonly object[]) {
  const { body } = await ask('POST', `/lists/${at}/contacts`, { contacts: people })
  const { accepted = 0, created = 0, updated = 0 } = body.summary.outcomes
  expect(accepted + created + updated).toBe(people.length)
}

async function importRows(at: Provider, rows: readonly Partial<TestContact>[]) {
  const csv = ['name,email,phone', ...rows.map(({ name, email = '', phone }) => `${name},${email},${phone}`)].join('\n')
  const done = await importWhole(gateway, { list: at, csv })
  expect([done.status, done.rows]).toEqual(['completed', rows.length])
}

/** Somebody whom the account has, and who is on its list. */
async function known(at: Provider): Promise<TestContact> {
  const [person] = contacts(1) as [TestContact]
  await add(at, [person])
  return person
}

/** The id of somebody who is on the list; where the provider gives none, one that cannot be asked for. */
async function knownId(at: Provider): Promise<string> {
  const { body } = await ask('POST', `/lists/${at}/contacts`, { contacts: contacts(1) })
  return encodeURIComponent(body.results[0].outcomes[0].id ?? `${accountOf[at]}:+919820000000`)
}

const tagged = (person: object) => ({ ...person, tags: ['vip'] })
const page = (at: Provider, path: string, more = '') => ask('GET', `${path}?account=${accountOf[at]}${more}`)

/** Prepares, uncounted, and gives back what is counted. */
type Prepare = (at: Provider) => (() => Promise<unknown>) | Promise<() => Promise<unknown>>
type Costs = readonly [oblic: string, octopush: string, vobiz: string]
const rows: readonly (readonly [what: string, prepare: Prepare, costs: Costs])[] = [
  ['the first contact of a list', (at) => () => add(at, contacts(1)), ['add', 'list-create, create', 'create']],
  ['a new contact', (at) => () => create(at, contacts(1)[0] as object), ['add', 'create', 'create']],
  [
    'a contact that is there, with something new',
    async (at) => {
      const person = await known(at)
      return () => create(at, tagged(person))
    },
    ['add', 'create', 'create, search, update'],
  ],
  [
    'a contact that is there, as it is',
    async (at) => {
      const person = await known(at)
      return () => create(at, person)
    },
    ['add', 'create', 'create, search, update'],
  ],
  [
    'a contact that is there and is to stay as it is',
    async (at) => {
      const person = await known(at)
      return () => create(at, { ...tagged(person), onConflict: 'skip' })
    },
    ['add', 'create', 'create, search'],
  ],
  ['one more on a list', (at) => () => add(at, contacts(1)), ['add', 'create', 'create']],
  [
    'one who is on the list',
    async (at) => {
      const person = await known(at)
      return () => add(at, [tagged(person)])
    },
    ['add', 'create', 'create, search, update'],
  ],
  ['ten new people', (at) => () => add(at, contacts(10)), ['add', 'create', '10 create']],
  ['500 new people', (at) => () => add(at, fitAFile(at, 500)), ['5 add', '3 create', 'import']],
  ['500 new people with e-mails', (at) => () => add(at, contacts(500)), ['5 add', '3 create', '500 create']],
  [
    '500 people of whom half are there',
    async (at) => {
      const people = fitAFile(at, 500)
      await add(at, people.slice(0, 250))
      return () => add(at, people)
    },
    ['5 add', '3 create', 'import'],
  ],
  [
    '500 people with e-mails of whom half are there',
    async (at) => {
      const people = contacts(500)
      await add(at, people.slice(0, 250))
      return () => add(at, people.map(tagged))
    },
    ['5 add', '3 create', '500 create, 250 search, 250 update'],
  ],
  ['a file of 1,200 rows', (at) => () => importRows(at, fitAFile(at, 1_200)), ['12 add', '6 create', '2 import']],
  [
    'a file of 1,200 rows with e-mails',
    (at) => () => importRows(at, contacts(1_200)),
    ['12 add', '6 create', '1200 create'],
  ],
  [
    'reading a contact',
    async (at) => {
      const id = await knownId(at)
      return () => ask('GET', `/contacts/${id}`)
    },
    ['–', '–', 'get'],
  ],
  ['a page of an account', (at) => () => page(at, '/contacts', '&limit=100'), ['–', '–', 'list']],
  ['a page of a list', (at) => () => page(at, `/lists/${at}/contacts`), ['–', '–', 'list']],
  [
    'a search for a number that is there',
    async (at) => {
      const { phone } = await known(at)
      return () => page(at, '/contacts', `&search=${encodeURIComponent(phone)}`)
    },
    ['–', '–', 'search'],
  ],
  // In both of the forms that a number may be kept in, before nobody is said to have it.
  [
    'a search for a number that is not there',
    (at) => () => page(at, '/contacts', `&search=${encodeURIComponent(contacts(1)[0]?.phone ?? '')}`),
    ['–', '–', '2 search'],
  ],
  [
    'changing a contact',
    async (at) => {
      const id = await knownId(at)
      return () => ask('PATCH', `/contacts/${id}`, { name: 'Jane', tags: ['vip'] })
    },
    ['–', 'create', 'get, update'],
  ],
  [
    'changing a contact that was written just now',
    async (at) => {
      const person = await known(at)
      const { body } = await create(at, tagged(person))
      // Its writer says that it has ended when it has answered; what is read before that is read once more.
      await wait(50)
      const id = encodeURIComponent(body.id ?? `${accountOf[at]}:+919820000000`)
      return () => ask('PATCH', `/contacts/${id}`, { name: 'Jane', tags: ['gold'] })
    },
    ['–', 'create', 'get, update'],
  ],
  [
    'taking a contact off a list',
    async (at) => {
      const id = await knownId(at)
      return () => ask('DELETE', `/lists/${at}/contacts/${id}`)
    },
    ['–', 'remove-from-list', 'get, update'],
  ],
  [
    'deleting a contact',
    async (at) => {
      const id = await knownId(at)
      return () => ask('DELETE', `/contacts/${id}`)
    },
    ['–', 'delete', 'delete'],
  ],
]

describe.each(providers.map((at, place) => [at, place] as const))('at %s', (at, place) => {
  test.each(rows)('%s costs the calls that it needs, and no more', async (_what, prepare, costs) => {
    const act = await prepare(at)
    const simulator = gateway.simulators[at]
    const before = simulator.requestTotal()
    await act()
    const count = simulator.requestTotal() - before
    expect(list(count === 0 ? [] : simulator.requests(count).map(({ operation }) => operation))).toBe(costs[place])
  })
})

function list(operations: readonly string[]): string {
  const counts = Map.groupBy(operations, (operation) => operation)
  const parts = [...counts].map(([operation, { length }]) => (length === 1 ? operation : `${length} ${operation}`))
  return parts.join(', ') || '–'
}
