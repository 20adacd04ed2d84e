import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CallOptions, startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
beforeEach(async () => {
  const limit = { timeoutMs: 400, retries: 0 }
  gateway = await startGateway({
    accounts: { 'oblic-main': limit, 'octopush-fr': limit, 'vobiz-in': limit },
    clients: { indian: { accounts: ['vobiz-in'] }, nobody: { accounts: [] }, listless: { accounts: ['oblic-main'] } },
  })
})
afterEach(() => gateway.close())

const jane = { ref: 'crm-17', name: 'Jane Smith', email: 'jane@example.com', phone: '+919876543210' }
const create = (account: string, body: unknown = jane, options: CallOptions = {}) =>
  gateway.call('POST', `/contacts?account=${account}`, { body, ...options })

describe('a new contact', () => {
  test('at Vobiz is 201 created, with the contact as it is there and its address', async () => {
    const { status, headers, body } = await create('vobiz-in', { ...jane, tags: ['vip'], attributes: { city: 'Pune' } })
    const [stored] = gateway.simulators.vobiz.contacts()
    expect(status).toBe(201)
    expect(body).toEqual({
      ref: 'crm-17',
      account: 'vobiz-in',
      provider: 'vobiz',
      status: 'created',
      id: `vobiz-in:${stored?.id}`,
      warnings: [],
      contact: {
        id: `vobiz-in:${stored?.id}`,
        account: 'vobiz-in',
        provider: 'vobiz',
        name: 'Jane Smith',
        email: 'jane@example.com',
        phone: '+919876543210',
        tags: ['vip'],
        attributes: { city: 'Pune' },
        createdAt: stored?.created_at,
        updatedAt: stored?.updated_at,
      },
    })
    expect(headers.get('location')).toBe(`/contacts/${encodeURIComponent(body.id)}`)
    expect((await gateway.call('GET', headers.get('location') as string)).body).toEqual(body.contact)
  })

  test('at Octopush goes into no list, and the answer shows what was sent', async () => {
    const { status, body } = await create('octopush-fr', { ...jane, tags: ['vip'], whatsapp: '+919876543211' })
    expect(status).toBe(201)
    expect(body).toMatchObject({ status: 'created', id: 'octopush-fr:+919876543210' })
    expect(body.warnings.map(({ code, pointer }: Record<string, string>) => `${code} ${pointer}`)).toEqual([
      'name_not_split #/name',
      'best_effort #/email',
      'field_dropped #/whatsapp',
    ])
    expect(body.contact).toEqual({
      id: 'octopush-fr:+919876543210',
      account: 'octopush-fr',
      provider: 'octopush',
      name: 'Jane Smith',
      email: 'jane@example.com',
      phone: '+919876543210',
      tags: ['vip'],
      attributes: {},
    })
    expect(gateway.simulators.octopush.requests().map(({ method, path, body: sent }) => [method, path, sent])).toEqual([
      [
        'POST',
        '/v1/public/contact/create',
        {
          contacts: [{ phone_number: '+919876543210', first_name: 'Jane Smith', email: 'jane@example.com' }],
          tag_name: 'vip',
          auto_remove_blacklisted_numbers: true,
        },
      ],
    ])
  })

  test('at Oblic goes to the default list, is 201 accepted and has no id', async () => {
    const { status, headers, body } = await create('oblic-main', { ...jane, tags: ['vip'] })
    expect(status).toBe(201)
    expect(body).toMatchObject({ status: 'accepted', warnings: [{ code: 'tag_dropped', pointer: '#/tags/0' }] })
    expect(body.contact).toEqual({
      account: 'oblic-main',
      provider: 'oblic',
      name: 'Jane Smith',
      email: 'jane@example.com',
      phone: '+919876543210',
      tags: [],
      attributes: {},
    })
    expect([body.id, headers.get('location')]).toEqual([undefined, null])
    expect(gateway.simulators.oblic.requests()[0]?.path).toBe(
      '/external/contact-list/v1/a459be9e-e6e5-11f0-967f-0af3f8fe5ae7/add',
    )
  })

  test('at Octopush with a default list goes there, and the list is made first, or again when it is gone', async () => {
    const own = await startGateway({ accounts: { 'octopush-fr': { defaultList: 'everybody' } } }, gateway.simulators)
    const { status } = await own.call('POST', '/contacts?account=octopush-fr', { body: jane })
    expect(status).toBe(201)
    expect(gateway.simulators.octopush.contacts()).toMatchObject([{ lists: ['everybody'] }])

    const { apiLogin, apiKey } = gateway.simulators.credentials.octopush
    await fetch(`${gateway.simulators.octopush.baseUrl}/contact-list/delete`, {
      method: 'DELETE',
      headers: { 'api-login': apiLogin, 'api-key': apiKey },
      body: JSON.stringify({ list_name: 'everybody' }),
    })
    const again = await own.call('POST', '/contacts?account=octopush-fr', { body: jane })
    expect([again.status, again.body.status]).toEqual([200, 'updated'])
    expect(gateway.simulators.octopush.contacts()).toMatchObject([{ lists: ['everybody'] }])
    await own.close()
  })

  test('without an id in the answer is created all the same, and has no id', async () => {
    gateway.simulators.vobiz.setBehaviour({
      garbage: { status: 201, text: '{"message":"ok"}', contentType: 'application/json', when: 'after' },
      match: { method: 'POST' },
    })
    const { status, body } = await create('vobiz-in')
    expect(status).toBe(201)
    expect([body.status, body.id, body.contact.phone]).toEqual(['created', undefined, '+919876543210'])
    expect(gateway.simulators.vobiz.requests()).toHaveLength(1)
  })
})

