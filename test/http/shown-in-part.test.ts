import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Asked, type OddProvider, type Said, startOddProvider } from '../support/odd-provider.ts'
import { type Answer, startGateway, type TestGateway } from '../support/start-gateway.ts'

/**
 * A provider that shows less of a contact than it has, in its lists, or everywhere. What it does not show is not said to be
 * empty, and is not written over in silence.
 */
type Held = {
  id: string
  created_at?: string
  updated_at?: string
  phone_number: string
  name: string
  tags: string[]
  custom_attributes: object
}
type Form = (contact: Held) => object

const brief: Form = ({ id, phone_number, name }) => ({ id, phone_number, name })
const withoutTags: Form = ({ tags, ...others }) => others
const withoutAttributes: Form = ({ custom_attributes, ...others }) => others
const idAlone: Form = ({ id }) => ({ id })
const whole: Form = (contact) => contact

let provider: OddProvider
let gateway: TestGateway
let held: Held[]
let inList: Form
let alone: Form
let search: (query: string, contact: Held) => boolean
let page: (items: object[]) => object
let onCreate: 'conflict' | 'lost'

beforeAll(async () => {
  provider = await startOddProvider(answer)
  const account = { baseUrl: provider.url, retries: 0, csvImport: false, settleAfterMs: 60 }
  gateway = await startGateway({
    accounts: { 'vobiz-in': { ...account, breaker: { failureRate: 1, minimumCalls: 100_000 } } },
    lists: { whatsapp: { targets: [{ account: 'vobiz-in', tag: 'insiders' }] } },
  })
})
afterAll(async () => {
  await gateway.close()
  await provider.close()
})
beforeEach(() => {
  held = [{ ...jane, tags: ['vip', 'insiders'], custom_attributes: { city: 'Pune' } }]
  inList = brief
  alone = whole
  page = (items) => ({ items, total: items.length, page: 1, limit: 100, has_more: false })
  search = (query, { phone_number }) => phone_number.includes(query)
  onCreate = 'conflict'
})

const jane = { id: 'c-1', phone_number: '+919876543210', name: 'Jane' }
const gone: Said = { status: 404, body: { status: 'error', error: { code: 'CONTACT_NOT_FOUND', message: 'no' } } }

function answer({ method, path, query, body }: Asked): Said {
  if (method === 'GET' && path === '/contacts') {
    const items = held.filter((contact) => search(query.get('search') ?? '', contact)).map(inList)
    return { body: page(items) }
  }
  if (method === 'POST') return create(JSON.parse(body))
  const contact = held.find(({ id }) => path.endsWith(id))
  if (contact === undefined) return gone
  if (method === 'PUT') Object.assign(contact, JSON.parse(body))
  return { body: alone(contact) }
}

function create(sent: Partial<Held>): Said {
  const isThere = held.some(({ phone_number }) => phone_number === sent.phone_number)
  if (isThere && onCreate === 'conflict') return { status: 409, body: { error: { code: 'DUPLICATE', message: 'no' } } }
  const now = new Date().toISOString()
  held.push({
    id: `c-${held.length + 1}`,
    created_at: now,
    updated_at: now,
    name: '',
    phone_number: '',
    tags: [],
    custom_attributes: {},
    ...sent,
  })
  return { status: 502, body: '<html></html>' }
}

const id = encodeURIComponent('vobiz-in:c-1')
const add = async (more: object = {}) => {
  const contact = { name: 'Jane Smith', phone: jane.phone_number, tags: ['new'], attributes: { seats: 3 } }
  const { body } = await gateway.call('POST', '/lists/whatsapp/contacts', { body: { contacts: [contact], ...more } })
  return body.results[0].outcomes[0] as Answer['body']
}
const codes = ({ warnings = [] }: Answer['body']) => warnings.map(({ code }: Answer['body']) => code)

describe('a list that shows contacts in part', () => {
  test.each([
    ['their name and number', brief],
    ['all but their tags', withoutTags],
    ['all but their attributes', withoutAttributes],
  ])('(%s): a contact that is there is asked for, and keeps its tags and attributes', async (_name, form) => {
    inList = form
    const outcome = await add()
    expect([outcome.status, codes(outcome)]).toEqual(['updated', []])
    expect(held).toEqual([
      { ...jane, name: 'Jane Smith', tags: ['insiders', 'vip', 'new'], custom_attributes: { city: 'Pune', seats: 3 } },
    ])
  })

  test('is shown so, without a word on tags and attributes', async () => {
    const { body } = await gateway.call('GET', '/contacts?account=vobiz-in')
    expect(body.items).toEqual([
      { id: 'vobiz-in:c-1', provider: 'vobiz', account: 'vobiz-in', name: 'Jane', phone: jane.phone_number },
    ])
  })
})

