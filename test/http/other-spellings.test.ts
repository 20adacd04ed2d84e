import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Asked, type OddProvider, type Said, startOddProvider } from '../support/odd-provider.ts'
import { type Answer, startGateway, type TestGateway } from '../support/start-gateway.ts'

/**
 * A provider that keeps numbers and tags in a spelling of its own, and that may give back a contact as it was. The person is
 * the same: found, changed, taken off the list, and told as what was done.
 */
type Held = {
  id: string
  phone_number: string
  name: string
  tags: string[]
  custom_attributes: object
  created_at?: string
  updated_at?: string
}

let provider: OddProvider
let gateway: TestGateway
let held: Held[]
let spellNumber: (number: string) => unknown
let spellTag: (tag: string) => string
let onExisting: (contact: Held) => Said

beforeAll(async () => {
  provider = await startOddProvider(answer)
  const account = { baseUrl: provider.url, retries: 0, csvImport: false, settleAfterMs: 60 }
  gateway = await startGateway({
    accounts: { 'vobiz-in': { ...account, breaker: { failureRate: 1, minimumCalls: 100_000 } } },
    lists: {
      whatsapp: { targets: [{ account: 'vobiz-in', tag: 'Cafés' }] },
      second: { targets: [{ account: 'vobiz-in', tag: 'second' }] },
    },
  })
})
afterAll(async () => {
  await gateway.close()
  await provider.close()
})
beforeEach(() => {
  held = []
  spellNumber = (number) => number
  spellTag = (tag) => tag
  onExisting = () => ({ status: 409, body: { error: { code: 'DUPLICATE_CONTACT', message: 'no' } } })
})

const phone = '+919876543210'
const digits = (text: string) => text.replace(/\D/g, '')
const shown = (contact: Held) => ({ ...contact, phone_number: spellNumber(contact.phone_number) })

function answer({ method, path, query, body }: Asked): Said {
  const sent: Partial<Held> = body === '' ? {} : JSON.parse(body)
  if (sent.tags !== undefined) sent.tags = sent.tags.map(spellTag)
  if (method === 'GET' && path === '/contacts') {
    const search = query.get('search') ?? ''
    const items = held.map(shown).filter((one) => search === '' || String(one.phone_number).includes(search))
    return { body: { items, total: items.length, page: 1, limit: 100, has_more: false } }
  }
  if (method === 'POST') return create(sent)
  const contact = held.find(({ id }) => path.endsWith(id))
  if (contact === undefined) return { status: 404, body: { error: { code: 'CONTACT_NOT_FOUND', message: 'no' } } }
  if (method === 'PUT') Object.assign(contact, sent)
  return { body: shown(contact) }
}

function create(sent: Partial<Held>): Said {
  const known = held.find(({ phone_number }) => digits(phone_number) === digits(sent.phone_number ?? ''))
  if (known !== undefined) return onExisting(known)
  const now = new Date().toISOString()
  const contact = { id: 'c-1', phone_number: '', name: '', tags: [], custom_attributes: {}, ...sent }
  held.push({ ...contact, created_at: now, updated_at: now })
  return { status: 201, body: shown(held[0] as Held) }
}

const jane = { name: 'Jane Smith', phone, tags: ['Vip'], attributes: { city: 'Pune' } }
const add = async (contact: object = jane, more: object = {}) => {
  const { body } = await gateway.call('POST', '/lists/whatsapp/contacts', { body: { contacts: [contact], ...more } })
  return body.results[0].outcomes[0] as Answer['body']
}
const codes = ({ warnings = [] }: Answer['body']) => warnings.map(({ code }: Answer['body']) => code)

