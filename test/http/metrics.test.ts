import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { misbehave } from '../simulators/provider-calls.ts'
import { importWhole } from '../support/import-calls.ts'
import { isLongRun } from '../support/long-run.ts'
import { type Metrics, readMetrics } from '../support/read-metrics.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway({
    // There they are made anew at each reading.
    env: { METRICS_PORT: '0' },
    accounts: { 'vobiz-in': { breaker: { minimumCalls: 3 } } },
    clients: { reader: { scopes: ['contacts:read'] }, abroad: { networks: ['10.9.0.0/16'] } },
  })
})
afterAll(() => gateway.close())

const read = () => readMetrics(gateway.metricsUrl as string)
const jane = { name: 'Jane Smith', email: 'jane.metrics@example.com', phone: '+919876543210' }
const ravi = { name: 'Ravi Kumar', phone: '+919876543211' }
const add = (contacts: readonly unknown[], headers: Record<string, string> = {}, key = gateway.key()) =>
  gateway.call('POST', '/lists/newsletter/contacts', { body: { contacts }, headers, key })

/** How much a series grew while something was done. */
async function growth(of: readonly (readonly [string, Record<string, string>?])[], work: () => Promise<unknown>) {
  const before = await read()
  await work()
  const after = await read()
  return of.map(([name, labels]) => after.value(name, labels) - before.value(name, labels))
}

const attempts = 'contact_gateway_provider_attempts_total'
const results = 'contact_gateway_idempotency_results_total'

describe('a batch', () => {
  test('counts its request by route template, method and status', async () => {
    const route = { route: '/lists/:listId/contacts', method: 'POST', status: '207' }
    const name = 'contact_gateway_request_duration_seconds'
    const grown = await growth(
      [
        [`${name}_count`, route],
        [`${name}_bucket`, { ...route, le: '+Inf' }],
      ],
      () => add([jane]),
    )
    expect(grown).toEqual([1, 1])
  })

  test('counts every contact at every account by its outcome, and the attempts behind them', async () => {
    const contacts = 'contact_gateway_contacts_total'
    const grown = await growth(
      [
        [contacts, { account: 'oblic-main', outcome: 'accepted' }],
        [contacts, { account: 'oblic-main', outcome: 'rejected' }],
        [contacts, { account: 'octopush-fr', outcome: 'created' }],
        [attempts, { account: 'oblic-main', operation: 'addContacts', outcome: 'ok' }],
        [
          'contact_gateway_provider_attempt_duration_seconds_count',
          { account: 'oblic-main', operation: 'addContacts' },
        ],
      ],
      () => add([{ ...jane, phone: '+919876543290', email: 'other@example.com' }, ravi]),
    )
    expect(grown).toEqual([1, 1, 2, 1, 1])
  })

  test('that only shows what would be sent counts no contact', async () => {
    const before = await read()
    await gateway.call('POST', '/lists/newsletter/contacts?validateOnly=true', { body: { contacts: [jane] } })
    const after = await read()
    const contacts = ({ text }: Metrics) => text.match(/^contact_gateway_contacts_total.*$/gm)
    expect(contacts(after)).toEqual(contacts(before))
  })
})

test('a contact that is created alone counts by its outcome, and so does one whose call failed', async () => {
  const { octopush } = gateway.simulators
  const create = (phone: string) =>
    gateway.call('POST', '/contacts?account=octopush-fr', { body: { name: 'Jane', phone } })
  const contacts = 'contact_gateway_contacts_total'
  const grown = await growth(
    [
      [contacts, { account: 'octopush-fr', outcome: 'created' }],
      [contacts, { account: 'octopush-fr', outcome: 'failed' }],
    ],
    async () => {
      expect((await create('+33612345601')).status).toBe(201)
      await misbehave(octopush, { status: 401 })
      expect((await create('+33612345602')).status).toBe(502)
      await misbehave(octopush, {})
    },
  )
  expect(grown).toEqual([1, 1])
})

describe('under an idempotency key', () => {
  test('each way to end counts once', async () => {
    const key = { 'idempotency-key': `metrics-${'k'.repeat(20)}` }
    const grown = await growth(
      ['fresh', 'replayed', 'reused', 'resumed'].map((result) => [results, { result }] as const),
      async () => {
        const first = await add([jane], key)
        expect((await add([jane], key)).headers.get('idempotency-replayed')).toBe('true')
        expect((await add([ravi], key)).status).toBe(422)
        expect(first.status).toBe(207)
      },
    )
    expect(grown).toEqual([1, 1, 1, 0])
  })

  test('contacts that are not tried again do not count again', async () => {
    const { octopush } = gateway.simulators
    const key = { 'idempotency-key': `metrics-${'r'.repeat(20)}` }
    const contact = { name: 'Axelle', email: 'axelle@example.com', phone: '+33612345678' }
    const contacts = 'contact_gateway_contacts_total'
    const grown = await growth(
      [
        [results, { result: 'resumed' }],
        [contacts, { account: 'oblic-main', outcome: 'accepted' }],
        [contacts, { account: 'octopush-fr', outcome: 'failed' }],
        [contacts, { account: 'octopush-fr', outcome: 'created' }],
      ],
      async () => {
        await misbehave(octopush, { status: 401 })
        await add([contact], key)
        await misbehave(octopush, {})
        expect((await add([contact], key)).headers.get('idempotency-replayed')).toBe('resumed')
      },
    )
    expect(grown).toEqual([1, 1, 1, 1])
  })
})

