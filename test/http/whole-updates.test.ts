import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Asked, type OddProvider, type Said, startOddProvider } from '../support/odd-provider.ts'
import { type Answer, startGateway, type TestGateway } from '../support/start-gateway.ts'

/** A provider whose update empties what is not in it, and may show that or not. */
type Held = { id: string; phone_number: string; name?: string; tags?: string[]; custom_attributes?: object }

let provider: OddProvider
let gateway: TestGateway
let held: Held
let shown: (contact: Held) => unknown
beforeAll(async () => {
  provider = await startOddProvider(answer)
  gateway = await startGateway({
    accounts: { 'vobiz-in': { baseUrl: provider.url, csvImport: false, updateReplaces: true } },
    lists: {
      whatsapp: { targets: [{ account: 'vobiz-in', tag: 'insiders' }] },
      second: { targets: [{ account: 'vobiz-in', tag: 'second' }] },
    },
  })
})
afterAll(async () => {
  await gateway.close()
  await provider.close()
})

const phone = '+919876543210'
const id = encodeURIComponent('vobiz-in:c-1')
beforeEach(() => {
  held = {
    id: 'c-1',
    phone_number: phone,
    name: 'Jane',
    tags: ['vip', 'insiders'],
    custom_attributes: { city: 'Pune', email: 'jane@example.com' },
  }
})

function answer({ method, path, body }: Asked): Said {
  if (method === 'POST') return { status: 409, body: { error: { code: 'DUPLICATE_CONTACT', message: 'no' } } }
  if (method === 'GET' && path === '/contacts') return { body: { items: [held], total: 1, has_more: false } }
  if (method !== 'PUT') return { body: held }
  held = { id: held.id, phone_number: held.phone_number, ...JSON.parse(body) }
  return { body: shown(held) }
}

const forms: [name: string, form: typeof shown][] = [
  ['shows all', (contact) => contact],
  ['shows an id', ({ id }) => ({ id })],
  ['says that it is done', () => ({ success: true })],
]
const changes: [name: string, call: () => Promise<Answer>, after: Partial<Held>][] = [
  ['a patch of the name', () => gateway.call('PATCH', `/contacts/${id}`, { body: { name: 'Ann' } }), { name: 'Ann' }],
  [
    'a patch of the tags',
    () => gateway.call('PATCH', `/contacts/${id}`, { body: { tags: ['new'] } }),
    { tags: ['new'] },
  ],
  [
    'a patch of an attribute',
    () => gateway.call('PATCH', `/contacts/${id}`, { body: { attributes: { seats: 3 } } }),
    { custom_attributes: { city: 'Pune', seats: 3, email: 'jane@example.com' } },
  ],
  [
    'an add to another list',
    () => gateway.call('POST', '/lists/second/contacts', { body: { contacts: [{ name: 'Jane', phone }] } }),
    { tags: ['second', 'vip', 'insiders'] },
  ],
  ['a removal from a list', () => gateway.call('DELETE', `/lists/whatsapp/contacts/${id}`), { tags: ['vip'] }],
]

describe.each(forms)('where the answer to an update %s,', (_form, form) => {
  test.each(changes)('%s leaves all else as it was', async (_name, call, after) => {
    shown = form
    const before = structuredClone(held)
    expect((await call()).status).toBeLessThan(300)
    expect(held).toEqual({ ...before, ...after })
  })
})
