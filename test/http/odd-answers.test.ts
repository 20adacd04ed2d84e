import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { driftKinds } from '../../src/providers/reading/drift.ts'
import { htmlPage } from '../providers/adapter-cases.ts'
import { documented, id } from '../providers/vobiz-example.ts'
import { type Asked, type OddProvider, type Said, startOddProvider } from '../support/odd-provider.ts'
import { readMetrics } from '../support/read-metrics.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

/** The gateway in front of a provider that answers in forms that no document names. */
let provider: OddProvider
let gateway: TestGateway
let answer: (asked: Asked) => Said
beforeAll(async () => {
  provider = await startOddProvider((asked) => answer(asked))
  const account = { baseUrl: provider.url, retries: 0, breaker: { failureRate: 1, minimumCalls: 100_000 } }
  gateway = await startGateway({
    env: { METRICS_PORT: '0' },
    server: { metrics: true },
    accounts: { 'vobiz-in': account, 'octopush-fr': account, 'oblic-main': account },
  })
})
afterAll(async () => {
  await gateway.close()
  await provider.close()
})
beforeEach(() => {
  answer = () => ({ status: 500 })
})

const at = (key: string) => `/contacts/${encodeURIComponent(`vobiz-in:${key}`)}`
const list = (query = '') => gateway.call('GET', `/contacts?account=vobiz-in${query}`)
const jane = { ...documented, name: 'Jane Planted', phone_number: '+33612345678', id: 'c-2' }
const page = (...items: unknown[]) => ({ items, total: items.length, page: 1, limit: 25, has_more: false })

describe('a page of contacts', () => {
  const shown = { id: `vobiz-in:${id}`, name: 'Rahul Sharma', phone: '+919876543210' }
  const forms: [name: string, said: Said][] = [
    ['with a byte order mark', { body: `\ufeff${JSON.stringify(page(documented))}` }],
    [
      'compressed, though nobody asked for it',
      { headers: { 'content-encoding': 'gzip' }, body: gzipSync(JSON.stringify(page(documented))) },
    ],
    ['compressed without a word', { body: gzipSync(JSON.stringify(page(documented))) }],
    ['with 201', { status: 201, body: page(documented) }],
    ['in an envelope', { body: { success: true, data: page(documented) } }],
    ['of Laravel', { body: { current_page: 1, data: [documented], last_page: 1, per_page: 25, total: 1 } }],
    ['with counts as texts', { body: { items: [documented], total: '1', has_more: 'false' } }],
    ['with tags as objects', { body: page({ ...documented, tags: [{ name: 'vip' }] }) }],
    ['with a number without its plus', { body: page({ ...documented, phone_number: '91 98765 43210' }) }],
    ['with a number that is one', { body: page({ ...documented, phone_number: 919876543210 }) }],
    ['with nothing for attributes', { body: page({ ...documented, custom_attributes: [] }) }],
    ['with times as numbers', { body: page({ ...documented, created_at: 1_772_359_200 }) }],
  ]
  test.each(forms)('%s is read, and counted', async (_name, said) => {
    answer = () => said
    const before = await drifts()
    const { status, body } = await list()
    expect([status, body.items]).toEqual([200, [expect.objectContaining(shown)]])
    expect(body.warnings).toBeUndefined()
    expect(await drifts()).toBeGreaterThan(before)
  })

  test.each([
    ['null', { items: null }],
    ['null with a total', { items: null, total: 0, has_more: false }],
    ['an empty list', { data: [] }],
  ])('of nobody: %s', async (_name, body) => {
    answer = () => ({ body })
    expect((await list()).body).toEqual({ items: [], nextCursor: null })
  })

  test('of nobody: 204', async () => {
    answer = () => ({ status: 204 })
    expect((await list()).body).toEqual({ items: [], nextCursor: null })
  })

  test.each([
    ['without an id', { name: 'Nobody Planted' }],
    ['a text', 'Nobody Planted'],
    ['null', null],
  ])('with one odd item: %s: it is left out alone, and that is said', async (_name, odd) => {
    answer = () => ({ body: page(documented, odd) })
    const { status, body, text } = await list()
    expect([status, body.items.length]).toEqual([200, 1])
    expect(body.warnings).toEqual([expect.objectContaining({ code: 'contacts_left_out', pointer: '#/items' })])
    expect(text + gateway.logged()).not.toContain('Nobody Planted')
  })

  test('that is not there is the end of the list, and a first page that is not there is none', async () => {
    answer = ({ query }) =>
      query.get('page') === '1'
        ? { body: { items: [documented], has_more: true } }
        : { status: 404, body: { detail: 'Invalid page.' } }
    const first = await list('&limit=1')
    expect(first.body.nextCursor).toEqual(expect.any(String))
    const second = await list(`&limit=1&cursor=${encodeURIComponent(first.body.nextCursor)}`)
    expect([second.status, second.body]).toEqual([200, { items: [], nextCursor: null }])
    answer = () => ({ status: 404, body: { detail: 'Not Found' } })
    expect((await list()).body).toMatchObject({ status: 502, code: 'provider-unreadable' })
  })

  test('whose filter was ignored shows nobody who does not belong on it', async () => {
    answer = () => ({ body: page(documented, { ...jane, tags: ['other'] }) })
    expect((await list('&tag=VIP')).body.items).toEqual([expect.objectContaining(shown)])
    const ofList = await gateway.call('GET', '/lists/newsletter/contacts?account=vobiz-in')
    expect(ofList.body.items).toEqual([])
    answer = () => ({ body: page({ id: 'a', name: 'A' }, { id: 'b', name: 'B' }) })
    expect((await list('&tag=vip')).body.items).toHaveLength(2)
  })

  test('that is too large is asked for in smaller ones, and comes whole and in order', async () => {
    const large = (number: number) => ({
      ...documented,
      id: `c-${number}`,
      custom_attributes: { note: 'x'.repeat(900_000) },
    })
    answer = ({ query }) => {
      const [number, limit] = [Number(query.get('page')), Number(query.get('limit'))]
      const start = (number - 1) * limit
      const items = Array.from({ length: Math.max(0, Math.min(limit, 21 - start)) }, (_, i) => large(start + i))
      return { body: { items, total: 21, page: number, limit, has_more: start + limit < 21 } }
    }
    const first = await list('&limit=12')
    expect(first.body.items.map((item: { id: string }) => item.id)).toEqual(
      Array.from({ length: 12 }, (_, i) => `vobiz-in:c-${i}`),
    )
    const second = await list(`&limit=12&cursor=${encodeURIComponent(first.body.nextCursor)}`)
    expect(second.body.items.map((item: { id: string }) => item.id)).toEqual(
      Array.from({ length: 9 }, (_, i) => `vobiz-in:c-${i + 12}`),
    )
    expect(second.body.nextCursor).toBeNull()
  })

  test('of which even one contact is too large says what to do', async () => {
    answer = () => ({ body: page({ ...documented, name: 'x'.repeat(9 * 1024 * 1024) }) })
    const { body } = await list('&limit=4')
    expect(body).toMatchObject({ status: 502, code: 'provider-unreadable', detail: expect.stringContaining('limit') })
  })
})

