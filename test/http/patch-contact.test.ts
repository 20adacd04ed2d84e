import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CallOptions, startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
let id: string
beforeEach(async () => {
  const limit = { timeoutMs: 400, retries: 0 }
  gateway = await startGateway({ accounts: { 'octopush-fr': limit, 'vobiz-in': limit } })
  const jane = { name: 'Jane Smith', phone: '+919876543210', email: 'jane@example.com', tags: ['vip'] }
  const { body } = await gateway.call('POST', '/contacts?account=vobiz-in', {
    body: { ...jane, attributes: { city: 'Pune', plan: 'a' } },
  })
  id = body.id
})
afterEach(() => gateway.close())

const patch = (body: unknown, options: CallOptions = {}, of = id) =>
  gateway.call('PATCH', `/contacts/${encodeURIComponent(of)}`, { body, ...options })
const held = () => gateway.simulators.vobiz.contacts()[0]
const octopushId = 'octopush-fr:+33612345678'

describe('what a patch changes at Vobiz', () => {
  test.each([
    ['both parts of the name', { firstName: 'Ann', lastName: 'Lee' }, { name: 'Ann Lee' }],
    ['one part, and the other cleared', { firstName: 'Ann', lastName: null }, { name: 'Ann' }],
    [
      'the e-mail',
      { email: ' ann@example.com ' },
      { custom_attributes: { city: 'Pune', plan: 'a', email: 'ann@example.com' } },
    ],
    ['no tags', { tags: null }, { tags: [] }],
    ['an empty list of tags', { tags: [] }, { tags: [] }],
    [
      'all attributes cleared, the e-mail not',
      { attributes: null },
      { custom_attributes: { email: 'jane@example.com' } },
    ],
    [
      'attributes one by one',
      { attributes: { plan: 'b', city: null } },
      { custom_attributes: { plan: 'b', email: 'jane@example.com' } },
    ],
    ['a padded name', { name: ' Ann\n Lee\u200b' }, { name: 'Ann Lee' }],
    ['tags with blanks around them', { tags: [' a', 'a ', ' '] }, { tags: ['a'] }],
    [
      'an attribute cleared by a value with nothing to see in it, and one tidied',
      { attributes: { city: '\u200b', plan: ' b ' } },
      { custom_attributes: { plan: 'b', email: 'jane@example.com' } },
    ],
    [
      'the number that it has',
      { phone: '+91 98765 43210', name: 'Ann' },
      { name: 'Ann', phone_number: '+919876543210' },
    ],
  ])('%s', async (_name, body, expected) => {
    const before = held()
    const { status } = await patch(body)
    expect(status).toBe(200)
    expect(held()).toEqual({ ...before, ...expected, updated_at: expect.any(String) })
  })

  test('nothing but the number that it has: nothing is written', async () => {
    const { status, body } = await patch({ phone: '+919876543210' })
    expect([status, body.name]).toEqual([200, 'Jane Smith'])
    expect(gateway.simulators.vobiz.requests().filter(({ method }) => method === 'PUT')).toEqual([])
  })

  test('what others change at the same time stays', async () => {
    await Promise.all([patch({ name: 'Ann Lee' }), patch({ tags: ['gold'] }), patch({ attributes: { plan: 'b' } })])
    expect(held()).toMatchObject({ name: 'Ann Lee', tags: ['gold'], custom_attributes: { city: 'Pune', plan: 'b' } })
  })

  test('what it still has after it was to be cleared is a warning', async () => {
    gateway.simulators.vobiz.setBehaviour({ quirks: { attributesUpdate: 'merged' } })
    const { status, body } = await patch({ attributes: { city: null }, email: null })
    expect(status).toBe(200)
    expect(body.warnings).toMatchObject([
      { code: 'not_cleared', pointer: '#/attributes/city' },
      { code: 'not_cleared', pointer: '#/email' },
    ])
  })
})

const rejected = (code: string, pointer: string) => ({
  status: 422,
  body: { code: 'contact-rejected', errors: [{ code, pointer }] },
})
const invalid = { status: 422, body: { code: 'validation-failed' } }

