import { Check, Default, Parse } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import type { Adapter, OperationName } from '../../src/providers/adapter-port.ts'
import { registry } from '../../src/providers/registry.ts'
import { tokenSource } from '../../src/providers/token-source.ts'
import { answer, contact, htmlPage, operationOf, textAnswer } from './adapter-cases.ts'
import { everyAdapter } from './every-adapter.ts'

const targets: Record<string, object> = {
  oblic: { list: 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7' },
  octopush: { list: 'Newsletter', attributes: { title: 'param3' } },
  pigeon: { list: 'news', id: 'aud_1' },
  vobiz: { tag: 'newsletter' },
}
const adapters = [...everyAdapter.values()]
const operations = adapters.flatMap((adapter) =>
  (Object.keys(adapter.operations) as OperationName[]).map((name) => ({ id: adapter.id, name, adapter })),
)

/** An input that serves every operation. */
function inputOf(adapter: Adapter, members: Parameters<typeof contact>[0] = {}) {
  const one = contact({ name: 'Jane', email: 'jane@example.com', phone: '+33612345678', tags: ['vip'], ...members })
  return {
    contacts: [one],
    contact: one,
    phone: '+33612345678',
    key: 'k',
    keys: ['k'],
    limit: 25,
    target: targets[adapter.id],
    onConflict: 'update',
    settings: Parse(adapter.settings, Default(adapter.settings, {})),
  }
}

test('the providers, and what each can do', () => {
  const table = Object.fromEntries(adapters.map(({ id, operations }) => [id, Object.keys(operations)]))
  expect(table).toStrictEqual({
    oblic: ['addContacts'],
    octopush: ['ensureList', 'addContacts', 'createContact', 'updateContact', 'deleteContacts', 'removeFromList'],
    vobiz: [
      'createContact',
      'findContacts',
      'getContact',
      'listContacts',
      'updateContact',
      'deleteContacts',
      'importContacts',
    ],
    pigeon: [
      'ensureList',
      'addContacts',
      'findContacts',
      'getContact',
      'listContacts',
      'updateContact',
      'deleteContacts',
      'removeFromList',
    ],
  })
})

describe.each(adapters)('$id', (adapter) => {
  test('is registered by its own id, with the documented https address and no slash at its end', () => {
    expect(everyAdapter.get(adapter.id)).toBe(adapter)
    expect(adapter.baseUrl).toMatch(/^https:\/\/[a-z.]+(\/[a-z0-9]+)*$/)
  })

  test('sends every credential that it asks for', () => {
    const names = Object.keys(adapter.credentials.properties)
    const credentials = Object.fromEntries(names.map((name) => [name, `secret-${name}`]))
    const sent = JSON.stringify([adapter.authHeaders(credentials), tokenSource(adapter, credentials)?.request])
    for (const name of names) expect(sent).toContain(`secret-${name}`)
  })

  test('has a default for every setting, and rules for a list and for none', () => {
    const settings = Default(adapter.settings, {}) as Record<string, unknown>
    expect(Check(adapter.settings, settings)).toBe(true)
    expect(Check(adapter.target, targets[adapter.id])).toBe(true)
    const fields = ['name', 'email', 'phone', 'whatsapp', 'tags', 'attributes']
    expect(Object.keys(adapter.fields(settings)).sort()).toStrictEqual(fields.sort())
    expect(Object.keys(adapter.fields(settings, targets[adapter.id] as never)).sort()).toStrictEqual(fields.sort())
  })

  test('has a form for its keys exactly when a contact can be named by one', () => {
    const { getContact, updateContact, deleteContacts, removeFromList } = adapter.operations
    const named = [getContact, updateContact, deleteContacts, removeFromList].some((one) => one !== undefined)
    expect(adapter.keyForm !== undefined).toBe(named)
    for (const strange of ['', '..', 'a/b', '%2e', '?x', '#', ' ', '\0', 'x'.repeat(300), '+336\n'])
      expect(adapter.keyForm?.test(strange) ?? false).toBe(false)
  })

  test('can add to a list: in batches, or one by one', () => {
    expect(adapter.operations.addContacts ?? adapter.operations.createContact).toBeDefined()
  })
})

const isError = (body: unknown) => JSON.stringify(body).includes('error')

describe.each(operations)('$name of $id', ({ adapter, name }) => {
  const operation = operationOf(adapter, name)
  const input = inputOf(adapter)

  test('makes the same request of the same input, with an encoded path and no credentials', () => {
    const request = operation.toRequest(input)
    expect(operation.toRequest(input)).toStrictEqual(request)
    expect(request.path).toMatch(/^\/[A-Za-z0-9/?=&%._~-]+$/)
    expect(
      Object.keys(request).every((member) => ['method', 'path', 'headers', 'json', 'form', 'file'].includes(member)),
    ).toBe(true)
  })

  test.each([
    [401, 'credentials'],
    [403, 'credentials'],
    [429, 'rateLimited'],
    [500, 'unavailable'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
  ])('%i is %s, with any body', (status, kind) => {
    for (const response of [
      textAnswer(status, ''),
      textAnswer(status, htmlPage),
      answer(status, null),
      answer(status, []),
    ]) {
      expect(operation.toOutcome(response, input)).toMatchObject({ failure: { kind, provider: { status } } })
    }
  })

  test.each([null, [], 7, 'ok', { status: 'error' }, { error: {} }])('200 with %j is never a success', (body) => {
    // A bare list of nobody is an empty page, for those who ask for a list.
    if (Array.isArray(body) && (name === 'listContacts' || name === 'findContacts')) return
    // What makes a list is answered in no documented form; whether it is there is told by adding to it.
    if (name === 'ensureList' && !isError(body)) return
    expect(operation.toOutcome(answer(200, body), input)).toMatchObject({ failure: { kind: 'unreadable' } })
  })
})

describe('the flags that detach contacts from every list and tag at Octopush', () => {
  const hostile = ['un_list', 'un_tag']
  const octopush = registry.get('octopush') as Adapter

  /** Every member name at any depth. */
  function memberNames(value: unknown): string[] {
    if (typeof value !== 'object' || value === null) return []
    return Object.entries(value).flatMap(([name, inner]) => [
      ...(Array.isArray(value) ? [] : [name]),
      ...memberNames(inner),
    ])
  }

  test('are reached by no contact', () => {
    const members = {
      name: 'un_list',
      tags: hostile,
      attributes: { un_list: true, un_tag: true, title: 'un_list' },
    }
    const target = { list: 'un_list', attributes: { title: 'param1', un_tag: 'param2' } }
    for (const onConflict of ['update', 'skip']) {
      for (const name of ['ensureList', 'addContacts', 'createContact', 'updateContact', 'removeFromList'] as const) {
        const { json } = operationOf(octopush, name).toRequest({ ...inputOf(octopush, members), target, onConflict })
        expect(memberNames(json).length).toBeGreaterThan(0)
        for (const flag of hostile) expect(memberNames(json)).not.toContain(flag)
      }
    }
  })

  test.each(hostile)('are reached by no configuration: %s', (flag) => {
    expect(Check(octopush.target, { list: 'x', attributes: { title: flag } })).toBe(false)
    expect(Check(octopush.settings, { optOutFlag: flag })).toBe(false)
  })
})
