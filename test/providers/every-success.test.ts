import { describe, expect, test } from 'vitest'
import type { Account, TransportAnswer } from '../../src/providers/account.ts'
import type { OperationName } from '../../src/providers/adapter-port.ts'
import { interpretAnswer } from '../../src/providers/interpret-answer.ts'
import { unnoted } from '../../src/providers/reading/drift.ts'
import { htmlPage } from './adapter-cases.ts'
import { everyAdapter } from './every-adapter.ts'
import { type AnyOperation, anyInput, everyOperation } from './every-operation.ts'

const phone = anyInput.phone
const stored = {
  id: phone,
  phone_number: phone,
  name: 'Jane',
  tags: ['vip'],
  custom_attributes: { email: 'jane@example.com' },
  created_at: '2026-03-01T10:00:00Z',
  updated_at: '2026-03-01T10:00:00Z',
}

const member = { member: 'mb_1', email: 'jane@example.com', full_name: 'Jane', mobile: phone }

/** What each operation is answered as documented: its body, where it has one. A provider that comes later has its line here. */
const bodies: Readonly<Record<string, Partial<Record<OperationName, object | undefined>>>> = {
  oblic: { addContacts: { status: 'success', data: null, errors: null } },
  octopush: {
    ensureList: undefined,
    addContacts: { items: [{ phone_number: phone, email: '', status: 'added' }] },
    createContact: { items: [{ phone_number: phone, email: '', status: 'added' }] },
    updateContact: { items: [{ phone_number: phone, email: '', status: 'updated' }] },
    deleteContacts: undefined,
    removeFromList: undefined,
  },
  vobiz: {
    createContact: stored,
    findContacts: { items: [stored], total: 1, page: 1, limit: 100, has_more: false },
    getContact: stored,
    listContacts: { items: [stored], total: 1, page: 1, limit: 25, has_more: false },
    updateContact: stored,
    deleteContacts: undefined,
    importContacts: { total: 1, created: 1, updated: 0, failed: 0, errors: [] },
  },
  pigeon: {
    ensureList: { audience: 'aud_1', name: 'news' },
    addContacts: { results: [{ email: 'jane@example.com', member: 'mb_1', state: 'added' }] },
    getContact: member,
    findContacts: { members: [member], after: null },
    listContacts: { members: [member], after: null },
    updateContact: member,
    deleteContacts: undefined,
    removeFromList: undefined,
  },
}

const account = { channel: { redact: (text: string) => text } } as unknown as Account
function read([, , operation]: AnyOperation, status: number, body: unknown) {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const date = 'Sun, 01 Mar 2026 10:00:00 GMT'
  const answer: TransportAnswer = { status, text, retryAfter: undefined, date }
  return interpretAnswer(account, operation, anyInput, answer, 1, unnoted)
}
const documented = ([provider, name]: AnyOperation) => bodies[provider]?.[name]

test('every operation of every provider is here', () => {
  for (const { id, operations } of everyAdapter.values())
    expect(Object.keys(bodies[id] ?? {}).toSorted()).toEqual(Object.keys(operations).toSorted())
})

describe.each(everyOperation)('%s, %s', (...operation) => {
  const body = documented(operation)

  test.each([200, 201, 203, 207, 226])('its documented answer is one with any code of the class: %i', (status) => {
    expect(read(operation, status, body)).toEqual(read(operation, body === undefined ? 204 : 201, body))
    expect(read(operation, status, body)).toHaveProperty('ok')
  })

  test.each([
    { success: false },
    { success: 'false' },
    { Success: false },
    { isSuccess: false },
    { ok: false },
    { ok: 0 },
    { status: 'error' },
    { status: 'FAILED' },
    { Status: 'Error' },
    { status: 500 },
    { statusCode: 422 },
    { error: 'no' },
    { error: { code: 'X', message: 'no' } },
    { Error: 'no' },
    { hasError: true },
    { exception: 'IntegrityError' },
    { fault: { faultstring: 'no' } },
    { data: { success: false } },
    { result: { status: 'error' } },
    { response: { error: { message: 'no' } } },
  ])('is no success with %j in it', (denial) => {
    for (const status of [200, 201]) expect(read(operation, status, { ...body, ...denial })).not.toHaveProperty('ok')
  })
})

const writesUnseen = everyOperation.filter(
  ([provider, name]) => provider === 'oblic' || /^(?:deleteContacts|removeFromList|updateContact)$/.test(name),
)
describe.each(writesUnseen)('%s, %s, where nothing of the contact is shown,', (...operation) => {
  test.each([
    [200, { status: 'queued' }],
    [200, { status: 'pending', data: null, errors: null }],
    [200, { status: 'success', data: { failed: 1 } }],
    [200, { status: 'success', errors: ['no'] }],
    [200, { status: 'success', errors: { 0: { message: 'no' } } }],
    [200, { success: true, deleted: 0, updated: 0, added: 0 }],
    [200, { success: true, message: 'Contact not found' }],
    [200, { message: 'Nothing was changed' }],
    [200, { code: 'PARTIAL' }],
    [200, []],
    [200, 'OK'],
    [200, htmlPage],
    [202, undefined],
    [202, {}],
  ])('%i with %j is no success', (status, body) => {
    expect(read(operation, status, body)).not.toHaveProperty('ok')
  })
})