describe('a patch is refused, and nothing is written, for', () => {
  test.each<[string, object, object]>([
    ['another number', { phone: '+919876543299' }, rejected('phone_not_changeable', '#/phone')],
    ['no number', { phone: null }, rejected('phone_not_changeable', '#/phone')],
    ['a number that is none', { phone: '+9112' }, rejected('phone_invalid', '#/phone')],
    ['a bad e-mail', { email: 'x' }, rejected('email_invalid', '#/email')],
    ['no name', { name: null }, rejected('name_required', '#/name')],
    ['a blank name', { name: '  ' }, rejected('name_required', '#/name')],
    ['an invisible name', { name: '\u200b' }, rejected('name_required', '#/name')],
    ['several e-mails', { email: 'a@x.com; b@x.com' }, rejected('email_invalid', '#/email')],
    ['one part of the name alone', { lastName: 'Lee' }, rejected('name_required', '#/lastName')],
    ['nothing', {}, invalid],
    ['an unknown member', { un_list: true }, invalid],
    ['a reference', { ref: 'x' }, invalid],
    ['a phone as a number', { phone: 919876543210 }, invalid],
    ['51 tags', { tags: Array(51).fill('x') }, invalid],
  ])('%s', async (_name, body, expected) => {
    const before = held()
    expect(await patch(body)).toMatchObject(expected)
    expect(held()).toEqual(before)
  })

  test('a loss, with handling=strict', async () => {
    const strict = { headers: { prefer: 'handling=strict' } }
    const lost = await patch({ whatsapp: '+919876543211', name: 'Ann' }, strict)
    expect([lost.status, lost.body.code, lost.body.errors[0].pointer]).toEqual([422, 'loss-not-accepted', '#/whatsapp'])
    expect(held()?.name).toBe('Jane Smith')
    const added = await patch({ tags: ['x'] }, strict, octopushId)
    expect([added.status, added.body.errors[0].code]).toEqual([422, 'not_cleared'])
    expect(gateway.simulators.octopush.requests()).toEqual([])
    expect((await patch({ name: 'Ann' }, strict)).headers.get('preference-applied')).toBe('handling=strict')
  })

  test('a number that Octopush leaves out of its answer: whether it was written is not known', async () => {
    const { status, body } = await patch({ name: 'X' }, {}, 'octopush-fr:+33612340404')
    expect([status, body.code]).toEqual([504, 'outcome-unknown'])
  })
})

describe('a patch that fails', () => {
  test.each([
    ['before it is written: 401', { status: 401 }, 'GET', 502, 'provider-credentials'],
    ['before it is written: 500', { status: 500 }, 'GET', 502, 'provider-unavailable'],
    ['before it is written: no answer', { hang: 'before' }, 'GET', 504, 'deadline-exceeded'],
    ['before it is written: HTML', { garbage: {} }, 'GET', 502, 'provider-unreadable'],
    ['before it is written: 429', { rateLimit: {} }, 'GET', 503, 'provider-busy'],
    ['at the write: 429', { rateLimit: {} }, 'PUT', 503, 'provider-busy'],
    ['at the write: 400', { status: 400 }, 'PUT', 422, 'contact-rejected'],
    ['at the write: 409', { status: 409 }, 'PUT', 409, 'conflict'],
    ['at the write: 404', { status: 404 }, 'PUT', 404, 'not-found'],
    ['at the write: 500', { status: 500 }, 'PUT', 504, 'outcome-unknown'],
    ['at the write: no answer', { hang: 'after' }, 'PUT', 504, 'outcome-unknown'],
  ] as const)('%s', async (_name, behaviour, method, status, code) => {
    gateway.simulators.vobiz.setBehaviour({ ...behaviour, match: { method } })
    const { body, ...answer } = await patch({ name: 'Ann' })
    expect([answer.status, body.code]).toEqual([status, code])
    if (status >= 500) expect(body.provider.account).toBe('vobiz-in')
  })

  test('without an answer is repeated under its key until it is done', async () => {
    const headers = { 'idempotency-key': 'patch-jane-00000001' }
    gateway.simulators.vobiz.setBehaviour({ hang: 'after', match: { method: 'PUT' }, times: 1 })
    expect((await patch({ name: 'Ann' }, { headers })).body).toMatchObject({ code: 'outcome-unknown', retriable: true })
    const second = await patch({ name: 'Ann' }, { headers })
    expect([second.status, second.headers.get('idempotency-replayed'), held()?.name]).toEqual([200, 'resumed', 'Ann'])
  })
})