describe('a contact that is there already', () => {
  test.each(['vobiz-in', 'octopush-fr'])('at %s is 200 updated, or 200 skipped where asked', async (account) => {
    await create(account)
    const updated = await create(account, { ...jane, name: 'Jane S.' })
    expect([updated.status, updated.body.status, updated.body.contact.name]).toEqual([200, 'updated', 'Jane S.'])
    const skipped = await create(account, { ...jane, name: 'Other', onConflict: 'skip' })
    expect([skipped.status, skipped.body.status, skipped.body.contact.phone]).toEqual([200, 'skipped', jane.phone])
    expect(skipped.body.contact.name).toBe(account === 'vobiz-in' ? 'Jane S.' : undefined)
  })

  test.each([
    ['updated-200', 200],
    ['updated-201', 200],
  ] as const)(
    'and is updated by Vobiz in silence (%s) is told, with what may be lost',
    async (duplicateCreate, status) => {
      await create('vobiz-in', { ...jane, tags: ['old'] })
      // A contact of a moment ago could have been made by the call itself.
      const longAgo = { set: '2026-03-01T10:00:00Z', at: '/created_at' }
      gateway.simulators.vobiz.setBehaviour({ quirks: { duplicateCreate }, answer: [longAgo] })
      const { body, ...answer } = await create('vobiz-in', { ...jane, tags: ['new'] })
      expect([answer.status, body.status]).toEqual([status, 'updated'])
      expect(body.warnings).toMatchObject([{ code: 'tags_may_be_replaced', pointer: '#/tags' }])
    },
  )

  test('is one contact after two simultaneous creates', async () => {
    const answers = await Promise.all([create('vobiz-in'), create('vobiz-in', { ...jane, name: 'Jane Two' })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 201])
    expect(gateway.simulators.vobiz.contacts()).toHaveLength(1)
  })
})