describe('a number that is kept', () => {
  const spellings: [name: string, spell: (number: string) => unknown][] = [
    ['without its plus', (number) => number.slice(1)],
    ['as a number', (number) => Number(number.slice(1))],
    ['with blanks', (number) => number.replace(/^\+(..)(.{5})/, '+$1 $2 ')],
    ['with dashes and parentheses', (number) => number.replace(/^\+(..)(.{5})/, '+($1) $2-')],
    ['with 00', (number) => `00${number.slice(1)}`],
    ['as a link', (number) => `tel:${number}`],
    ['as WhatsApp has it', (number) => `${number.slice(1)}@c.us`],
    ['between marks of direction', (number) => `\u202a${number}\u202c`],
  ]
  test.each(spellings)('%s is read, found, and no other one', async (_name, spell) => {
    spellNumber = spell
    const made = await add()
    expect([made.status, codes(made)]).toEqual(['created', []])
    const id = encodeURIComponent(made.id)
    expect((await gateway.call('GET', `/contacts/${id}`)).body.phone).toBe(phone)
    const { body } = await gateway.call('GET', '/contacts?account=vobiz-in')
    expect(body.items).toEqual([expect.objectContaining({ phone })])
    const patched = await gateway.call('PATCH', `/contacts/${id}`, { body: { phone, name: 'Ann' } })
    expect([patched.status, patched.body.phone, codes(patched.body)]).toEqual([200, phone, []])
    expect((await gateway.call('DELETE', `/lists/whatsapp/contacts/${id}`)).status).toBe(204)
  })

  test.each(spellings.slice(0, 2))('%s is found where the person is there already', async (_name, spell) => {
    spellNumber = spell
    await add()
    const again = await add({ ...jane, name: 'Ann', tags: ['new'] })
    expect([again.status, codes(again), held.length]).toEqual(['updated', [], 1])
    expect(held[0]?.tags).toEqual(['Cafés', 'Vip', 'new'])
    const search = await gateway.call('GET', `/contacts?account=vobiz-in&search=${encodeURIComponent(phone)}`)
    expect(search.body.items).toEqual([expect.objectContaining({ phone })])
  })
})

describe('tags that are kept', () => {
  const spellings: [name: string, spell: (tag: string) => string][] = [
    ['in lower case', (tag) => tag.toLowerCase()],
    ['in upper case', (tag) => tag.toUpperCase()],
    ['with blanks at their edges', (tag) => ` ${tag} `],
    ['in another form of Unicode', (tag) => tag.normalize('NFD')],
  ]
  test.each(spellings)('%s are those that were sent', async (_name, spell) => {
    spellTag = spell
    const made = await add()
    expect([made.status, codes(made)]).toEqual(['created', []])
    const again = await add({ ...jane, tags: ['vip', 'VIP'] })
    expect([again.status, codes(again), held[0]?.tags.length]).toEqual(['updated', [], 2])
    const list = await gateway.call('GET', '/lists/whatsapp/contacts?account=vobiz-in')
    expect(list.body.items).toHaveLength(1)
    expect((await gateway.call('GET', '/contacts?account=vobiz-in&tag=vIP')).body.items).toHaveLength(1)
    const id = encodeURIComponent(made.id)
    const patched = await gateway.call('PATCH', `/contacts/${id}`, { body: { tags: ['Vip', 'Cafés'] } })
    expect([patched.status, codes(patched.body)]).toEqual([200, []])
    expect((await gateway.call('DELETE', `/lists/whatsapp/contacts/${id}`)).status).toBe(204)
    expect(held[0]?.tags.map((tag) => tag.trim().toLowerCase())).toEqual(['vip'])
    expect((await gateway.call('DELETE', `/lists/whatsapp/contacts/${id}`)).status).toBe(404)
  })
})

