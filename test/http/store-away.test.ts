import { afterAll, beforeAll, expect, test } from 'vitest'
import { openapiDocument } from '../../src/cli/openapi-document.ts'
import { freshKey } from '../support/contact-source.ts'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'
import { upload } from '../support/import-calls.ts'
import { sharedRedisUrl } from '../support/redis.ts'
import { type Answer, startGateway, type TestGateway } from '../support/start-gateway.ts'

/** With Redis away no operation is a defect or blames its caller: it works, or is refused as what may succeed later. */
let way: FaultProxy
let gateway: TestGateway

beforeAll(async () => {
  way = await startFaultProxy(Number(new URL(sharedRedisUrl()).port))
  gateway = await startGateway({ env: { REDIS_URL: `redis://127.0.0.1:${way.port}`, ROLE: 'api' } })
  await way.set({ way: 'refuse' })
})
afterAll(async () => {
  await gateway?.close()
  await way?.close()
})

const importId = '8a7d2c1e-5b64-4c0f-9f5e-2f1d3a4b5c6d'
const parameters = { listId: 'newsletter', contactId: `vobiz-in:${importId}`, importId, slug: 'not-found' } as const
const contact = { name: 'Jane', email: 'jane@example.com', phone: '+919876543210' }

/** What each operation is sent besides its path; those that are not listed need nothing. */
const sent: Readonly<Record<string, { readonly body?: unknown; readonly query?: string }>> = {
  addContactsToList: { body: { contacts: [contact] } },
  createContact: { body: contact, query: '?account=vobiz-in' },
  updateContact: { body: { name: 'Joan' } },
  getImports: { query: `?cursor=${importId}` },
  listContacts: { query: '?account=vobiz-in' },
  listContactsOfList: { query: '?account=vobiz-in' },
}

type Operation = {
  readonly operationId: string
  readonly parameters?: readonly { readonly name: string }[]
  readonly responses: Readonly<Record<string, { readonly description: string }>>
}

const document = JSON.parse(await openapiDocument({ version: '0.0.0', revision: 'none' })) as {
  paths: Record<string, Record<string, Operation>>
}
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]): [string, string, string, Operation] => [
    operation.operationId,
    method.toUpperCase(),
    path.replace(/\{(\w+)\}/g, (_, name: keyof typeof parameters) => encodeURIComponent(parameters[name])),
    operation,
  ]),
)

function call({ operationId }: Operation, method: string, path: string, key?: string): Promise<Answer> {
  const headers = key === undefined ? {} : { 'idempotency-key': key }
  if (operationId === 'startImport') return upload(gateway, { csv: 'name,email\nJane,jane@example.com\n', headers })
  const { body, query = '' } = sent[operationId] ?? {}
  return gateway.call(method, path + query, { headers, ...(body !== undefined && { body }) })
}

const isKeyed = ({ parameters = [] }: Operation) => parameters.some(({ name }) => name === 'Idempotency-Key')
/** An operation that asks the store without a key, too. */
const asksStore = ({ operationId, responses }: Operation) =>
  operationId !== 'addContactsToList' && responses['503']?.description.includes('store-unavailable') === true

function expectRefused(answer: Answer, code: string): void {
  expect([answer.status, answer.body.code, answer.body.retriable]).toEqual([503, code, true])
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
}

test.each(operations)('%s without a key', async (operationId, method, path, operation) => {
  const answer = await call(operation, method, path)
  if (operationId === 'getReadiness')
    expect([answer.status, answer.body.code]).toEqual([503, 'idempotency-unavailable'])
  else if (asksStore(operation)) expectRefused(answer, 'store-unavailable')
  else expect([200, 201, 204, 207, 404]).toContain(answer.status)
})

test.each(operations.filter(([, , , operation]) => isKeyed(operation)))(
  '%s with a key',
  async (_id, method, path, operation) => {
    expectRefused(await call(operation, method, path, freshKey()), 'idempotency-unavailable')
  },
)

test('a batch as an import', async () => {
  const body = { contacts: [contact] }
  const headers = { prefer: 'respond-async' }
  const path = '/lists/newsletter/contacts'
  expectRefused(await gateway.call('POST', path, { body, headers }), 'store-unavailable')
  const keyed = { ...headers, 'idempotency-key': freshKey() }
  expectRefused(await gateway.call('POST', path, { body, headers: keyed }), 'idempotency-unavailable')
})

test('none of them is logged as a defect', () => {
  expect(gateway.logged()).not.toContain('a defect')
})
