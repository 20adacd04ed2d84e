import { describe, expect, test } from 'vitest'
import type { Result } from '../../../src/domain/failure.ts'
import type { OperationName } from '../../../src/providers/adapter-port.ts'
import { oblic } from '../../../src/providers/oblic/index.ts'
import { octopush } from '../../../src/providers/octopush/index.ts'
import { contradictsItself } from '../../../src/providers/reading/contradiction.ts'
import { vobiz } from '../../../src/providers/vobiz/index.ts'
import { answer, operationOf } from '../adapter-cases.ts'
import { documented, id, rahul, settings, target } from '../vobiz-example.ts'

const adapters = { oblic, octopush, vobiz }
const about = { contact: rahul, contacts: [rahul], target, key: id, keys: [id] }
const input = { ...about, settings, onConflict: 'update', limit: 25 }
const items = { items: [{ phone_number: rahul.phone, status: 'added' }] }
const summary = { total: 1, created: 1, updated: 0, failed: 0, errors: [] }
const page = { items: [documented], total: 1, has_more: false }

type Row = [adapter: keyof typeof adapters, name: OperationName, body: unknown]
const contradicts = ([adapter, name, body]: Row, status: number) =>
  contradictsItself(
    answer(status, body),
    (response): Result<unknown> => operationOf(adapters[adapter], name).toOutcome(response, input),
  )

describe('a refusal', () => {
  test.each<Row>([
    ['oblic', 'addContacts', { status: 'success' }],
    ['octopush', 'addContacts', items],
    ['octopush', 'createContact', items],
    ['octopush', 'removeFromList', { success: true }],
    ['vobiz', 'createContact', documented],
    ['vobiz', 'updateContact', { data: documented }],
    ['vobiz', 'getContact', documented],
    ['vobiz', 'listContacts', page],
    ['vobiz', 'importContacts', { data: summary }],
    ['vobiz', 'deleteContacts', { status: 'deleted' }],
  ])('whose body shows that it was done is none: %s, %s, %j', (...row) => {
    for (const status of [401, 404, 413, 429]) expect(contradicts(row, status)).toBe(true)
    for (const status of [200, 302, 500]) expect(contradicts(row, status)).toBe(false)
  })

  test.each<Row>([
    ['oblic', 'addContacts', { status: 'error', errors: [{ cd: 'INVALID_EMAIL', message: 'no' }] }],
    ['octopush', 'addContacts', { ...items, code: 151, message: 'no' }],
    ['octopush', 'addContacts', { ...items, success: false }],
    ['octopush', 'addContacts', { items: [] }],
    ['octopush', 'addContacts', { items: [{ phone_number: rahul.phone, status: 'error' }] }],
    ['vobiz', 'createContact', { id: 'req_7', message: 'no' }],
    ['vobiz', 'createContact', { id: 'req_7' }],
    ['vobiz', 'createContact', {}],
    ['vobiz', 'createContact', null],
    ['vobiz', 'updateContact', { data: null }],
    ['vobiz', 'updateContact', { ...documented, id: 'somebody-else' }],
    ['vobiz', 'getContact', { error: 'no' }],
    ['vobiz', 'listContacts', { items: [], total: 0, has_more: false }],
    ['vobiz', 'deleteContacts', { data: null }],
  ])('that shows nothing of it is one: %s, %s, %j', (...row) => {
    for (const status of [400, 404, 422]) expect(contradicts(row, status)).toBe(false)
  })

  test('of a conflict may show whom the provider has', () => {
    expect(contradicts(['vobiz', 'createContact', documented], 409)).toBe(false)
    expect(contradicts(['octopush', 'createContact', items], 409)).toBe(true)
  })
})
