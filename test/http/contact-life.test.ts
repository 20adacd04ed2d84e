import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
beforeEach(async () => {
  gateway = await startGateway()
})
afterEach(() => gateway.close())

const at = (id: string) => `/contacts/${encodeURIComponent(id)}`
const codes = (warnings: readonly { code: string; pointer: string }[]) =>
  warnings.map(({ code, pointer }) => `${code} ${pointer}`)

describe("a contact's life", () => {
  test('at Vobiz: each step is what the provider holds afterwards', async () => {
    const { vobiz } = gateway.simulators
    const held = () => vobiz.contacts()[0]
    const created = await gateway.call('POST', '/contacts?account=vobiz-in', {
      body: {
        name: 'Jane Smith',
        phone: '+919876543210',
        email: 'jane@example.com',
        tags: ['vip'],
        attributes: { city: 'Pune', plan: 'a' },
      },
    })
    expect(created.status).toBe(201)
    const { id } = created.body
    expect(held()).toMatchObject({ name: 'Jane Smith', tags: ['vip'] })

    const read = await gateway.call('GET', at(id))
    expect([read.status, read.body]).toEqual([200, created.body.contact])

    const renamed = await gateway.call('PATCH', at(id), { body: { name: 'Jane Doe' } })
    expect([renamed.status, renamed.body.name, renamed.body.warnings]).toEqual([200, 'Jane Doe', []])
    expect(held()).toMatchObject({ name: 'Jane Doe', tags: ['vip'], custom_attributes: { city: 'Pune', plan: 'a' } })
    expect(vobiz.requests().at(-1)?.body).toEqual({ name: 'Jane Doe' })

    const tagged = await gateway.call('PATCH', at(id), { body: { tags: ['newsletter', 'gold'] } })
    expect([tagged.status, tagged.body.tags]).toEqual([200, ['newsletter', 'gold']])
    expect(held()).toMatchObject({ name: 'Jane Doe', tags: ['newsletter', 'gold'] })

    const cleared = await gateway.call('PATCH', at(id), { body: { attributes: { city: null, size: 3 }, email: null } })
    expect([cleared.status, cleared.body.attributes, cleared.body.email]).toEqual([
      200,
      { plan: 'a', size: 3 },
      undefined,
    ])
    expect(held()?.custom_attributes).toEqual({ plan: 'a', size: 3 })

    const listed = await gateway.call('GET', '/lists/newsletter/contacts?account=vobiz-in')
    expect([listed.status, listed.body.items.map((item: { id: string }) => item.id)]).toEqual([200, [id]])
    const elsewhere = await gateway.call('GET', '/lists/whatsapp/contacts')
    expect(elsewhere.body).toEqual({ items: [], nextCursor: null })

    const off = await gateway.call('DELETE', `/lists/newsletter${at(id)}`)
    expect([off.status, off.text]).toEqual([204, ''])
    expect(held()).toMatchObject({ name: 'Jane Doe', tags: ['gold'], custom_attributes: { plan: 'a', size: 3 } })
    expect((await gateway.call('DELETE', `/lists/newsletter${at(id)}`)).status).toBe(404)

    const deleted = await gateway.call('DELETE', at(id))
    expect([deleted.status, deleted.text]).toEqual([204, ''])
    expect(vobiz.contacts()).toEqual([])

    for (const [method, body] of [['GET'], ['DELETE'], ['PATCH', { name: 'X' }]] as const) {
      const { status, body: problem } = await gateway.call(method, at(id), { body })
      expect([method, status, problem.code]).toEqual([method, 404, 'not-found'])
    }
  })

  test('at Octopush: created, changed, taken off the list, deleted; reading is not offered', async () => {
    const { octopush } = gateway.simulators
    const held = () => octopush.contacts()[0]
    const jane = { firstName: 'Jane', lastName: 'Smith', phone: '+33612345678', tags: ['vip'] }
    await gateway.call('POST', '/lists/sms/contacts', { body: { contacts: [jane] } })
    const created = await gateway.call('POST', '/contacts?account=octopush-fr', { body: jane })
    expect([created.status, created.body.status, created.body.id]).toEqual([200, 'updated', 'octopush-fr:+33612345678'])
    const { id } = created.body

    const renamed = await gateway.call('PATCH', at(id), { body: { firstName: 'Janet' } })
    expect([renamed.status, renamed.body]).toEqual([
      200,
      {
        id,
        account: 'octopush-fr',
        provider: 'octopush',
        firstName: 'Janet',
        phone: '+33612345678',
        tags: [],
        attributes: {},
        warnings: [],
      },
    ])
    expect(held()).toMatchObject({ first_name: 'Janet', last_name: 'Smith', lists: ['sms'], tags: ['vip'] })

    const tagged = await gateway.call('PATCH', at(id), { body: { tags: ['gold'], lastName: null, email: null } })
    expect(codes(tagged.body.warnings)).toEqual(['not_cleared #/lastName', 'not_cleared #/email', 'not_cleared #/tags'])
    expect(held()).toMatchObject({ last_name: 'Smith', tags: ['vip', 'gold'] })

    const off = await gateway.call('DELETE', `/lists/sms${at(id)}`)
    expect(off.status).toBe(204)
    expect(held()).toMatchObject({ first_name: 'Janet', lists: [] })
    expect(octopush.requests().at(-1)).toMatchObject({
      method: 'DELETE',
      path: '/v1/public/contact/delete',
      body: { phone_numbers: ['+33612345678'], list_name: 'sms' },
    })

    expect((await gateway.call('DELETE', at(id))).status).toBe(204)
    expect(octopush.contacts()).toEqual([])
    expect(octopush.requests().at(-1)?.body).toEqual({ phone_numbers: ['+33612345678'] })

    const again = await gateway.call('PATCH', at(id), { body: { name: 'Jane' } })
    expect(codes(again.body.warnings)).toEqual([
      'name_not_split #/name',
      'not_cleared #/lastName',
      'created_by_update #',
    ])
  })
})