describe('a search', () => {
  test('for an e-mail address is refused where none is searched, and the provider is not asked', async () => {
    const asked = provider.asked().length
    const { status, body } = await list('&search=rahul%40example.com')
    expect([status, body.code]).toEqual([422, 'unsupported-filter'])
    expect(body.errors[0].detail).toContain('names and numbers')
    expect(provider.asked()).toHaveLength(asked)
  })

  test.each(['+919876543210', '+91 98765 43210'])(
    'for %s finds a number that is kept without its plus',
    async (search) => {
      answer = ({ query }) =>
        query.get('search') === '919876543210'
          ? { body: page({ ...documented, phone_number: '919876543210' }) }
          : { body: page() }
      const { body } = await list(`&search=${encodeURIComponent(search)}`)
      expect(body.items).toEqual([expect.objectContaining({ phone: '+919876543210' })])
    },
  )
})

describe('"not there"', () => {
  const foreign: [name: string, said: Said][] = [
    ['a page', { status: 404, body: htmlPage }],
    ['a text', { status: 404, body: '404 page not found\n' }],
    ['a router', { status: 404, body: { message: 'no Route matched with those values' } }],
  ]
  test.each(foreign)('of %s is none: nothing is gone by it, and baseUrl is named', async (_name, said) => {
    answer = () => said
    const read = await gateway.call('GET', at(id))
    expect(read.body).toMatchObject({
      status: 502,
      code: 'provider-unreadable',
      detail: expect.stringContaining('baseUrl'),
    })
    for (const [method, path, body] of [
      ['DELETE', at(id), undefined],
      ['PATCH', at(id), { name: 'X' }],
      ['DELETE', `/lists/newsletter${at(id)}`, undefined],
      ['DELETE', `/contacts/${encodeURIComponent('octopush-fr:+33612345678')}`, undefined],
    ] as const) {
      const { body: problem } = await gateway.call(method, path, { body })
      expect([502, 504], `${method} ${path}`).toContain(problem?.status)
      expect(problem.detail).toContain('baseUrl')
    }
  })

  test.each([
    ['its own words', { status: 404, body: { status: 'error', error: { code: 'CONTACT_NOT_FOUND', message: 'no' } } }],
    ['a flat form', { status: 404, body: { message: 'No query results for model [Contact] 17' } }],
    ['nothing', { status: 404 }],
  ])('in %s is 404', async (_name, said) => {
    answer = () => said
    for (const [method, body] of [['GET'], ['DELETE'], ['PATCH', { name: 'X' }]] as const)
      expect((await gateway.call(method, at(id), { body })).body).toMatchObject({ status: 404, code: 'not-found' })
  })

  test('a deletion whose answer was none is asked about: gone is gone, and there is there', async () => {
    const gone = { status: 404, body: { error: { code: 'CONTACT_NOT_FOUND', message: 'no' } } }
    // A provider whose last answers were of no use is not asked about lost calls before one of use came.
    answer = () => ({ body: documented })
    await gateway.call('GET', at(id))
    answer = ({ method }) => (method === 'DELETE' ? { status: 200, body: htmlPage } : gone)
    expect((await gateway.call('DELETE', at(id))).status).toBe(204)
    answer = ({ method }) => (method === 'DELETE' ? { status: 404, body: htmlPage } : { body: documented })
    expect((await gateway.call('DELETE', at(id))).body).toMatchObject({ status: 504, code: 'outcome-unknown' })
  })
})

