import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { problemKinds } from '../../src/http/problems/problems.ts'
import { type Answer, type CallOptions, startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
/** Believes the proxy that the tests are (loopback), unlike `gateway`. */
let behindProxy: TestGateway
beforeAll(async () => {
  const clients = {
    elsewhere: { networks: ['10.0.0.0/8'] },
    reader: { scopes: ['contacts:read'] },
    'sms-only': { lists: ['sms'] },
    expired: {},
  }
  gateway = await startGateway({ clients, server: { docs: true } })
  behindProxy = await startGateway({ clients, server: { trustedProxies: ['127.0.0.0/8'] } }, gateway.simulators)
})
afterAll(async () => {
  await behindProxy.close()
  await gateway.close()
})

const path = '/lists/newsletter/contacts'
const good = { contacts: [{ name: 'Jane', email: 'jane@example.com', phone: '+919876543210' }] }

function expectProblem(
  { status, headers, body }: Answer,
  slug: keyof typeof problemKinds,
  expectedStatus: number,
): void {
  expect({ status, code: body?.code }).toEqual({ status: expectedStatus, code: slug })
  expect(headers.get('content-type')).toBe('application/problem+json')
  expect(body).toMatchObject({
    status,
    title: problemKinds[slug].title,
    type: expect.stringMatching(new RegExp(`^http.*/problems/${slug}$`)),
    instance: expect.stringMatching(new RegExp(`/requests/${headers.get('x-request-id')}$`)),
    detail: expect.stringMatching(/.{20}/),
    retriable: expect.any(Boolean),
  })
}

type Refusal = [
  name: string,
  slug: keyof typeof problemKinds,
  status: number,
  options: CallOptions & { method?: string; path?: string; as?: string },
]

const refusals: Refusal[] = [
  ['no key', 'unauthorized', 401, { key: null, body: good }],
  ['a wrong key', 'unauthorized', 401, { key: `cgw_crm_${'A'.repeat(43)}`, body: good }],
  ['a malformed key', 'unauthorized', 401, { key: 'x', body: good }],
  ['a key in the query string', 'unauthorized', 401, { key: null, path: `${path}?api_key=secret`, body: good }],
  ['a foreign network', 'network-not-allowed', 403, { as: 'elsewhere', body: good }],
  [
    'a forged X-Forwarded-For',
    'network-not-allowed',
    403,
    { as: 'elsewhere', headers: { 'x-forwarded-for': '10.1.2.3' }, body: good },
  ],
  ['a missing scope', 'scope-missing', 403, { as: 'reader', body: good }],
  ['an unknown list', 'not-found', 404, { path: '/lists/nothing/contacts', body: good }],
  ["another client's list", 'not-found', 404, { as: 'sms-only', body: good }],
  ['an unknown member', 'validation-failed', 422, { body: { ...good, un_list: true } }],
  [
    'an unknown member of a contact',
    'validation-failed',
    422,
    { body: { contacts: [{ ...good.contacts[0], un_tag: true }] } },
  ],
  [
    '__proto__',
    'validation-failed',
    422,
    { raw: '{"contacts":[{"email":"a@b.example","__proto__":{"isAdmin":true}}]}' },
  ],
  [
    'an attribute named constructor',
    'validation-failed',
    422,
    { body: { contacts: [{ email: 'a@b.example', attributes: { constructor: 'x' } }] } },
  ],
  ['a phone as a number', 'validation-failed', 422, { raw: '{"contacts":[{"name":"J","phone":919876543210987654}]}' }],
  ['no contact', 'validation-failed', 422, { body: { contacts: [] } }],
  ['a bare array', 'validation-failed', 422, { body: [] }],
  ['an unknown country', 'validation-failed', 422, { body: { ...good, defaultCountry: 'ZZ' } }],
  ['an unknown query parameter', 'validation-failed', 422, { path: `${path}?callback=http://x.example`, body: good }],
  [
    'a duplicate member',
    'malformed-json',
    400,
    { raw: '{"contacts":[{"phone":"+919876543210","phone":"+919876543211"}]}' },
  ],
  ['malformed JSON', 'malformed-json', 400, { raw: '{"contacts":[' }],
  ['an empty body', 'malformed-json', 400, { raw: '', headers: { 'content-type': 'application/json' } }],
  ['bytes that are not UTF-8', 'malformed-json', 400, { raw: Buffer.from([0x7b, 0xff, 0x7d]) }],
  [
    'a wrong media type',
    'unsupported-media-type',
    415,
    { raw: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  ],
  ['plain text', 'unsupported-media-type', 415, { raw: '{}', headers: { 'content-type': 'text/plain' } }],
  [
    'another charset',
    'unsupported-media-type',
    415,
    { raw: '{}', headers: { 'content-type': 'application/json; charset=utf-16' } },
  ],
  ['a content encoding', 'unsupported-media-type', 415, { raw: '{}', headers: { 'content-encoding': 'gzip' } }],
  ['a body of 2.1 MB', 'payload-too-large', 413, { raw: `{"contacts":"${'x'.repeat(2.1 * 1024 * 1024)}"}` }],
  ['1,001 contacts', 'payload-too-large', 413, { body: { contacts: Array(1001).fill({ email: 'a@b.example' }) } }],
  ['an unknown route', 'not-found', 404, { method: 'GET', path: '/contactz' }],
  ['an upper-case path', 'not-found', 404, { method: 'GET', path: '/LISTS' }],
  ['a double slash', 'not-found', 404, { method: 'GET', path: '//lists' }],
  ['a path that cannot be decoded', 'not-found', 404, { method: 'GET', path: '/lists/%zz' }],
  ['a list id of 300 characters', 'not-found', 404, { method: 'GET', path: `/lists/${'a'.repeat(300)}` }],
  ['a wrong method', 'method-not-allowed', 405, { method: 'PUT', body: good }],
  [
    'a CORS preflight',
    'method-not-allowed',
    405,
    { method: 'OPTIONS', key: null, headers: { origin: 'https://x.example' } },
  ],
]

describe('a request is refused, and no provider is called, for', () => {
  test.each(refusals)(
    '%s: %s, %i',
    async (_name, slug, status, { method = 'POST', path: to = path, as, ...options }) => {
      const before = totalRequests()
      const answer = await gateway.call(method, to, { ...(as !== undefined && { key: gateway.key(as) }), ...options })
      expectProblem(answer, slug, status)
      expect(totalRequests()).toBe(before)
    },
  )
})

function totalRequests(): number {
  const { oblic, octopush, vobiz } = gateway.simulators
  return oblic.requests().length + octopush.requests().length + vobiz.requests().length
}

describe('the details of a refusal', () => {
  test('all ways to have no valid key get the same answer, and only that one is asked to authenticate', async () => {
    const keys = [null, 'x', `cgw_crm_${'A'.repeat(43)}`, `cgw_nobody_${'A'.repeat(43)}`, `${gateway.key()}x`]
    const answers = await Promise.all(keys.map((key) => gateway.call('POST', path, { key, body: good })))
    const bodies = new Set(answers.map(({ body }) => JSON.stringify({ ...body, instance: undefined })))
    expect(bodies.size).toBe(1)
    for (const { headers } of answers) expect(headers.get('www-authenticate')).toBe('Bearer')
  })

  test("another client's list and a list that is not there look the same", async () => {
    const answers = await Promise.all(
      ['newsletter', 'nothing'].map((id) => gateway.call('GET', `/lists/${id}`, { key: gateway.key('sms-only') })),
    )
    const bodies = new Set(answers.map(({ body }) => JSON.stringify({ ...body, instance: undefined })))
    expect(bodies.size).toBe(1)
  })

  test('every place that is wrong is named, up to 100', async () => {
    const { body } = await gateway.call('POST', path, {
      body: { contacts: [{ phone: 5, foo: 1, tags: 'vip' }, { attributes: { a: [] } }], onConflict: 'drop' },
    })
    const pointers = body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`)
    expect(pointers.sort()).toEqual([
      '#/contacts/0/foo unknown_member',
      '#/contacts/0/phone type',
      '#/contacts/0/tags type',
      '#/contacts/1/attributes/a type',
      '#/onConflict const',
    ])
    const many = await gateway.call('POST', path, { body: { contacts: Array(500).fill({ foo: 1 }) } })
    expect(many.body.errors).toHaveLength(100)
    expect(many.body.truncated).toBe(true)
  })

  test('a limit stands in the detail, and Allow in a 405', async () => {
    const tooMany = await gateway.call('POST', path, { body: { contacts: Array(1001).fill({ email: 'a@b.example' }) } })
    expect(tooMany.body.detail).toContain('1000')
    const tooBig = await gateway.call('POST', path, { raw: `"${'x'.repeat(2.1 * 1024 * 1024)}"` })
    expect(tooBig.body.detail).toContain(String(2 * 1024 * 1024))
    const wrong = await gateway.call('DELETE', '/lists')
    expect(wrong.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD'])
  })

  test('a caller chooses the request id within the pattern only', async () => {
    const chosen = await gateway.call('GET', '/lists', { headers: { 'x-request-id': 'my-request.17' } })
    expect(chosen.headers.get('x-request-id')).toBe('my-request.17')
    for (const bad of ['short', 'a'.repeat(129), 'with space 1', '<script>alert(1)']) {
      const { headers } = await gateway.call('GET', '/lists', { headers: { 'x-request-id': bad } })
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    }
  })
})

describe("the caller's address", () => {
  const from = (headers: Record<string, string>) =>
    behindProxy.call('GET', '/lists', { key: behindProxy.key('elsewhere'), headers })

  test('is the right-most untrusted one behind a trusted proxy', async () => {
    expect((await from({ 'x-forwarded-for': '10.1.2.3' })).status).toBe(200)
    expect((await from({ 'x-forwarded-for': '::ffff:10.1.2.3' })).status).toBe(200)
    expect((await from({ 'x-forwarded-for': '203.0.113.9, 10.1.2.3, 127.0.0.1' })).status).toBe(200)
    expect((await from({ 'x-forwarded-for': '10.1.2.3, 203.0.113.9' })).status).toBe(403)
  })

  test.each(['unknown', 'garbage', '10.1.2.3.4', `${'1'.repeat(10_000)}`, '64:ff9b::10.1.2.3'])(
    'is not taken from %.20s',
    async (value) => {
      expect((await from({ 'x-forwarded-for': value })).status).toBe(403)
    },
  )
})

describe('below HTTP', () => {
  const raw = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => socket.write(bytes))
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.on('end', () => resolve(text))
      socket.on('error', reject)
    })

  test.each([
    ['garbage', 'GARBAGE\r\n\r\n', 400],
    [
      'both lengths',
      'POST /lists HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['headers of 20 KB', `GET /lists HTTP/1.1\r\nHost: x\r\nX-Big: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%s gets a problem and a closed connection', async (_name, bytes, status) => {
    const answer = await raw(bytes)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).toContain('Content-Type: application/problem+json')
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ status })
  })
})