describe('a contact that is shown without its number, even where it is asked for alone,', () => {
  const forms: [name: string, form: Form][] = [
    ['its id', idAlone],
    ['its id and name', ({ id, name }) => ({ id, name })],
    ['its id in an envelope', ({ id }) => ({ success: true, data: { id } })],
  ]
  test.each(forms)('(%s) is read without what is not shown', async (_name, form) => {
    alone = form
    const { status, body } = await gateway.call('GET', `/contacts/${id}`)
    expect([status, 'tags' in body, 'attributes' in body]).toEqual([200, false, false])
  })

  test.each(forms)('(%s) is neither said to be off the list nor taken off it', async (_name, form) => {
    alone = form
    const off = await gateway.call('DELETE', `/lists/whatsapp/contacts/${id}`)
    expect(off.body).toMatchObject({ status: 502, code: 'provider-unreadable' })
    const skipped = await add({ onConflict: 'skip' })
    expect([skipped.status, codes(skipped)]).toEqual(['skipped', ['not_on_list']])
    expect(skipped.warnings[0].detail).toContain('does not show whether')
    expect(held[0]?.tags).toEqual(['vip', 'insiders'])
  })

  test.each(forms)(
    '(%s) keeps what is not shown: a name is written, attributes and tags are not',
    async (_name, form) => {
      alone = form
      const patch = (body: object) => gateway.call('PATCH', `/contacts/${id}`, { body })
      expect((await patch({ name: 'Ann' })).status).toBe(200)
      expect((await patch({ attributes: { seats: 3 } })).status).toBe(502)
      expect(['failed', 'unknown']).toContain((await add()).status)
      expect(held).toEqual([{ ...jane, name: 'Ann', tags: ['vip', 'insiders'], custom_attributes: { city: 'Pune' } }])
    },
  )
})

describe('a search that does not find a number with its plus', () => {
  const ways: [name: string, finds: typeof search][] = [
    ['since it is kept without', (query, { phone_number }) => phone_number.slice(1).startsWith(query) && query !== ''],
    ['since it is decoded twice', (query, { phone_number }) => phone_number.includes(query.replace('+', ' '))],
    ['since it takes whole words', (query, { phone_number }) => phone_number.replace('+', '') === query],
  ]
  test.each(ways)('(%s) does not make a lost create be sent twice', async (_name, finds) => {
    search = finds
    held = []
    onCreate = 'lost'
    inList = whole
    const outcome = await add()
    expect([outcome.status, held.length]).toEqual(['created', 1])
  })

  test.each(ways)('(%s) finds who is there already', async (_name, finds) => {
    search = finds
    inList = whole
    expect((await add()).status).toBe('updated')
    expect(held[0]?.tags).toEqual(['insiders', 'vip', 'new'])
  })
})

describe('a search that proves nothing', () => {
  const others = Array.from({ length: 3 }, (_, i) => ({
    id: `o-${i}`,
    phone_number: `+91000000000${i}`,
    name: 'Other',
  }))
  const pages: [name: string, form: typeof page][] = [
    ['says nothing of its end', () => ({ items: others })],
    ['says that there is more', () => ({ items: others, has_more: true })],
    ['says that there are more', () => ({ items: others, total: 5 })],
    ['is one of several', () => ({ data: others, current_page: 1, last_page: 2 })],
    ['has a contact without a number', () => ({ items: [{ id: 'o-1', name: 'Other' }], total: 1, has_more: false })],
    ['has an item that is none', () => ({ items: [...others, null], total: 4, has_more: false })],
    ['holds nothing where one is counted', () => ({ items: null, total: 1 })],
    ['is a failure', () => ({ success: false, items: [] })],
  ]
  test.each(pages)('(it %s) does not make a lost create be sent twice', async (_name, form) => {
    held = []
    onCreate = 'lost'
    page = form
    const outcome = await add()
    expect([outcome.status, outcome.error.retriable, held.length]).toEqual(['unknown', true, 1])
  })
})
