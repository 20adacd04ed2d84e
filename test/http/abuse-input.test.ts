import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { checkConfig } from '../../src/config/load.ts'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { converse, statusOf } from '../support/converse.ts'
import { heldMemory } from '../support/held-memory.ts'
import { post } from '../support/import-calls.ts'
import { type CallOptions, startGateway, type TestGateway } from '../support/start-gateway.ts'

/** What callers send: bodies, texts, ids and headers that are made to do harm. */
let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway?.close())
const calls = () => {
  const { oblic, octopush, vobiz } = gateway.simulators
  return oblic.requestTotal() + octopush.requestTotal() + vobiz.requestTotal()
}
let before = 0
beforeEach(() => {
  before = calls()
})
afterEach(() => {
  // Whatever was sent in this file was refused: a simulator saw nothing of it.
  expect(calls()).toBe(before)
  expect({} as Record<string, unknown>).not.toHaveProperty('isAdmin')
})

const path = '/lists/newsletter/contacts'
const jane = { name: 'Jane', email: 'jane@example.com', phone: '+919876543210' }
const add = (options: CallOptions) => gateway.call('POST', path, options)
const refusal = async (options: CallOptions) => {
  const { status, body } = await add(options)
  return `${status} ${body.code}`
}

describe('members', () => {
  test.each([
    'provider_api_key',
    'un_list',
    'un_tag',
    'isAdmin',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'callbackUrl',
    'callback_url',
    'webhook',
  ])('%s is none of a contact, a batch, an attribute, an option or a query', async (name) => {
    const value = name === 'callbackUrl' ? '"http://169.254.169.254/"' : '{"isAdmin":true}'
    for (const raw of [
      `{"contacts":[{"email":"a@b.example","name":"A","${name}":${value}}]}`,
      `{"contacts":[{"email":"a@b.example","name":"A"}],"${name}":${value}}`,
      `{"contacts":[{"email":"a@b.example","name":"A","attributes":{"${name}":{"isAdmin":true}}}]}`,
    ])
      expect(await refusal({ raw })).toBe('422 validation-failed')
    const single = await gateway.call('POST', '/contacts?account=vobiz-in', {
      raw: `{"phone":"+919876543210","name":"A","${name}":${value}}`,
    })
    expect(single.body.code).toBe('validation-failed')
    const asked = await gateway.call('POST', `${path}?${name}=x`, { body: { contacts: [jane] } })
    expect([asked.status, asked.body.code]).toEqual([422, 'validation-failed'])
    const form = new FormData()
    form.append('options', `{"${name}":${value}}`)
    form.append('file', new Blob(['name,email\nA,a@b.example\n']), 'a.csv')
    const file = await post(gateway, form)
    expect(file.status, file.text).toBeGreaterThanOrEqual(400)
    expect(file.status).toBeLessThan(500)
  })

  test.each([
    '{"contacts":[{"phone":"+919876543210","phone":"+919876543211","name":"A"}]}',
    '{"contacts":[],"contacts":[{"phone":"+919876543210","name":"A"}]}',
    '{"contacts":[{"phone":"+919876543210","p\\u0068one":"+919876543211","name":"A"}]}',
    '{"contacts":[{"attributes":{"a":1,"a":2},"phone":"+919876543210","name":"A"}]}',
  ])('a name that comes twice is 400: %s', async (raw) => {
    expect(await refusal({ raw })).toBe('400 malformed-json')
  })

  test.each(['\\u0000', 'a\\u0000b', '\\ud800', '\\udc00\\ud800', '\\ud83e\\ud83e\\udd84'])(
    '%s in a text is no character, and refused',
    async (sequence) => {
      for (const raw of [
        `{"contacts":[{"name":"${sequence}","email":"a@b.example"}]}`,
        `{"contacts":[{"name":"A","email":"a@b.example","tags":["${sequence}"]}]}`,
        `{"contacts":[{"name":"A","email":"a@b.example","attributes":{"city":"${sequence}"}}]}`,
      ])
        expect(await refusal({ raw })).toBe('400 malformed-json')
    },
  )

  test('escapes of characters, and backslashes before what only looks like an escape, are read', async () => {
    const raw = '{"contacts":[{"name":"\\ud83e\\udd84 \\u00e9 \\\\u0000 \\\\ud800 \\"","email":"a@b.example"}]}'
    const { status, body } = await gateway.call('POST', `${path}?validateOnly=true`, { raw })
    expect(status).toBe(207)
    expect(body.preview[0].requests[0].json[0].name).toBe('🦄 é \\u0000 \\ud800 "')
  })

  test('a phone as a number is refused, not rounded', async () => {
    for (const phone of ['919876543210987654', '919876543210', '9.19e11', '-0', 'true', '["+919876543210"]'])
      expect(await refusal({ raw: `{"contacts":[{"name":"A","phone":${phone}}]}` })).toBe('422 validation-failed')
  })
})