describe('a person who is there, given back as she was', () => {
  const old = '2026-03-01T10:00:00Z'
  const before = { id: 'c-1', phone_number: phone, name: 'Jane', tags: ['old'], custom_attributes: { seats: 3 } }
  const stamped = { ...before, created_at: old, updated_at: old }
  const forms: [name: string, contact: Held, said: (contact: Held) => Said][] = [
    ['with 200', stamped, (contact) => ({ status: 200, body: contact })],
    ['with 201', stamped, (contact) => ({ status: 201, body: contact })],
    ['without stamps', before, (contact) => ({ status: 200, body: contact })],
    ['in an envelope', stamped, (contact) => ({ status: 200, body: { success: true, data: contact } })],
    ['beside a word', stamped, (contact) => ({ status: 200, body: { created: false, contact } })],
    ['as a list', stamped, (contact) => ({ status: 200, body: [contact] })],
  ]
  test.each(forms)('(%s) is written over, keeps what she had, and is not "created"', async (_name, contact, said) => {
    held = [structuredClone(contact)]
    onExisting = said
    const outcome = await add()
    expect([outcome.status, codes(outcome)]).toEqual(['updated', []])
    expect(held).toMatchObject([
      { name: 'Jane Smith', tags: ['Cafés', 'old', 'Vip'], custom_attributes: { seats: 3, city: 'Pune' } },
    ])
  })

  test.each(forms)('(%s) is left alone where that was asked', async (_name, contact, said) => {
    held = [structuredClone(contact)]
    onExisting = said
    const outcome = await add(jane, { onConflict: 'skip' })
    expect([outcome.status, codes(outcome)]).toEqual(['skipped', ['not_on_list']])
    expect(held).toEqual([contact])
  })

  test.each(forms)('(%s) is told alike when she is sent alone', async (_name, contact, said) => {
    held = [structuredClone(contact)]
    onExisting = said
    const { status, body } = await gateway.call('POST', '/contacts?account=vobiz-in', { body: jane })
    expect([status, body.status]).toEqual([200, 'updated'])
    expect(held).toMatchObject([{ name: 'Jane Smith', custom_attributes: { seats: 3, city: 'Pune' } }])
  })
})

describe('two who write one person at the same time', () => {
  const id = encodeURIComponent('vobiz-in:c-1')
  const addTo = (list: string, contact: object) =>
    gateway.call('POST', `/lists/${list}/contacts`, { body: { contacts: [{ name: 'Jane', phone, ...contact }] } })
  const single = (contact: object) =>
    gateway.call('POST', '/contacts?account=vobiz-in', { body: { name: 'Jane', phone, ...contact } })
  const patch = (body: object) => gateway.call('PATCH', `/contacts/${id}`, { body })
  const pairs: [name: string, both: () => Promise<Answer>[], tags: string[], attributes: object][] = [
    [
      'to two lists',
      () => [addTo('whatsapp', { tags: ['a'] }), addTo('second', { tags: ['b'] })],
      ['Cafés', 'a', 'b', 'old', 'second'],
      {},
    ],
    [
      'alone',
      () => [single({ tags: ['a'] }), single({ tags: ['b'], attributes: { y: 2 } })],
      ['Cafés', 'a', 'b', 'old'],
      { y: 2 },
    ],
    [
      'by two patches',
      () => [patch({ attributes: { x: 1 } }), patch({ attributes: { y: 2 } })],
      ['Cafés', 'old'],
      { x: 1, y: 2 },
    ],
    [
      'by an add and a patch',
      () => [addTo('second', { attributes: { x: 1 } }), patch({ attributes: { y: 2 } })],
      ['Cafés', 'old', 'second'],
      { x: 1, y: 2 },
    ],
    [
      'by an add and a removal from another list',
      () => [addTo('second', {}), gateway.call('DELETE', `/lists/whatsapp/contacts/${id}`)],
      ['old', 'second'],
      {},
    ],
  ]
  test.each(pairs)('(%s) lose nothing of each other', async (_name, both, tags, attributes) => {
    held = [{ id: 'c-1', phone_number: phone, name: 'Jane', tags: ['old', 'Cafés'], custom_attributes: {} }]
    for (const { status } of await Promise.all(both())) expect(status).toBeLessThan(300)
    expect([held[0]?.tags.toSorted(), held[0]?.custom_attributes]).toEqual([tags.toSorted(), attributes])
  })
})
