import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
/** Another process with the same key of cursors: those of one must serve at the other. */
let replica: TestGateway
const env = { CURSOR_KEY: randomBytes(32).toString('hex') }
beforeAll(async () => {
  const clients = { other: {}, 'sms-only': { lists: ['sms'] }, 'list-only': { lists: ['whatsapp'], accounts: [] } }
  gateway = await startGateway({ clients, env, accounts: { 'vobiz-two': secondAccount } })
  replica = await startGateway({ clients, env, accounts: { 'vobiz-two': secondAccount } }, gateway.simulators)
  const baseUrl = gateway.simulators.vobiz.baseUrl
  const { authId, authToken } = gateway.simulators.credentials.vobiz
  await Promise.all(
    Array.from({ length: 250 }, (_, i) =>
      fetch(`${baseUrl}/contacts`, {
        method: 'POST',
        headers: { 'x-auth-id': authId, 'x-auth-token': authToken, 'content-type': 'application/json' },
        body: JSON.stringify({
          phone_number: `+9198${String(10_001_000 + i)}`,
          name: i % 10 === 0 ? `Tenth ${i}` : `Person ${i}`,
          tags: i < 60 ? ['whatsapp', 'first'] : ['vip'],
        }),
      }),
    ),
  )
})
afterAll(async () => {
  await replica.close()
  await gateway.close()
})

const secondAccount = {
  provider: 'vobiz',
  credentials: { authId: 'MA_SANDBOX1', authToken: 'vobiz-sandbox-token' },
  baseUrl: 'http://127.0.0.1:1',
}

const path = '/contacts?account=vobiz-in'
const ids = (body: { items: { id: string }[] }) => body.items.map(({ id }) => id)

/** All pages from a path on, by following the links. */
async function readAll(start: string): Promise<{ pages: string[][]; links: number }> {
  const pages: string[][] = []
  let links = 0
  for (let next: string | undefined = start; next !== undefined; ) {
    const { status, headers, body }: Answer = await (links % 2 === 0 ? gateway : replica).call('GET', next)
    expect(status).toBe(200)
    pages.push(ids(body))
    const link = headers.get('link')
    expect(link === null).toBe(body.nextCursor === null)
    next = link === null ? undefined : /^<http:\/\/[^/]+(\/[^>]+)>; rel="next"$/.exec(link)?.[1]
    if (next !== undefined) {
      links++
      expect(new URL(next, gateway.url).searchParams.get('cursor')).toBe(body.nextCursor)
    }
  }
  return { pages, links }
}

describe('250 contacts, read through cursors', () => {
  test.each([
    [1, 250],
    [25, 10],
    [100, 3],
  ])('with limit %i: each exactly once', async (limit, pageCount) => {
    const { pages, links } = await readAll(`${path}&limit=${limit}`)
    const all = pages.flat()
    expect([pages.length, links, all.length, new Set(all).size]).toEqual([pageCount, pageCount - 1, 250, 250])
    expect(new Set(all)).toEqual(new Set(gateway.simulators.vobiz.contacts().map(({ id }) => `vobiz-in:${id}`)))
  })

  test('25 without a limit', async () => {
    expect((await gateway.call('GET', path)).body.items).toHaveLength(25)
  })

  test.each([
    [`${path}&search=tenth&limit=10`, 25],
    [`${path}&tag=first&limit=25`, 60],
    [`${path}&tag=first&search=Tenth`, 6],
    ['/lists/whatsapp/contacts?limit=50', 60],
  ])('%s: those alone', async (start, count) => {
    const all = (await readAll(start)).pages.flat()
    expect([all.length, new Set(all).size]).toEqual([count, count])
  })

  test('in the old form of the page', async () => {
    gateway.simulators.vobiz.setBehaviour({ quirks: { listShape: 'old', extraFields: true } })
    const all = (await readAll(`${path}&limit=100`)).pages.flat()
    gateway.simulators.vobiz.setBehaviour({})
    expect(new Set(all).size).toBe(250)
  })
})