describe('an id', () => {
  test.each([7, '65f1c0ffee65f1c0ffee65f1', '01ARZ3NDEKTSV4RRFFQ69G5FAV', 'con_8-x~y.z', id])(
    '%s that is handed out is taken back',
    async (key) => {
      answer = ({ path }) => ({
        body: path === '/contacts' ? page({ ...documented, id: key }) : { ...documented, id: key },
      })
      const [item] = (await list()).body.items
      for (const [method, body] of [['GET'], ['PATCH', { name: 'Rahul Sharma' }]] as const)
        expect(await gateway.call(method, `/contacts/${encodeURIComponent(item.id)}`, { body })).toMatchObject({
          status: 200,
          body: { id: item.id },
        })
      answer = () => ({ status: 204 })
      expect((await gateway.call('DELETE', `/contacts/${encodeURIComponent(item.id)}`)).status).toBe(204)
      expect(provider.asked().at(-1)?.path).toBe(`/contacts/${key}`)
    },
  )

  test.each(['a/b', 'a..b', 'contact:7', '-a', 'x'.repeat(200)])('%s is handed out to nobody', async (key) => {
    answer = () => ({ body: page({ ...documented, id: key }) })
    const { body } = await list()
    expect(body.items).toEqual([expect.objectContaining({ name: 'Rahul Sharma' })])
    expect(body.items[0].id).toBeUndefined()
  })
})

describe('a change', () => {
  const patch = (said: Said) => {
    answer = ({ method }) => (method === 'PUT' ? said : { body: documented })
    return gateway.call('PATCH', at(id), { body: { name: 'Ravi' } })
  }
  test.each([
    { success: false },
    { ok: false },
    { error: 'no' },
    { status: 'invalid' },
    { status: 'queued' },
    { ...documented, name: 'Ravi', status: 'error' },
  ])('answered 200 with %j is not said to be made', async (body) => {
    const answered = await patch({ body })
    expect(answered.body).toMatchObject({ status: 504, code: 'outcome-unknown' })
  })

  test('that the provider says it skipped is a conflict', async () => {
    expect((await patch({ body: { status: 'skipped' } })).body).toMatchObject({ status: 409, code: 'conflict' })
  })

  test.each([[{ id }], [{}], [{ success: true }]])(
    'answered with %j shows what was sent, and says so',
    async (body) => {
      const answered = await patch({ body })
      expect(answered).toMatchObject({
        status: 200,
        body: { name: 'Ravi', tags: ['vip'], attributes: { company: 'Acme' } },
      })
      expect(answered.body.warnings).toEqual([expect.objectContaining({ code: 'shown_as_sent' })])
    },
  )

  test('answered with somebody else shows nothing of that person', async () => {
    const answered = await patch({ body: jane })
    expect(answered.body).toMatchObject({ status: 504, code: 'outcome-unknown' })
    expect(answered.text + gateway.logged()).not.toContain('Planted')
  })
})

describe('reading one contact', () => {
  test('that is answered with somebody else shows nothing of that person', async () => {
    answer = () => ({ body: jane })
    const answered = await gateway.call('GET', at(id))
    expect(answered.body).toMatchObject({ status: 502, code: 'provider-unreadable' })
    expect(answered.text + gateway.logged()).not.toContain('Planted')
  })
})

