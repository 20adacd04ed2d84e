import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import { type Answer, startGateway, type TestGateway } from '../support/start-gateway.ts'

/**
 * What Vobiz shows after a write counts, not that it took the request: what lacks is written, or the outcome says so. Each
 * case goes as a single contact, as a batch of one to a list, or both.
 */

let simulators: RunningSimulators
let gateway: TestGateway
beforeAll(async () => {
  simulators = await startSimulators()
  const { accounts } = gatewayDocument(simulators)
  const account = { ...accounts['vobiz-in'], csvImport: false, settleAfterMs: 120 }
  const lists = { whatsapp: { targets: [{ account: 'vobiz-in', tag: 'Insiders' }] } }
  gateway = await startGateway({ accounts: { 'vobiz-in': account }, lists }, simulators)
})
afterAll(async () => {
  await gateway?.close()
  await simulators?.close()
})
beforeEach(() => simulators.vobiz.reset())
afterEach(() => simulators.vobiz.setBehaviour({}))

const jane = {
  name: 'Jane Smith',
  email: 'jane@example.com',
  phone: '+919876543210',
  tags: ['vip'],
  attributes: { city: 'Pune', seats: 3 },
}
const add = async (contact: object = jane, more: object = {}) => {
  const answer = await gateway.call('POST', '/lists/whatsapp/contacts', { body: { contacts: [contact], ...more } })
  return { answer, outcome: answer.body.results[0].outcomes[0] as Answer['body'] }
}
const create = (contact: object = jane, more: object = {}) =>
  gateway.call('POST', '/contacts?account=vobiz-in', { body: { ...contact, ...more } })
const held = () => simulators.vobiz.contacts()
const behave = (quirks: object) => simulators.vobiz.setBehaviour({ quirks } as object)
const warned = ({ warnings = [] }: Answer['body']) =>
  warnings.map(({ code, pointer }: Answer['body']) => `${code} ${pointer}`)
const writes = () => simulators.vobiz.requests().filter(({ method }) => method !== 'GET').length

test('a contact that is shown as it was sent costs one call and has no warning', async () => {
  const { outcome } = await add()
  expect([outcome.status, warned(outcome)]).toEqual(['created', []])
  expect(simulators.vobiz.requests()).toHaveLength(1)
})

describe('a contact that the provider makes something else of', () => {
  test.each(['other-number'])('(%s) is no success, and is not sent again', async (stores) => {
    behave({ stores })
    const { outcome } = await add()
    expect([outcome.status, outcome.error.code, outcome.error.retriable]).toEqual([
      'unknown',
      'provider_unreadable',
      false,
    ])
    const single = await create({ ...jane, phone: '+919876543211' })
    expect([single.status, single.body.code]).toEqual([504, 'outcome-unknown'])
    expect(writes()).toBe(2)
    // The id that was shown is perhaps somebody else's.
    expect(outcome.id).toBeUndefined()
  })

  test.each(['digits', 'spaced', 'dashed', 'double-zero', 'national'])(
    '(its number as %s) is the one that was sent',
    async (numberForm) => {
      behave({ numberForm })
      const { outcome } = await add()
      expect([outcome.status, warned(outcome)]).toEqual(['created', []])
    },
  )

  test.each([
    ['other-name', ['changed_by_provider #/contacts/0/name']],
    ['short-name', ['changed_by_provider #/contacts/0/name']],
    [
      'without-attributes',
      [
        'changed_by_provider #/contacts/0/email',
        'changed_by_provider #/contacts/0/attributes/city',
        'changed_by_provider #/contacts/0/attributes/seats',
      ],
    ],
    ['first-tag', ['changed_by_provider #/contacts/0/tags/0']],
  ])('(%s) is told with the places', async (stores, warnings) => {
    behave({ stores })
    const { outcome } = await add({ ...jane, name: `Jane${' Smith'.repeat(20)}` })
    expect([outcome.status, warned(outcome)]).toEqual(['created', warnings])
  })

  test('(attributes-as-texts) is what was sent', async () => {
    behave({ stores: 'attributes-as-texts' })
    const { outcome } = await add()
    expect([outcome.status, warned(outcome)]).toEqual(['created', []])
  })

  test('and leaves off the list is written once more, and where that does not help it is no success', async () => {
    simulators.vobiz.setBehaviour({
      rules: [{ match: { operation: 'create' }, quirks: { stores: 'without-tags' } }],
    } as object)
    expect((await add()).outcome).toMatchObject({ status: 'updated' })
    expect(held()[0]?.tags).toEqual(expect.arrayContaining(['Insiders', 'vip']))
    simulators.vobiz.reset()
    behave({ stores: 'without-tags' })
    const { answer, outcome } = await add()
    expect([outcome.status, outcome.error.code, outcome.error.retriable]).toEqual(['unknown', 'not_on_list', true])
    expect(answer.headers.get('x-items-failed')).toBe('1')
  })
})

