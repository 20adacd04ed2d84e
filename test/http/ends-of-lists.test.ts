import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { htmlPage } from '../providers/adapter-cases.ts'
import { documented } from '../providers/vobiz-example.ts'
import { type Asked, type OddProvider, type Said, startOddProvider } from '../support/odd-provider.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

/** How a provider ends a list, keeps to its filters, and searches: an empty answer must mean "not there". */
let provider: OddProvider
let gateway: TestGateway
let answer: (asked: Asked) => Said
beforeAll(async () => {
  provider = await startOddProvider((asked) => answer(asked))
  const account = { baseUrl: provider.url, retries: 0, breaker: { failureRate: 1, minimumCalls: 100_000 } }
  gateway = await startGateway({
    accounts: { 'vobiz-in': account },
    lists: { whatsapp: { targets: [{ account: 'vobiz-in', tag: 'VIP' }] } },
  })
})
afterAll(async () => {
  await gateway.close()
  await provider.close()
})
beforeEach(() => {
  answer = () => ({ status: 500 })
})

const routes = ['/contacts?account=vobiz-in', '/lists/whatsapp/contacts?account=vobiz-in'] as const
const error = (status: number, message: string) => ({ status, body: { error: { code: 'BAD', message } } })

async function readSecond(route: string, second: Said) {
  answer = ({ query }) => (query.get('page') === '1' ? { body: { items: [documented], has_more: true } } : second)
  const first = await gateway.call('GET', `${route}&limit=1`)
  expect(first.body.nextCursor).toEqual(expect.any(String))
  return gateway.call('GET', `${route}&limit=1&cursor=${encodeURIComponent(first.body.nextCursor)}`)
}

describe.each(routes)('%s: a page past the end', (route) => {
  test.each<[name: string, said: Said]>([
    ['404 in words', { status: 404, body: { detail: 'Invalid page.' } }],
    ['404 with nothing', { status: 404 }],
    ['404 with a code', { status: 404, body: { status: 'error', error: { code: 'PAGE_NOT_FOUND', message: 'no' } } }],
    ['416', { status: 416 }],
    ['400 in words', error(400, 'page is out of range')],
    ['422 in words', error(422, 'The offset lies past the last record.')],
    ['204', { status: 204 }],
    ['an empty list', { body: { items: [], total: 1, page: 2, limit: 1, has_more: false } }],
    ['no list', { body: { items: null } }],
    ['an empty list that says that there is more', { body: { items: [], has_more: true } }],
    ['an empty list in an envelope', { body: { success: true, data: { contacts: [] } } }],
  ])('(%s) is an empty last one', async (_name, said) => {
    const { status, body } = await readSecond(route, said)
    expect([status, body]).toEqual([200, { items: [], nextCursor: null }])
  })

  test.each<[name: string, said: Said]>([
    ['a page of HTML with 404', { status: 404, body: htmlPage }],
    ['a router', { status: 404, body: { error: 'Not Found', message: 'Route GET:/contacts not found' } }],
    ['a refusal of something else', error(400, 'limit is too small')],
    ['credentials', { status: 401 }],
    ['a failure', { status: 500 }],
    ['a success that is none', { body: { success: false, items: [] } }],
  ])('(%s) is not told as the end', async (_name, said) => {
    const { status, body } = await readSecond(route, said)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).not.toBe(404)
    expect(body.items).toBeUndefined()
  })
})

describe.each(routes)('%s: a first page', (route) => {
  test.each<[name: string, said: Said]>([
    ['404', { status: 404, body: { detail: 'Not Found' } }],
    ['404 with nothing', { status: 404 }],
    ['416', { status: 416 }],
    ['400 in words of pages', error(400, 'page is out of range')],
  ])('(%s) is never empty by a refusal', async (_name, said) => {
    answer = () => said
    const { status, body } = await gateway.call('GET', route)
    expect([status >= 400 && status !== 404, body.items]).toEqual([true, undefined])
  })
})

describe('a filter that the provider does not know', () => {
  const other = { ...documented, id: 'c-2', name: 'Jane Planted', tags: ['other'] }
  const filtered = [`${routes[0]}&tag=vip`, routes[1]]
  const lists: [name: string, items: object[], shown: number][] = [
    ['everybody', [documented, other], 1],
    ['others alone', [other], 0],
    ['tags in another case', [{ ...documented, tags: ['ViP '] }, other], 1],
    [
      'tags as objects',
      [
        { ...documented, tags: [{ name: 'vip' }] },
        { ...other, tags: [{ name: 'other' }] },
      ],
      1,
    ],
    [
      'tags as a text',
      [
        { ...documented, tags: 'new, vip' },
        { ...other, tags: 'vipers' },
      ],
      1,
    ],
    ['a longer tag', [documented, { ...other, tags: ['vip-plus'] }], 1],
  ]
  test.each(filtered.flatMap((route) => lists.map((list) => [route, ...list] as const)))(
    '%s: of %s only who belongs there is shown',
    async (route, _name, items, shown) => {
      answer = () => ({ body: { items, total: items.length, page: 1, limit: 25, has_more: false } })
      const { status, body, text } = await gateway.call('GET', route)
      expect([status, body.items.length]).toEqual([200, shown])
      expect(text).not.toContain('Planted')
    },
  )
})

test.each([
  'rahul@example.com',
  'RAHUL@EXAMPLE.COM',
  ' rahul@example.com ',
  'rahul+tag@example.com',
  '@example.com',
  'rahul@',
])('a search for %j is refused, since no e-mail address is searched, and nobody is asked', async (search) => {
  const asked = provider.asked().length
  const { status, body } = await gateway.call('GET', `${routes[0]}&search=${encodeURIComponent(search)}`)
  expect([status, body.code]).toEqual([422, 'unsupported-filter'])
  expect(provider.asked()).toHaveLength(asked)
})