describe('what needs no key', () => {
  test('health and readiness', async () => {
    expect((await gateway.call('GET', '/healthz', { key: null })).body).toEqual({
      status: 'ok',
      version: '0.0.0-test',
      revision: 'c0ffee',
    })
    expect((await gateway.call('GET', '/readyz', { key: null })).body).toEqual({ status: 'ready' })
  })

  test('a page for every kind of problem', async () => {
    for (const slug of Object.keys(problemKinds)) {
      const { status, headers, text } = await gateway.call('GET', `/problems/${slug}`, { key: null })
      expect(status).toBe(200)
      expect(headers.get('content-type')).toContain('text/html')
      expect(text).toContain(slug)
    }
    expectProblem(await gateway.call('GET', '/problems/nothing', { key: null }), 'not-found', 404)
  })

  test('the OpenAPI document and its page', async () => {
    expect((await gateway.call('GET', '/openapi.json', { key: null })).body.openapi).toBe('3.1.0')
    expect((await gateway.call('GET', '/docs', { key: null })).text).toContain('swagger-ui')
  })
})

test('lists show targets, required and dropped fields, and no credential', async () => {
  const { body, text } = await gateway.call('GET', '/lists')
  expect(body.items.map(({ id }: { id: string }) => id)).toEqual(['newsletter', 'sms', 'whatsapp'])
  expect(body.items[0].targets).toMatchObject([
    {
      account: 'oblic-main',
      provider: 'oblic',
      requiredFields: ['name', 'email'],
      droppedFields: ['tags', 'attributes'],
    },
    { account: 'octopush-fr', requiredFields: ['phone'], droppedFields: ['whatsapp', 'attributes (but title)'] },
    { account: 'vobiz-in', target: { tag: 'newsletter' }, requiredFields: ['name', 'phone'] },
  ])
  expect(text).not.toMatch(/sandbox-key|sandbox-token|MA_SANDBOX/)
  const own = await gateway.call('GET', '/lists', { key: gateway.key('sms-only') })
  expect(own.body.items.map(({ id }: { id: string }) => id)).toEqual(['sms'])
})