test('wrong keys, foreign networks and missing scopes count apart, and as problems', async () => {
  const failures = 'contact_gateway_authentication_failures_total'
  const grown = await growth(
    [
      ...['key', 'network', 'scope'].map((reason) => [failures, { reason }] as const),
      ['contact_gateway_problems_total', { code: 'unauthorized' }],
    ],
    async () => {
      await add([jane], {}, 'cgw_crm_wrong')
      await gateway.call('GET', '/lists', { key: null })
      await gateway.call('GET', '/lists', { key: gateway.key('abroad') })
      await add([jane], {}, gateway.key('reader'))
    },
  )
  expect(grown).toEqual([2, 1, 1, 2])
})

describe('of an import', () => {
  test('rows count by account and outcome, and the import by how it ended', async () => {
    const rows = 'contact_gateway_import_rows_total'
    const grown = await growth(
      [
        [rows, { account: 'octopush-fr', outcome: 'created' }],
        [rows, { account: 'octopush-fr', outcome: 'rejected' }],
        ['contact_gateway_imports_total', { status: 'completed_with_errors' }],
      ],
      async () => {
        const { status } = await importWhole(gateway, {
          list: 'sms',
          csv: 'phone,name\n+33612345610,Ann\n+33612345611,Bob\n12,Bad\n',
        })
        expect(status).toBe('completed_with_errors')
      },
    )
    expect(grown).toEqual([2, 1, 1])
  })
})

test('an answer of another form than documented counts, a retry by its cause, and an open breaker shows', async () => {
  const { vobiz } = gateway.simulators
  const get = () => gateway.call('GET', '/contacts?account=vobiz-in')
  const state = (of: string) => ['contact_gateway_breaker_state', { account: 'vobiz-in', state: of }] as const
  const grown = await growth(
    [
      ['contact_gateway_provider_schema_mismatches_total', { account: 'vobiz-in', operation: 'listContacts' }],
      [
        'contact_gateway_provider_retries_total',
        { account: 'vobiz-in', operation: 'listContacts', cause: 'unavailable' },
      ],
      state('open'),
      state('closed'),
      ['contact_gateway_breaker_changes_total', { account: 'vobiz-in', state: 'open' }],
    ],
    async () => {
      await misbehave(vobiz, { garbage: {} })
      expect((await get()).status).toBe(502)
      await misbehave(vobiz, { status: 500 })
      for (let call = 0; call < 3; call++) await get()
      await misbehave(vobiz, {})
    },
  )
  expect(grown[0]).toBe(1)
  expect(grown[1]).toBeGreaterThan(0)
  expect(grown.slice(2)).toEqual([1, -1, 1])
})

describe('the metrics', () => {
  test('are as many after requests to thousands of random paths as before', async () => {
    const random = () => Math.random().toString(36).slice(2)
    const visit = async (count: number) => {
      for (let done = 0; done < count; done += 50)
        await Promise.all(
          Array.from({ length: 50 }, async (_, at) => {
            const answer = await fetch(`${gateway.url}/${random()}/${at % 3 === 0 ? '' : random()}?${random()}=1`, {
              method: ['GET', 'POST', 'PUT', 'DELETE', 'PROPFIND'][at % 5] as string,
              headers: { 'x-request-id': random() + random(), 'user-agent': random() },
            })
            expect([404, 405]).toContain(answer.status)
            await answer.arrayBuffer()
          }),
        )
    }
    const before = await read()
    await visit(isLongRun ? 100_000 : 3_000)
    const after = await read()
    expect([...after.series].filter((series) => !before.series.has(series))).toEqual([])
    expect(after.series.size).toBe(before.series.size)
  }, 600_000)

  test('name no person, no key, no caller and no raw path', async () => {
    const secret = gateway.key()
    await gateway.call('GET', `/contacts/${encodeURIComponent('octopush-fr:+33612345678')}`)
    const { text } = await read()
    for (const planted of [
      jane.email,
      jane.phone,
      jane.phone.slice(1),
      'Jane',
      'Ravi',
      '33612345678',
      '127.0.0.1',
      secret,
      'metrics-k',
    ])
      expect(text.includes(planted), planted).toBe(false)
  })

  test('say that the store is up, what the build is, and how the process is', async () => {
    const metrics = await read()
    expect(metrics.value('contact_gateway_store_up')).toBe(1)
    expect(metrics.value('contact_gateway_build_info', { version: '0.0.0-test', revision: 'c0ffee' })).toBe(1)
    expect(metrics.value('process_resident_memory_bytes')).toBeGreaterThan(0)
    expect(metrics.value('contact_gateway_provider_calls_waiting', { account: 'oblic-main' })).toBe(0)
    expect(metrics.value('contact_gateway_configuration_reloads_total', { result: 'applied' })).toBe(0)
  })
})
