import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openapiDocument } from '../../src/cli/openapi-document.ts'
import { freshKey } from '../support/contact-source.ts'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'
import { upload } from '../support/import-calls.ts'
import { startRedis } from '../support/redis.ts'
import type { RunningRedis } from '../support/redis-server.ts'
import { type Answer, startGateway, type TestGateway } from '../support/start-gateway.ts'

/**
 * Whatever keeps Redis from working, no operation is a defect or blames its caller: it works, or is refused as what may
 * succeed later. Readiness tells, and all comes back by itself.
 */
let redis: RunningRedis
let way: FaultProxy
let gateway: TestGateway
let admin: Redis

beforeAll(async () => {
  // What is written is kept: nothing is warned of.
  redis = await startRedis({ appendOnly: true })
  admin = new Redis(redis.url)
  await admin.call('ACL', 'SETUSER', 'gateway', 'on', '>secret', '~cgw:*', '+@all', '-@admin')
  way = await startFaultProxy(redis.port)
  gateway = await startGateway({ env: { REDIS_URL: `redis://gateway:secret@127.0.0.1:${way.port}`, ROLE: 'api' } })
})
afterAll(async () => {
  await gateway?.close()
  await way?.close()
  await admin?.quit()
  await redis?.stop()
})

const importId = '8a7d2c1e-5b64-4c0f-9f5e-2f1d3a4b5c6d'
const suppressionId = 'mXq1yqk0Q2hW3V4uN5b6cA'
const parameters = {
  suppressionId,
  erasureId: importId,
  account: 'oblic-main',
  token: 'no-token',
  listId: 'newsletter',
  contactId: `vobiz-in:${importId}`,
  importId,
  slug: 'not-found',
} as const
const contact = { name: 'Jane', email: 'jane@example.com', phone: '+919876543210' }