describe('a person who is there already, given back as she was', () => {
  const longAgo = {
    match: { operation: 'create' },
    answer: [{ set: '2026-03-01T10:00:00Z', at: ['/created_at', '/updated_at'] }],
  }
  const kept = (existing: string) =>
    simulators.vobiz.setBehaviour({ rules: [{ ...longAgo, quirks: { existing } }] } as object)

  test.each(['kept-200', 'kept-201'])('(%s) is written over', async (existing) => {
    await create({ name: 'Jane', phone: jane.phone, tags: ['old'] })
    kept(existing)
    const { outcome } = await add()
    expect([outcome.status, warned(outcome)]).toEqual(['updated', []])
    expect(held()).toMatchObject([
      {
        name: 'Jane Smith',
        tags: expect.arrayContaining(['old', 'vip', 'Insiders']),
        custom_attributes: { city: 'Pune', seats: 3, email: 'jane@example.com' },
      },
    ])
  })

  test.each(['kept-200', 'kept-201'])(
    '(%s) is skipped where that was asked, and told not to be on the list',
    async (existing) => {
      await create({ name: 'Jane', phone: jane.phone })
      kept(existing)
      const { outcome } = await add(jane, { onConflict: 'skip' })
      expect([outcome.status, warned(outcome)]).toEqual(['skipped', ['not_on_list #/contacts/0']])
      expect(held()).toMatchObject([{ name: 'Jane' }])
    },
  )
})

test('a person who is skipped and is on the list already is no reason for a warning', async () => {
  await add()
  const { outcome } = await add(jane, { onConflict: 'skip' })
  expect([outcome.status, warned(outcome)]).toEqual(['skipped', []])
})

describe('a search that is behind', () => {
  test.each([
    ['by one answer', { searchLagCalls: 1 }],
    ['by two answers', { searchLagCalls: 2 }],
    ['by a moment', { searchLagMs: 60 }],
  ])('(%s) does not make a lost create be sent twice', async (_name, lag) => {
    simulators.vobiz.setBehaviour({
      quirks: lag,
      rules: [{ match: { operation: 'create' }, reset: 'after' }],
    } as object)
    const { status, body } = await create()
    expect([status, body.status]).toEqual([201, 'created'])
    expect(writes()).toBe(1)
  })

  test('for longer than is waited leaves open what became of a lost create when it is refused as known', async () => {
    simulators.vobiz.setBehaviour({
      quirks: { searchLagCalls: 100 },
      rules: [{ match: { operation: 'create' }, reset: 'after', times: 1 }],
    } as object)
    const { status, body } = await create()
    expect([status, body.code, body.retriable]).toEqual([504, 'outcome-unknown', true])
    expect(held()).toHaveLength(1)
  })

  test('makes a conflict worth repeating', async () => {
    await create({ name: 'Jane', phone: jane.phone })
    behave({ searchLagCalls: 100 })
    const { status, body } = await create()
    expect([status, body.code, body.retriable]).toEqual([409, 'conflict', true])
    behave({})
    expect((await create()).body.status).toBe('updated')
  })
})