describe('a create without an answer', () => {
  const posts = () => gateway.simulators.vobiz.requests().filter(({ method }) => method !== 'GET')

  test.each(['after', 'before'] as const)('(hanging %s applying) is settled by asking Vobiz', async (hang) => {
    gateway.simulators.vobiz.setBehaviour({ hang, match: { method: 'POST' }, times: 1 })
    const { status, body } = await create('vobiz-in', { ...jane, tags: ['vip'], attributes: { city: 'Pune' } })
    expect([status, body.status]).toEqual([201, 'created'])
    expect(gateway.simulators.vobiz.contacts()).toHaveLength(1)
    // What was applied is not written again.
    expect(posts()).toHaveLength(hang === 'after' ? 1 : 2)
  })

  test('that Vobiz cannot be asked about is 504 outcome-unknown, and a repeat settles it', async () => {
    const key = { 'idempotency-key': 'create-jane-0000001' }
    gateway.simulators.vobiz.setBehaviour({
      rules: [
        { hang: 'after', match: { method: 'POST' }, times: 1 },
        { status: 503, match: { method: 'GET' }, times: 1 },
      ],
    })
    const first = await create('vobiz-in', jane, { headers: key })
    expect([first.status, first.body.code, first.body.retriable]).toEqual([504, 'outcome-unknown', true])
    expect(first.headers.get('content-type')).toBe('application/problem+json')
    expect(first.body.provider).toEqual({ account: 'vobiz-in' })
    const second = await create('vobiz-in', jane, { headers: key })
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 'resumed'])
    expect(posts()).toHaveLength(1)
    const third = await create('vobiz-in', jane, { headers: key })
    expect([third.text, third.headers.get('idempotency-replayed')]).toEqual([second.text, 'true'])
  })

  test('at Oblic is 504 outcome-unknown, not to be repeated, and a repeat sends nothing', async () => {
    const key = { 'idempotency-key': 'create-jane-0000002' }
    gateway.simulators.oblic.setBehaviour({ hang: 'after', times: 1 })
    const first = await create('oblic-main', jane, { headers: key })
    expect([first.status, first.body.code, first.body.retriable]).toEqual([504, 'outcome-unknown', false])
    const second = await create('oblic-main', jane, { headers: key })
    expect([second.status, second.text, second.headers.get('idempotency-replayed')]).toEqual([504, first.text, 'true'])
    expect(gateway.simulators.oblic.requests()).toHaveLength(1)
  })

  test('is still unknown when the repeat finds nobody to ask', async () => {
    const key = { 'idempotency-key': 'create-jane-0000003' }
    gateway.simulators.vobiz.setBehaviour({ hang: 'after' })
    await create('vobiz-in', jane, { headers: key })
    gateway.simulators.vobiz.setBehaviour({ rateLimit: {} })
    const second = await create('vobiz-in', jane, { headers: key })
    expect([second.status, second.body.code]).toEqual([504, 'outcome-unknown'])
  })
})

type Refusal = [name: string, account: string, body: object, behaviour: object, expected: [number, string, object?]]
const rejectedBy = (code: string, pointer: string) => ({ errors: [expect.objectContaining({ code, pointer })] })
const refusals: Refusal[] = [
  [
    'a bad number',
    'vobiz-in',
    { name: 'J', phone: '+9112' },
    {},
    [422, 'contact-rejected', rejectedBy('phone_invalid', '#/phone')],
  ],
  ['no name', 'vobiz-in', { phone: jane.phone }, {}, [422, 'contact-rejected', rejectedBy('name_required', '#/name')]],
  [
    'no e-mail',
    'oblic-main',
    { name: 'J', phone: jane.phone },
    {},
    [422, 'contact-rejected', rejectedBy('email_required', '#/email')],
  ],
  [
    'no number',
    'octopush-fr',
    { email: jane.email },
    {},
    [422, 'contact-rejected', rejectedBy('phone_required', '#/phone')],
  ],
  [
    'a number that is left out of the answer, which shows nobody else: that proves nothing',
    'octopush-fr',
    { phone: '+919876540404' },
    {},
    [504, 'outcome-unknown', { retriable: false, detail: expect.stringContaining('opted out') }],
  ],
  [
    "the provider's own refusal",
    'oblic-main',
    { ...jane, email: 'x@invalid.example' },
    {},
    [
      422,
      'contact-rejected',
      {
        errors: [expect.objectContaining({ code: 'rejected_by_provider', pointer: '#' })],
        provider: { account: 'oblic-main', status: 400, code: 'INVALID_EMAIL', message: expect.any(String) },
      },
    ],
  ],
  ['refused credentials', 'vobiz-in', jane, { status: 401 }, [502, 'provider-credentials', { retriable: false }]],
  ['a missing list', 'oblic-main', jane, { status: 404 }, [502, 'provider-unavailable', { retriable: false }]],
  ['a server error', 'octopush-fr', jane, { status: 500 }, [504, 'outcome-unknown', { retriable: true }]],
  ['a server error', 'oblic-main', jane, { status: 500 }, [504, 'outcome-unknown', { retriable: false }]],
  ['HTML', 'octopush-fr', jane, { garbage: {} }, [504, 'outcome-unknown', { retriable: true }]],
  [
    'a rate limit',
    'octopush-fr',
    jane,
    { rateLimit: { retryAfter: 7 } },
    [503, 'provider-busy', { retryAfterSeconds: 7 }],
  ],
  [
    'a limit of the account',
    'octopush-fr',
    jane,
    { garbage: { status: 400, text: '{"code":304}', contentType: 'application/json' } },
    [502, 'provider-unavailable', { retriable: false }],
  ],
]