describe('a cursor', () => {
  const first = async () => (await gateway.call('GET', `${path}&limit=25`)).body.nextCursor as string
  const refused = async (query: string, client = 'crm') => {
    const before = gateway.simulators.vobiz.requestTotal()
    const { status, body } = await gateway.call('GET', query, { key: gateway.key(client) })
    expect([query, status, body.code]).toEqual([query, 400, 'invalid-cursor'])
    expect(gateway.simulators.vobiz.requestTotal()).toBe(before)
  }

  test('that was changed in any place, cut, lengthened or made up is 400, and nobody is asked', async () => {
    const cursor = await first()
    const changed = Array.from(cursor, (letter, at) => {
      const other = letter === 'A' ? 'B' : 'A'
      return cursor.slice(0, at) + other + cursor.slice(at + 1)
    })
    for (const bad of [...changed, cursor.slice(0, -1), `${cursor}A`, `${cursor}=`, `${cursor}!`, 'x', '2', 'e30']) {
      await refused(`${path}&limit=25&cursor=${encodeURIComponent(bad)}`)
    }
  })

  test('of another query, another path, another account or another client is 400', async () => {
    const cursor = encodeURIComponent(await first())
    await refused(`${path}&limit=26&cursor=${cursor}`)
    await refused(`${path}&cursor=${cursor}&limit=25&tag=vip`)
    await refused(`${path}&cursor=${cursor}&limit=25&search=x`)
    await refused(`/contacts?account=vobiz-two&limit=25&cursor=${cursor}`)
    await refused(`/lists/whatsapp/contacts?limit=25&cursor=${cursor}`)
    await refused(`${path}&limit=25&cursor=${cursor}`, 'other')
    const { body } = await gateway.call('GET', '/lists/whatsapp/contacts?limit=25')
    await refused(`/lists/newsletter/contacts?account=vobiz-in&limit=25&cursor=${encodeURIComponent(body.nextCursor)}`)
  })

  test('of this query serves in any order of its parameters', async () => {
    const cursor = encodeURIComponent(await first())
    expect((await gateway.call('GET', `/contacts?cursor=${cursor}&account=vobiz-in`)).status).toBe(200)
  })
})

describe('a list of contacts is refused for', () => {
  test.each([
    ['no account, where two can do it', '/contacts', 400, 'account-required'],
    ['an unknown account', '/contacts?account=nothing', 404, 'not-found'],
    ['an account that is not of the list', '/lists/sms/contacts?account=vobiz-in', 404, 'not-found'],
    ['an unknown list', '/lists/nothing/contacts', 404, 'not-found'],
    ['limit 0', `${path}&limit=0`, 422, 'validation-failed'],
    ['limit 101', `${path}&limit=101`, 422, 'validation-failed'],
    ['a limit that is no number', `${path}&limit=x`, 422, 'validation-failed'],
    ['an empty tag', `${path}&tag=`, 422, 'validation-failed'],
    ['two tags', `${path}&tag=a&tag=b`, 422, 'validation-failed'],
    ['an unknown parameter', `${path}&page=2`, 422, 'validation-failed'],
    ['a filter where there is none', '/lists/whatsapp/contacts?tag=vip', 422, 'validation-failed'],
  ])('%s', async (_name, query, status, code) => {
    const { body, ...answer } = await gateway.call('GET', query)
    expect([answer.status, body.code]).toEqual([status, code])
  })

  test("another client's list and account, as if they were not there", async () => {
    const { status } = await gateway.call('GET', '/lists/whatsapp/contacts', { key: gateway.key('sms-only') })
    expect(status).toBe(404)
    for (const target of [path, '/lists/whatsapp/contacts'])
      expect((await gateway.call('GET', target, { key: gateway.key('list-only') })).status).toBe(404)
  })
})

describe('a provider that does not answer a reading call as documented', () => {
  test.each([
    ['401', { status: 401 }, 502, 'provider-credentials', false],
    ['429', { rateLimit: {} }, 503, 'provider-busy', true],
    ['400', { status: 400 }, 422, 'validation-failed', false],
    ['500', { status: 500 }, 502, 'provider-unavailable', true],
    ['HTML', { garbage: {} }, 502, 'provider-unreadable', false],
    ['another form', { garbage: { text: '{"items":[{"x":1}]}' } }, 502, 'provider-unreadable', false],
    ['a redirect', { redirect: { location: 'http://127.0.0.1:1/' } }, 502, 'provider-unreadable', false],
    ['no answer', { hang: 'before' }, 504, 'deadline-exceeded', true],
  ] as const)('%s', async (_name, behaviour, status, code, retriable) => {
    const own = await startGateway({ accounts: { 'vobiz-in': { timeoutMs: 300, retries: 0 } } }, gateway.simulators)
    gateway.simulators.vobiz.setBehaviour(behaviour)
    for (const target of [path, '/contacts/vobiz-in%3Acnt_xyz789', '/lists/whatsapp/contacts']) {
      const { body, ...answer } = await own.call('GET', target)
      expect([target, answer.status, body.code, body.retriable]).toEqual([target, status, code, retriable])
      expect(body.provider.account).toBe('vobiz-in')
      expect(body.detail).not.toContain('may have been applied')
    }
    gateway.simulators.vobiz.setBehaviour({})
    await own.close()
  })
})

test('an answer in a form that is not documented stands in the log by its shape, without a value', async () => {
  const text = '{"people":[{"id":"x","secret":"S3CRET","+919876543210":1}],"total":1}'
  gateway.simulators.vobiz.setBehaviour({ garbage: { text, contentType: 'application/json' }, times: 1 })
  expect((await gateway.call('GET', path)).body.code).toBe('provider-unreadable')
  gateway.simulators.vobiz.setBehaviour({})
  const lines = gateway
    .logged()
    .split('\n')
    .filter((line) => line.includes('"outcome":"unreadable"'))
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      level: 50,
      account: 'vobiz-in',
      operation: 'listContacts',
      shape: '{people: [{id: string, secret: string, *: number}], total: number}',
    },
  ])
  expect(gateway.logged()).not.toContain('S3CRET')
})