const octopushId = 'octopush-fr:+33612345678'
const able = 'addContactsToList, createContact, updateContact, deleteContact, removeContactFromList'
describe('what a provider does not offer is 501, names what it does offer, and calls nobody', () => {
  test.each([
    ['GET', at(octopushId), `octopush-fr can do ${able}.`],
    ['GET', '/contacts?account=octopush-fr', `octopush-fr can do ${able}.`],
    ['GET', '/lists/sms/contacts', `octopush-fr can do ${able}.`],
    ['GET', '/lists/newsletter/contacts?account=octopush-fr', `octopush-fr can do ${able}.`],
    ['GET', '/contacts?account=oblic-main', 'oblic-main can do addContactsToList, createContact.'],
    ['GET', at('oblic-main:x'), 'oblic-main can do addContactsToList, createContact.'],
    ['PATCH', at('oblic-main:x'), 'oblic-main can do addContactsToList, createContact.'],
    ['DELETE', at('oblic-main:x'), 'oblic-main can do addContactsToList, createContact.'],
    ['DELETE', `/lists/newsletter${at('oblic-main:x')}`, 'oblic-main can do addContactsToList, createContact.'],
  ])('%s %s', async (method, path, said) => {
    const { status, body } = await gateway.call(method, path, method === 'PATCH' ? { body: { name: 'X' } } : {})
    expect([status, body.code, body.retriable]).toEqual([501, 'operation-not-supported', false])
    expect(body.detail).toContain(said)
    const { oblic, octopush, vobiz } = gateway.simulators
    expect([oblic, octopush, vobiz].flatMap((simulator) => simulator.requests())).toEqual([])
  })
})

describe('GET /providers', () => {
  test('shows each account, what it can do, and no credential', async () => {
    const { status, body, text } = await gateway.call('GET', '/providers')
    expect(status).toBe(200)
    expect(body.items).toEqual([
      {
        account: 'oblic-main',
        provider: 'oblic',
        operations: ['addContactsToList', 'createContact'],
        batchSize: 100,
        filters: [],
        requiredFields: ['name', 'email'],
        droppedFields: ['tags', 'attributes'],
        breaker: 'closed',
      },
      {
        account: 'octopush-fr',
        provider: 'octopush',
        operations: able.split(', '),
        batchSize: 200,
        filters: [],
        requiredFields: ['phone'],
        droppedFields: ['whatsapp', 'attributes'],
        breaker: 'closed',
      },
      {
        account: 'vobiz-in',
        provider: 'vobiz',
        operations: expect.arrayContaining(['getContact', 'listContacts', 'listContactsOfList']),
        batchSize: 1000,
        filters: ['search', 'tag'],
        requiredFields: ['name', 'phone'],
        droppedFields: ['whatsapp (unless there is no phone)'],
        breaker: 'closed',
      },
    ])
    expect(text).not.toMatch(/sandbox-key|sandbox-token|MA_SANDBOX|127\.0\.0\.1/)
  })

  test('shows a client its own accounts only, and an open breaker', async () => {
    const breaker = { minimumCalls: 1, failureRate: 0.1 }
    const own = await startGateway(
      { accounts: { 'vobiz-in': { retries: 0, breaker } }, clients: { indian: { accounts: ['vobiz-in'] } } },
      gateway.simulators,
    )
    gateway.simulators.vobiz.setBehaviour({ status: 500 })
    await own.call('GET', '/contacts?account=vobiz-in')
    const { body } = await own.call('GET', '/providers', { key: own.key('indian') })
    expect(body.items.map(({ account, breaker: state }: Record<string, string>) => [account, state])).toEqual([
      ['vobiz-in', 'open'],
    ])
    await own.close()
  })
})