describe('media types', () => {
  const types = [
    'application/json\t;a',
    'application/json ; a',
    'application/json;',
    'APPLICATION/JSON',
    'application/json, text/plain',
    'application/json;charset=utf-8;charset=utf-7',
    'application/jsonx',
    'application/jsо\u006e',
    'text/json',
    'application/problem+json',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'multipart/form-data; boundary=x; type=application/json',
    '',
  ]
  const spaces = ['', ' ', '\t', '   ']

  test('whatever the content type looks like, no body gets past its validation', async () => {
    const body = '{"contacts":[{"isAdmin":true}]}'
    for (const type of types)
      for (const space of spaces) {
        const head = `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key()}\r\ncontent-type:${space}${type}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`
        const answer = await converse(gateway.url, Buffer.from(head + body, 'latin1'))
        // 422 says that it was read as JSON and validated; anything else that it was not read at all.
        expect([400, 415, 422], `${JSON.stringify(space + type)} ${answer.slice(0, 100)}`).toContain(statusOf(answer))
      }
  })
})

describe('sizes', () => {
  const head = (rest: string) =>
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key()}\r\ncontent-type: application/json\r\n${rest}\r\n\r\n`

  test('a body over the limit is refused before it was sent, whether its length is announced or not; memory stays flat', async () => {
    const announced = await converse(gateway.url, head('content-length: 2000000000'))
    expect(statusOf(announced)).toBe(413)
    const before = heldMemory()
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    const send = () => converse(gateway.url, head('transfer-encoding: chunked') + chunk.repeat(40))
    // Five at a time: after the answer each connection stays open for a moment, for senders that do not look at once.
    for (let round = 0; round < 4; round++)
      for (const answer of await Promise.all(Array.from({ length: 5 }, send))) expect(statusOf(answer)).toBe(413)
    expect(heldMemory() - before).toBeLessThan(150 * 1024 * 1024)
  })

  test('10,001 contacts, and pages of a million, are refused', async () => {
    const contacts = Array.from({ length: 10_001 }, () => ({ email: 'a@b.example' }))
    expect(await refusal({ body: { contacts } })).toBe('413 payload-too-large')
    for (const to of ['/contacts?account=vobiz-in&limit=1000000', '/imports?limit=1000000', '/imports?limit=-1']) {
      const { status, body } = await gateway.call('GET', to)
      expect([status, body.code], to).toEqual([422, 'validation-failed'])
    }
  })

  test.each([
    ['brackets', `${'['.repeat(100_000)}`],
    ['objects', `${'{"a":'.repeat(100_000)}`],
    ['an attribute of objects', `{"contacts":[{"attributes":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}]}`],
    ['a long number', `{"contacts":[${'9'.repeat(500_000)}]}`],
    ['a lone surrogate', '{"contacts":[{"name":"\\ud800","email":"a@b.example\\u0000"}]}'],
  ])('%s, deep or strange, are refused and not a defect', async (_name, raw) => {
    const { status } = await add({ raw })
    // A contact that cannot be is rejected at every account, which is a 207.
    expect([207, 400, 422]).toContain(status)
  })
})

describe('characters', () => {
  const odd = (header: string, value: string) =>
    converse(
      gateway.url,
      Buffer.from(
        `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key()}\r\ncontent-type: application/json\r\n${header}: ${value}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`,
        'latin1',
      ),
    )

  test('a line break in a header, a tag or a list name goes nowhere', async () => {
    for (const value of ['abcdefgh\rx-evil: 1', 'abcdefghijklmnop\0q', 'abcdefgh\x0bijklmnop'])
      expect(statusOf(await odd('idempotency-key', value)), JSON.stringify(value)).toBe(400)
    for (const value of ['abcdefgh%0d%0ax-evil:1', '"abcdefghijklmnop"; x="\\r\\n"', 'ключключключключ'])
      expect([400, 422], value).toContain(statusOf(await odd('idempotency-key', value)))
    // A request that is split by a true line break has two headers: the second one is a header like any other.
    const split = await odd('x-request-id', 'abcdefgh\r\nx-evil: 1')
    expect(split).not.toMatch(/^x-evil/im)
    const { lists, accounts } = gatewayDocument(gateway.simulators)
    for (const list of ['news\r\nX-Evil: 1', 'news\n', '\u2028news']) {
      const checked = checkConfig(
        { accounts, lists: { ...lists, sms: { targets: [{ account: 'octopush-fr', list }] } }, clients: {} },
        { DATA_DIR: ':memory:' },
      )
      expect('mistakes' in checked, JSON.stringify(list)).toBe(true)
    }
  })

  test('line breaks in names, tags and attributes stay inside their JSON text', async () => {
    const name = 'A\r\nX-Evil: 1'
    const { status, body } = await gateway.call('POST', `${path}?validateOnly=true`, {
      body: { contacts: [{ ...jane, name, tags: ['vip\r\nbcc: x@example.com'] }] },
    })
    expect(status).toBe(207)
    for (const { requests } of body.preview)
      for (const { path: to } of requests) expect(to).toMatch(/^\/[A-Za-z0-9/_-]*$/)
  })

  test('an id that climbs out of a path reaches no provider, and the configuration takes none', async () => {
    for (const id of ['x/../../admin?a=', '..', '%2e%2e%2fadmin', 'x%2f..%2fadmin', 'newsletter%00', 'newsletter;x'])
      for (const to of [`/lists/${id}/contacts`, `/lists/${id}`, `/contacts/vobiz-in:${id}`, `/contacts/${id}`]) {
        const head = `GET ${to} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key()}\r\nconnection: close\r\n\r\n`
        expect([400, 404, 422], to).toContain(statusOf(await converse(gateway.url, head)))
      }
    const { lists, accounts } = gatewayDocument(gateway.simulators)
    for (const list of ['x/../../admin?a=', '..', 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7/../x', '']) {
      const targets = [{ account: 'oblic-main', list }]
      const checked = checkConfig(
        { accounts, lists: { ...lists, mail: { targets } }, clients: {} },
        { DATA_DIR: ':memory:' },
      )
      expect('mistakes' in checked, list).toBe(true)
    }
  })

  test('a request id that is not of the pattern is replaced, and stands nowhere', async () => {
    for (const bad of [
      'short',
      'a'.repeat(129),
      '<script>alert(1)',
      '../../../x',
      'id with space',
      '$ {jndi:ldap://x}',
    ]) {
      const { headers, text } = await gateway.call('POST', path, { raw: '{', headers: { 'x-request-id': bad } })
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
      expect(text + gateway.logged(), bad).not.toContain(`"${bad}"`)
    }
    const { headers } = await gateway.call('GET', '/lists', { headers: { 'x-request-id': 'crm-7.request_1' } })
    expect(headers.get('x-request-id')).toBe('crm-7.request_1')
  })
})

describe('two readings of one request', () => {
  const key = () => `authorization: Bearer ${gateway.key()}\r\n`
  /** Its body has to be read. */
  const json = 'content-type: application/json\r\n'
  const smuggled = 'GET /lists/sms HTTP/1.1\r\nhost: x\r\n\r\n'
  const requests: [name: string, bytes: () => string][] = [
    [
      'a length and chunks',
      () =>
        `POST ${path} HTTP/1.1\r\nhost: x\r\n${key()}content-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    ['two lengths', () => `POST ${path} HTTP/1.1\r\nhost: x\r\n${key()}content-length: 0\r\ncontent-length: 5\r\n\r\n`],
    ['a length that is no number', () => `POST ${path} HTTP/1.1\r\nhost: x\r\n${key()}content-length: +5\r\n\r\nhello`],
    [
      'another coding than chunked',
      () => `POST ${path} HTTP/1.1\r\nhost: x\r\n${key()}${json}transfer-encoding: identity\r\n\r\n${smuggled}`,
    ],
    [
      'chunked that is not last',
      () => `POST ${path} HTTP/1.1\r\nhost: x\r\n${key()}transfer-encoding: chunked, gzip\r\n\r\n0\r\n\r\n`,
    ],
    ['a space before the colon', () => `GET /lists HTTP/1.1\r\nhost: x\r\ncontent-length : 5\r\n\r\nhello`],
    ['a folded header', () => `GET /lists HTTP/1.1\r\nhost: x\r\nx-a: 1\r\n folded\r\n${key()}\r\n`],
    ['bare line feeds', () => `GET /lists HTTP/1.1\nhost: x\n${key().replace('\r', '')}\n`],
    [
      'a chunk size with a sign',
      () => `POST ${path} HTTP/1.1\r\nhost: x\r\n${key()}${json}transfer-encoding: chunked\r\n\r\n+0\r\n\r\n`,
    ],
    ['no host', () => `GET /lists HTTP/1.1\r\n${key()}\r\n`],
    ['two hosts', () => `GET /lists HTTP/1.1\r\nhost: x\r\nhost: y\r\n${key()}connection: close\r\n\r\n`],
    ['another version', () => `GET /lists HTTP/9.9\r\nhost: x\r\n${key()}\r\n`],
    ['HTTP/2 without leave', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ]

  test.each(requests)('%s: 400, the connection closed, nothing after it answered', async (name, bytes) => {
    const answer = await converse(gateway.url, bytes())
    // Two hosts are no way to smuggle here, as nothing is chosen by the host.
    if (name === 'two hosts') expect([200, 400]).toContain(statusOf(answer))
    else expect(statusOf(answer), answer.slice(0, 400)).toBe(400)
    expect(answer.match(/HTTP\/1\.1 \d{3}/g)).toHaveLength(1)
  })
})