describe('what a contact does not show', () => {
  const forms: [name: string, shown: object][] = [
    ['since it shows its id alone', { id }],
    ['in a form that is not known', { ...documented, tags: 7, custom_attributes: ['Acme', 'vip'] }],
    ['in a list of who knows what', { ...documented, tags: ['vip', ['new']], custom_attributes: 'company=Acme' }],
  ]
  test.each(forms)('(%s) is not said to be empty, and not written over', async (_name, shown) => {
    answer = () => ({ body: shown })
    const { status, body } = await gateway.call('GET', at(id))
    expect([status, body.id, body.tags, body.attributes]).toEqual([200, `vobiz-in:${id}`, undefined, undefined])
    for (const [method, path, sent] of [
      ['PATCH', at(id), { attributes: { seat: 7 } }],
      ['PATCH', at(id), { email: 'r@example.com' }],
      ['DELETE', `/lists/newsletter${at(id)}`, undefined],
    ] as const) {
      const refused = await gateway.call(method, path, { body: sent })
      expect([refused.status, refused.body.code]).toEqual([502, 'provider-unreadable'])
    }
    expect((await gateway.call('PATCH', at(id), { body: { name: 'Ravi' } })).status).toBe(200)
  })

  test('is not lost when the person is added once more', async () => {
    const puts = () => provider.asked().filter(({ method }) => method === 'PUT').length
    const before = puts()
    answer = ({ method }) =>
      method === 'POST'
        ? { status: 409, body: { error: { code: 'DUPLICATE_CONTACT', message: 'no' } } }
        : { body: page({ ...documented, tags: 7 }) }
    const sent = { name: 'Rahul Sharma', phone: documented.phone_number, tags: ['new'] }
    const { status, body } = await gateway.call('POST', '/contacts?account=vobiz-in', { body: sent })
    expect([status, body.code, puts()]).toEqual([502, 'provider-unreadable', before])
  })

  test('is most likely empty where it is left out of a contact that is shown: who writes over it is warned', async () => {
    const { tags: _tags, custom_attributes: _attributes, ...bare } = documented
    answer = () => ({ body: bare })
    expect((await gateway.call('GET', at(id))).body).toMatchObject({ tags: [], attributes: {} })
    const patched = await gateway.call('PATCH', at(id), { body: { attributes: { seat: 7 } } })
    const warning = expect.objectContaining({ code: 'tags_may_be_replaced', pointer: '#/attributes' })
    expect([patched.status, patched.body.warnings]).toEqual([200, expect.arrayContaining([warning])])
    expect((await gateway.call('DELETE', `/lists/newsletter${at(id)}`)).body.code).toBe('provider-unreadable')
  })
})

describe('whom a refusal blames', () => {
  test.each([
    [402, { message: 'no' }, 'balance'],
    [403, { error: { code: 'QUOTA_EXCEEDED', message: 'no' } }, 'balance'],
    [405, htmlPage, 'baseUrl'],
    [410, { message: 'Gone' }, 'baseUrl'],
    [415, { message: 'no' }, 'baseUrl'],
    [501, '', 'baseUrl'],
  ])('%i with %j: the operator, by the word %s', async (status, body, word) => {
    answer = () => ({ status, body })
    for (const [method, path, sent] of [
      ['GET', at(id)],
      ['DELETE', at(id)],
      ['POST', '/contacts?account=vobiz-in', { name: 'Jane', phone: '+919876543210' }],
    ] as const) {
      const { body: problem } = await gateway.call(method, path, { body: sent })
      expect(problem).toMatchObject({ status: 502, code: 'provider-unavailable', retriable: false })
      expect(problem.detail).toContain(word)
    }
    const batch = await gateway.call('POST', '/lists/newsletter/contacts', {
      body: { contacts: [{ name: 'Jane', phone: '+919876543210', email: 'jane@example.com' }] },
    })
    for (const outcome of batch.body.results[0].outcomes)
      expect(outcome).toMatchObject({ status: 'failed', error: { retriable: false } })
  })
})

test('an answer that was read tolerantly is logged once a day, by its form and never by a value', async () => {
  const own = await startGateway({ accounts: { 'vobiz-in': { baseUrl: provider.url } } })
  answer = () => ({ body: page({ ...jane, tags: 'vip,new' }) })
  await own.call('GET', '/contacts?account=vobiz-in')
  await own.call('GET', '/contacts?account=vobiz-in')
  const lines = own
    .logged()
    .split('\n')
    .filter((line) => line.includes('"drift"'))
    .map((line) => JSON.parse(line))
  expect(lines).toEqual([
    expect.objectContaining({
      level: 40,
      account: 'vobiz-in',
      operation: 'listContacts',
      drift: ['list_form'],
      shape: expect.stringContaining('tags: string'),
    }),
  ])
  expect(own.logged()).not.toContain('Planted')
  await own.close()
})

/** How many differences were bridged in lists so far. */
async function drifts(): Promise<number> {
  const metrics = await readMetrics(gateway.metricsUrl as string)
  const place = { account: 'vobiz-in', operation: 'listContacts' }
  return driftKinds
    .map((kind) => metrics.value('contact_gateway_provider_drift_total', { ...place, kind }))
    .reduce((sum, value) => sum + value, 0)
}
