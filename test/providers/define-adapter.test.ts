import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { defineAdapter } from '../../src/providers/adapter-port.ts'
import { dropped } from '../../src/providers/fields.ts'
import { del, get, patch, post, put } from '../../src/providers/requests.ts'

/** What an adapter needs at the least; its rules and operations are given apart. */
const common = {
  id: 'kite',
  title: 'Kite',
  baseUrl: 'https://api.kite.example',
  credentials: Type.Object({ apiKey: Type.String() }),
  settings: Type.Object({ mayDrop: Type.Boolean({ default: false }) }),
  target: Type.Object({ list: Type.String() }),
  authHeaders: ({ apiKey }: { apiKey: string }) => ({ 'x-key': apiKey }),
  keyedBy: 'email',
  honoursSkip: true,
} as const
const rules = {
  name: { form: 'one', as: 'name' },
  email: { kind: 'sent', as: 'mail', required: true },
  phone: dropped,
  whatsapp: dropped,
  tags: dropped,
  attributes: dropped,
} as const

/** For what is said of the rules alone. */
const idle = { operations: {} } as const

/** The type checker is the judge: a line that compiles although it is said not to is an error there. */
describe('the declaration of an adapter', () => {
  test('compiles with the members that there are, and is the adapter', () => {
    const declaration = {
      ...common,
      fields: () => rules,
      operations: { getContact: { repeatable: true, toRequest: () => get('/'), toOutcome: () => unread } },
    } as const
    expect(defineAdapter(declaration)).toBe(declaration)
  })

  test('does not compile with a misspelt member of its own', () => {
    const adapter = defineAdapter({
      ...common,
      // @ts-expect-error: it is `membership`
      memberships: { has: () => true, tagsWithout: () => [] },
      fields: () => rules,
      operations: {},
    })
    expect(adapter).toHaveProperty('memberships')
  })

  test('does not compile with a misspelt member of a field rule', () => {
    const adapter = defineAdapter({
      ...common,
      // @ts-expect-error: it is `required`
      fields: ({ mayDrop }) => ({ ...rules, email: mayDrop ? dropped : { kind: 'sent', as: 'mail', requierd: true } }),
      operations: {},
    })
    expect(adapter.fields({ mayDrop: false }).email).toHaveProperty('requierd')
  })

  test('does not compile with a misspelt member of a rule for tags, attributes or the name', () => {
    const adapters = [
      // @ts-expect-error: it is `maxLength`
      defineAdapter({ ...common, ...idle, fields: () => ({ ...rules, tags: { kind: 'sent', as: 'tag', max: 5 } }) }),
      defineAdapter({
        ...common,
        ...idle,
        // @ts-expect-error: it is `reserved`
        fields: () => ({ ...rules, attributes: { kind: 'sent', as: 'more', reserves: { mail: 'email' } } }),
      }),
      // @ts-expect-error: it is `required`
      defineAdapter({ ...common, ...idle, fields: () => ({ ...rules, name: { form: 'one', as: 'n', needed: true } }) }),
    ]
    expect(adapters).toHaveLength(3)
  })

  test('does not compile with a misspelt kind of a field rule, or with none', () => {
    const adapters = [
      // @ts-expect-error: it is `sent`
      defineAdapter({ ...common, ...idle, fields: () => ({ ...rules, phone: { kind: 'send', as: 'mobile' } }) }),
      // @ts-expect-error: it is `{ kind: 'dropped' }`
      defineAdapter({ ...common, ...idle, fields: () => ({ ...rules, phone: 'dropped' }) }),
      // @ts-expect-error: it does not say what becomes of the field
      defineAdapter({ ...common, ...idle, fields: () => ({ ...rules, phone: { as: 'mobile' } }) }),
      // @ts-expect-error: a phone stands in for nothing
      defineAdapter({ ...common, ...idle, fields: () => ({ ...rules, phone: { kind: 'standsIn', for: 'phone' } }) }),
    ]
    expect(adapters).toHaveLength(4)
  })

  test('does not compile with a member of another kind, or of another field, which nothing would read', () => {
    const adapters = [
      // @ts-expect-error: what is dropped is not required
      defineAdapter({ ...common, ...idle, fields: () => ({ ...rules, phone: { kind: 'dropped', required: true } }) }),
      defineAdapter({
        ...common,
        ...idle,
        // @ts-expect-error: only what the target maps is sent, and nothing is reserved
        fields: () => ({ ...rules, attributes: { kind: 'mapped', as: {}, reserved: { mail: 'email' } } }),
      }),
      defineAdapter({
        ...common,
        ...idle,
        // @ts-expect-error: no provider can require a WhatsApp number
        fields: () => ({ ...rules, whatsapp: { kind: 'sent', as: 'wa', required: true } }),
      }),
      // @ts-expect-error: tags are not required
      defineAdapter({ ...common, ...idle, fields: () => ({ ...rules, tags: { kind: 'sent', as: 't', fixed: true } }) }),
    ]
    expect(adapters).toHaveLength(4)
  })

  test('compiles with every member of every kind', () => {
    const adapter = defineAdapter({
      ...common,
      ...idle,
      fields: ({ mayDrop }, target) => ({
        name: { form: 'parts', as: 'first', required: true, maxLength: 9 },
        email: { kind: 'sent', as: 'mail', required: true, fixed: true, bestEffort: 'It may be ignored.' },
        phone: mayDrop ? dropped : { kind: 'sent', as: 'mobile' },
        whatsapp: mayDrop ? { kind: 'standsIn', for: 'phone' } : { kind: 'sent', as: 'wa' },
        tags: { kind: 'sent', as: 'tags', maxLength: 9, severalBestEffort: 'All but one may be ignored.' },
        attributes: mayDrop
          ? { kind: 'mapped', as: target === undefined ? {} : { title: 'slot1' }, maxLength: 9 }
          : { kind: 'sent', as: 'more', reserved: { mail: 'email' } },
      }),
    })
    expect(adapter.fields({ mayDrop: true }).phone).toBe(dropped)
  })

  test('does not compile with a misspelt field', () => {
    const adapter = defineAdapter({
      ...common,
      // @ts-expect-error: it is `whatsapp`
      fields: () => ({ ...rules, whatsApp: dropped }),
      operations: {},
    })
    expect(adapter.fields({})).toHaveProperty('whatsApp')
  })

  test('does not compile with a misspelt operation, or a misspelt member of one', () => {
    const getContact = { repeatable: true, toRequest: () => get('/'), toOutcome: () => unread }
    const adapters = [
      // @ts-expect-error: it is `getContact`
      defineAdapter({ ...common, fields: () => rules, operations: { getContacts: getContact } }),
      defineAdapter({
        ...common,
        fields: () => rules,
        // @ts-expect-error: it is `further`
        operations: { getContact: { ...getContact, furthr: undefined } },
      }),
    ]
    expect(adapters).toHaveLength(2)
  })

  test('does not compile with a misspelt member of a request', () => {
    const adapter = defineAdapter({
      ...common,
      fields: () => rules,
      operations: {
        getContact: {
          repeatable: true,
          // @ts-expect-error: it is `json`
          toRequest: ({ key }) => ({ method: 'POST', path: '/find', jsno: { key } }),
          toOutcome: () => unread,
        },
      },
    })
    expect(adapter.operations.getContact?.toRequest({ key: 'a', settings: {} })).toHaveProperty('jsno')
  })

  test('does not compile with a misspelt member of an item, or of a contact', () => {
    const adapter = defineAdapter({
      ...common,
      fields: () => rules,
      operations: {
        addContacts: {
          repeatable: true,
          maxContacts: 10,
          toRequest: ({ contacts, target }) => post(`/${encodeURIComponent(target.list)}`, contacts),
          // @ts-expect-error: it is `key`
          toOutcome: (_, { contacts }) => ({ ok: contacts.map(() => ({ status: 'created', kye: 'a' })) }),
        },
        getContact: {
          repeatable: true,
          toRequest: ({ key }) => get(`/${encodeURIComponent(key)}`),
          // @ts-expect-error: it is `email`
          toOutcome: () => ({ ok: { key: 'a', tags: [], attributes: {}, emial: 'jane@example.com' } }),
        },
      },
    })
    expect(Object.keys(adapter.operations)).toEqual(['addContacts', 'getContact'])
  })
})

const unread = { failure: { kind: 'unreadable' } } as const

test('the makers of requests put the body where there is one', () => {
  expect([get('/a'), post('/a', {}), put('/a', 0), patch('/a', null), del('/a'), del('/a', [1])]).toStrictEqual([
    { method: 'GET', path: '/a' },
    { method: 'POST', path: '/a', json: {} },
    { method: 'PUT', path: '/a', json: 0 },
    { method: 'PATCH', path: '/a', json: null },
    { method: 'DELETE', path: '/a' },
    { method: 'DELETE', path: '/a', json: [1] },
  ])
})