describe('a create is refused for', () => {
  test.each(refusals)('%s at %s', async (_name, account, body, behaviour, [status, code, members = {}]) => {
    const { simulators } = gateway
    for (const simulator of [simulators.oblic, simulators.octopush, simulators.vobiz]) simulator.setBehaviour(behaviour)
    const answer = await create(account, body)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(answer.body).toMatchObject(members)
    if (status >= 500) expect(answer.body.provider.account).toBe(account)
    expect(answer.headers.get('retry-after')).toBe(answer.body.retryAfterSeconds?.toString() ?? null)
  })

  test('nobody listening: nothing was sent', async () => {
    const closed = await startGateway(
      { accounts: { 'vobiz-in': { baseUrl: 'http://127.0.0.1:1', retries: 0 } } },
      gateway.simulators,
    )
    const { status, headers, body } = await closed.call('POST', '/contacts?account=vobiz-in', { body: jane })
    expect([status, body.code, body.retriable]).toEqual([503, 'provider-busy', true])
    expect(headers.get('retry-after')).toBe('1')
    await closed.close()
  })

  test('a deadline that came before it was sent', async () => {
    const { status, body } = await create('vobiz-in', jane, { headers: { prefer: 'wait=0' } })
    expect([status, body.code]).toEqual([504, 'deadline-exceeded'])
    expect(gateway.simulators.vobiz.requests()).toEqual([])
  })

  test('an unknown member, a bare array and an unknown country', async () => {
    for (const body of [{ ...jane, un_list: true }, [jane], { ...jane, defaultCountry: 'ZZ' }, {}]) {
      const { status, body: problem } = await create('vobiz-in', body)
      expect([status, problem.code]).toEqual([
        422,
        Object.keys(body).length === 0 ? 'contact-rejected' : 'validation-failed',
      ])
    }
  })
})

describe('the account', () => {
  test('has to be named where several can do it', async () => {
    const { status, body } = await gateway.call('POST', '/contacts', { body: jane })
    expect([status, body.code]).toEqual([400, 'account-required'])
    expect(body.detail).toContain('oblic-main, octopush-fr, vobiz-in')
  })

  test('is the only one that the client may use', async () => {
    const { status } = await gateway.call('POST', '/contacts', { body: jane, key: gateway.key('indian') })
    expect(status).toBe(201)
    expect(gateway.simulators.vobiz.contacts()).toHaveLength(1)
  })

  test("that is another client's looks like one that is not there", async () => {
    const answers = await Promise.all(
      ['octopush-fr', 'nothing'].map((account) => create(account, jane, { key: gateway.key('indian') })),
    )
    for (const { status } of answers) expect(status).toBe(404)
    expect(new Set(answers.map(({ body }) => JSON.stringify({ ...body, instance: '' }))).size).toBe(1)
    expect((await gateway.call('POST', '/contacts', { body: jane, key: gateway.key('nobody') })).status).toBe(404)
  })

  test('needs a default list at Oblic', async () => {
    const own = await startGateway(
      {
        accounts: { 'oblic-two': { provider: 'oblic', credentials: { apiKey: 'oblic-sandbox-key' } } },
        clients: { listless: { accounts: ['oblic-two'] } },
      },
      gateway.simulators,
    )
    const { status, body } = await own.call('POST', '/contacts', { body: jane, key: own.key('listless') })
    expect([status, body.code]).toEqual([501, 'operation-not-supported'])
    expect(body.detail).toContain('oblic-two can do addContactsToList.')
    await own.close()
  })
})

describe('preferences', () => {
  test('handling=strict refuses a loss before anything is sent', async () => {
    const { status, body } = await create('octopush-fr', jane, { headers: { prefer: 'handling=strict' } })
    expect([status, body.code]).toEqual([422, 'loss-not-accepted'])
    expect(body.errors).toMatchObject([
      { pointer: '#/name', code: 'name_not_split' },
      { pointer: '#/email', code: 'best_effort' },
    ])
    expect(gateway.simulators.octopush.requests()).toEqual([])
    const tidied = await create(
      'vobiz-in',
      { ...jane, phone: '+91 98765-43210' },
      { headers: { prefer: 'handling=strict' } },
    )
    expect([tidied.status, tidied.headers.get('preference-applied')]).toEqual([201, 'handling=strict'])
  })

  test('return=minimal leaves the contact out', async () => {
    const { status, body } = await create('vobiz-in', jane, { headers: { prefer: 'return=minimal' } })
    expect([status, Object.keys(body).sort()]).toEqual([
      201,
      ['account', 'id', 'provider', 'ref', 'status', 'warnings'],
    ])
  })
})