/** What each operation is sent besides its path; those that are not listed need nothing. */
const sent: Readonly<Record<string, { readonly body?: unknown; readonly query?: string }>> = {
  addContactsToList: { body: { contacts: [contact] } },
  addSuppressions: { body: { suppressions: [{ phone: '+33612345678', reason: 'manual' }] } },
  beginErasure: { body: { phone: '+33612345678' } },
  finishErasureByHand: { body: { by: 'A. Durand' } },
  searchPeople: { body: { phone: '+33612345678' } },
  searchSuppressions: { body: { phone: '+33612345678' } },
  deleteSuppression: { query: '?reason=test' },
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
/** They ask it for some requests alone: of a contact that is there, with a token that is good. */
const asksSometimes = new Set(['updateContact', 'receiveCallback', 'receiveCallbackInQuery'])
/** An operation that asks the store without a key, too. */
const asksStore = ({ operationId, responses }: Operation) =>
  !asksSometimes.has(operationId) && responses['503']?.description.includes('store-unavailable') === true

function expectRefused(answer: Answer, code: string): void {
  expect([answer.status, answer.body.code, answer.body.retriable]).toEqual([503, code, true])
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
}

/** These look whether it is there before they write, write nothing, or ask without a key who is suppressed and no more. */
const readsFirst = new Set([
  ...['cancelImport', 'deleteImport', 'searchSuppressions', 'deleteSuppression', 'searchPeople'],
  ...['addContactsToList', 'createContact', 'updateContact', 'finishErasureByHand', 'retryErasure'],
  'retryDelivery',
])

type Trouble = {
  readonly begin: () => Promise<unknown>
  readonly end: () => Promise<unknown>
  readonly reads: readonly (string | number)[]
}

/** `reads`: what reading the store may be answered with, where it can still be read. */
const troubles: Readonly<Record<string, Trouble>> = {
  away: { begin: () => way.set({ way: 'refuse' }), end: () => way.set(), reads: [] },
  'not answering': { begin: () => way.set({ way: 'stall-before' }), end: () => way.set(), reads: [] },
  full: {
    begin: () => admin.config('SET', 'maxmemory', '1'),
    end: () => admin.config('SET', 'maxmemory', '0'),
    reads: [200, 201, 207, 400, 404],
  },
  'a replica': {
    begin: () => admin.replicaof('127.0.0.1', '1'),
    end: () => admin.replicaof('NO', 'ONE'),
    reads: [200, 201, 207, 400, 404, 503],
  },
  'without rights for us': {
    begin: () => admin.call('ACL', 'SETUSER', 'gateway', '-@all'),
    end: () => admin.call('ACL', 'SETUSER', 'gateway', '+@all', '-@admin'),
    reads: [],
  },
}

describe.each(Object.entries(troubles))('with a Redis that is %s', (_what, { begin, end, reads }) => {
  beforeAll(async () => {
    // Each of several connections may still be away from the time before.
    const reads = operations.filter(([, method, , operation]) => method === 'GET' && asksStore(operation))
    await vi.waitFor(async () => {
      const answers = await Promise.all(reads.map(([, method, path, operation]) => call(operation, method, path)))
      expect(answers.map(({ status }) => status)).not.toContain(503)
    }, 10_000)
    await begin()
  })
  afterAll(async () => void (await end()))

  test('readiness says so', async () => {
    await expect.poll(async () => (await gateway.call('GET', '/readyz')).status).toBe(503)
  })

  test('every operation answers what the document says', async () => {
    await Promise.all(
      operations.map(async ([operationId, method, path, operation]) => {
        const answer = await call(operation, method, path)
        expect([operationId, Object.keys(operation.responses)]).toEqual([
          operationId,
          expect.arrayContaining([String(answer.status)]),
        ])
        if (operationId === 'getReadiness') expect(answer.body.code).toBe('idempotency-unavailable')
        else if (!asksStore(operation)) expect([200, 201, 204, 207, 404]).toContain(answer.status)
        else if (reads.length > 0 && (method === 'GET' || readsFirst.has(operationId)))
          expect(reads, operationId).toContain(answer.status)
        else expectRefused(answer, 'store-unavailable')
      }),
    )
  })

  test('every operation that has a key is refused under it', async () => {
    const keyed = operations.filter(([, , , operation]) => isKeyed(operation))
    const answers = keyed.map(([, method, path, operation]) => call(operation, method, path, freshKey()))
    for (const answer of await Promise.all(answers)) expectRefused(answer, 'idempotency-unavailable')
  })

  test('a batch as an import is refused', async () => {
    const body = { contacts: [contact] }
    const headers = { prefer: 'respond-async' }
    const path = '/lists/newsletter/contacts'
    expectRefused(await gateway.call('POST', path, { body, headers }), 'store-unavailable')
    const keyed = { ...headers, 'idempotency-key': freshKey() }
    expectRefused(await gateway.call('POST', path, { body, headers: keyed }), 'idempotency-unavailable')
  })

  test('all comes back by itself, and nothing was logged as a defect', async () => {
    await end()
    await expect.poll(async () => (await gateway.call('GET', '/readyz')).status).toBe(200)
    const headers = { 'idempotency-key': freshKey() }
    const added = await gateway.call('POST', '/lists/newsletter/contacts', { body: { contacts: [contact] }, headers })
    expect([added.status, added.body.summary.outcomes.failed]).toEqual([207, undefined])
    expect(gateway.logged()).not.toContain('a defect')
  })
})

test('an outage is told once, and not by every idle worker each second', async () => {
  const own = await startFaultProxy(redis.port)
  const whole = await startGateway({ env: { REDIS_URL: `redis://gateway:secret@127.0.0.1:${own.port}` } })
  try {
    await expect.poll(async () => (await whole.call('GET', '/readyz')).status).toBe(200)
    await own.set({ way: 'refuse' })
    const told = () => whole.logged().match(/"event":"(store|import)"/g) ?? []
    await expect.poll(told).toContain('"event":"import"')
    await new Promise((resolve) => setTimeout(resolve, 4_000))
    expect(told().toSorted()).toEqual(['"event":"import"', '"event":"store"', '"event":"store"'])
    await own.set()
    await expect.poll(async () => (await whole.call('GET', '/readyz')).status).toBe(200)
  } finally {
    await whole.close()
    await own.close()
  }
})