describe('tags that the provider keeps in another case', () => {
  test.each(['lower', 'upper'])(
    '(%s) are those that were sent: on the list, taken off it, not doubled',
    async (tagCase) => {
      behave({ tagCase, tagFilter: 'any-case' })
      const { outcome } = await add({ ...jane, tags: ['Vip'] })
      expect([outcome.status, warned(outcome)]).toEqual(['created', []])
      const again = await add({ ...jane, tags: ['VIP', 'vIp'] })
      expect([again.outcome.status, warned(again.outcome)]).toEqual(['updated', []])
      expect(held()[0]?.tags).toHaveLength(2)
      const page = await gateway.call('GET', '/lists/whatsapp/contacts?account=vobiz-in')
      expect(page.body.items).toHaveLength(1)
      const id = encodeURIComponent(outcome.id)
      expect((await gateway.call('DELETE', `/lists/whatsapp/contacts/${id}`)).status).toBe(204)
      expect(held()[0]?.tags).toHaveLength(1)
      expect((await gateway.call('DELETE', `/lists/whatsapp/contacts/${id}`)).status).toBe(404)
    },
  )
})

describe('an update that does something else', () => {
  const idOf = async () => encodeURIComponent((await add()).outcome.id)

  test('(kept) is told with the places', async () => {
    const id = await idOf()
    behave({ update: 'kept' })
    const off = await gateway.call('DELETE', `/lists/whatsapp/contacts/${id}`)
    expect([off.status, off.body.code]).toEqual([504, 'outcome-unknown'])
    const patched = await gateway.call('PATCH', `/contacts/${id}`, { body: { name: 'Ann' } })
    expect([patched.status, patched.body.name, warned(patched.body)]).toEqual([
      200,
      'Jane Smith',
      ['changed_by_provider #/name'],
    ])
  })

  test('(whole) that empties what was not sent is told', async () => {
    const id = await idOf()
    behave({ update: 'whole' })
    const patched = await gateway.call('PATCH', `/contacts/${id}`, { body: { tags: ['a', 'Insiders'] } })
    expect(patched.status).toBe(200)
    expect(warned(patched.body)).toEqual(
      expect.arrayContaining(['changed_by_provider #/email', 'changed_by_provider #/attributes']),
    )
  })
})

describe('an update that was to follow a create, and is refused,', () => {
  const refusing = { match: { operation: 'update' }, rateLimit: {} }

  test('leaves a contact that was made without its list in doubt, never "failed"', async () => {
    const bare = { match: { operation: 'create' }, quirks: { stores: 'without-tags' } }
    simulators.vobiz.setBehaviour({ rules: [bare, refusing] } as object)
    const { outcome } = await add()
    expect([outcome.status, outcome.error.code, held()]).toMatchObject([
      'unknown',
      'not_on_list',
      [{ name: 'Jane Smith' }],
    ])
  })

  test('leaves a lost create in doubt whose contact the provider has in another form', async () => {
    const lost = { match: { operation: 'create' }, quirks: { stores: 'other-name' }, reset: 'after' }
    simulators.vobiz.setBehaviour({ rules: [lost, { match: { operation: 'update' }, status: 401 }] } as object)
    const { outcome } = await add()
    expect([outcome.status, outcome.error.retriable, held().length]).toEqual(['unknown', true, 1])
  })

  test('leaves a person who was given back as she was in doubt', async () => {
    await create({ name: 'Jane', phone: jane.phone })
    const kept = {
      match: { operation: 'create' },
      quirks: { existing: 'kept-200' },
      answer: [{ set: '2026-03-01T10:00:00Z', at: ['/created_at', '/updated_at'] }],
    }
    simulators.vobiz.setBehaviour({ rules: [kept, refusing] } as object)
    const { outcome } = await add()
    expect([outcome.status, outcome.error.code, outcome.error.retriable]).toEqual([
      'unknown',
      'provider_unreadable',
      true,
    ])
  })
})
