import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { misbehave } from '../simulators/provider-calls.ts'
import { type Collector, type ExportedSpan, startCollector } from '../support/start-collector.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const strangersTrace = 'deadbeef16cd43dd8448eb211c80319c'
const callersSpan = 'b7ad6b7169203331'
const planted = {
  ref: 'crm-planted-ref',
  name: 'Plantana Seedling',
  email: 'plantana.seedling@example.com',
  phone: '+919876543210',
  tags: ['planted-tag'],
  attributes: { city: 'Plantville' },
}
const key = 'planted-idempotency-key'

let collector: Collector
let gateway: TestGateway
beforeAll(async () => {
  collector = await startCollector()
  gateway = await startGateway({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
    accounts: { 'octopush-fr': { sendTraceparent: true } },
  })
  await misbehave(gateway.simulators.vobiz, { match: { method: 'POST' }, times: 1, status: 429 })
  const answer = await gateway.call('POST', '/lists/newsletter/contacts?validateOnly=false', {
    body: { contacts: [planted] },
    headers: {
      traceparent: `00-${traceId}-${callersSpan}-01`,
      tracestate: 'vendor=planted-state',
      baggage: 'person=planted-baggage',
      'idempotency-key': key,
      'x-request-id': 'planted-request-id',
      'user-agent': 'planted-agent',
    },
  })
  expect(answer.status).toBe(207)
  await gateway.call('DELETE', `/contacts/${encodeURIComponent('octopush-fr:+919876543210')}`)
  await gateway.call('GET', '/planted/unknown/path?planted=query')
  const strangers = { headers: { traceparent: `00-${strangersTrace}-${callersSpan}-01` }, key: null }
  for (const path of ['/lists', '/healthz', '/planted']) await gateway.call('GET', path, strangers)
  // Delivers what is left.
  await gateway.close()
})
afterAll(() => collector.close())

const spanOf = (name: string) => collector.spans().find((span) => span.name === name) as ExportedSpan
const ofBatch = () => collector.spans().filter((span) => span.traceId === traceId)

describe('the trace of a batch', () => {
  test("is the caller's: its span hangs below the caller's", () => {
    const request = spanOf('POST /lists/:listId/contacts')
    expect(request).toMatchObject({ traceId, parentSpanId: callersSpan, kind: 2 })
    expect(request.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/lists/:listId/contacts',
      'http.response.status_code': 207,
      'contact_gateway.client': 'crm',
    })
  })

  test('has a span per attempt at each account, below that of the request', () => {
    const { spanId } = spanOf('POST /lists/:listId/contacts')
    const attempts = ofBatch().filter(({ kind }) => kind === 3)
    expect(attempts.every(({ parentSpanId }) => parentSpanId === spanId)).toBe(true)
    const inShort = attempts.map(({ name, attributes: of }) =>
      [of['contact_gateway.account'], name, of['contact_gateway.attempt'], of['contact_gateway.outcome']].join(' '),
    )
    expect(inShort.sort()).toEqual([
      'oblic-main addContacts 1 ok',
      'octopush-fr addContacts 1 ok',
      'octopush-fr ensureList 1 ok',
      'vobiz-in createContact 1 rateLimited',
      'vobiz-in createContact 2 ok',
    ])
  })

  test('goes on at a provider whose account says so: it is told the span of its attempt, and nothing else', async () => {
    const { octopush, oblic, vobiz } = gateway.simulators
    for (const { headers } of [...oblic.requests(), ...vobiz.requests()])
      expect(headers).not.toHaveProperty('traceparent')
    const sent = octopush.requests().find(({ path }) => path.includes('/contact/create'))
    const span = ofBatch().find(
      ({ attributes: of }) =>
        of['contact_gateway.account'] === 'octopush-fr' && of['contact_gateway.operation'] === 'addContacts',
    )
    expect(sent?.headers.traceparent).toBe(`00-${traceId}-${span?.spanId}-01`)
    expect(sent?.headers).not.toHaveProperty('tracestate')
    expect(sent?.headers).not.toHaveProperty('baggage')
  })

  test('can be found from the log', () => {
    expect(gateway.logged()).toContain(`"traceId":"${traceId}"`)
  })
})

test('a request without a trace begins one of its own, and an unknown path is named by its method alone', () => {
  const unknown = spanOf('GET')
  expect(unknown.parentSpanId ?? '').toBe('')
  expect(unknown.attributes).toEqual({ 'http.request.method': 'GET', 'http.response.status_code': 404 })
})

test('nobody but a known client decides what is traced, and who is turned away is not', () => {
  expect(collector.received()).not.toContain(strangersTrace)
  expect(spanOf('GET /lists')).toBeUndefined()
})

test('nothing that was exported names a person, a contact, a path, a header or a key', () => {
  const exported = collector.received()
  expect(exported).toContain(traceId)
  const hidden = [
    planted.name,
    'Seedling',
    planted.email,
    'seedling',
    planted.phone.slice(1),
    '9876543210',
    'Plantville',
    'planted',
    key,
    gateway.key(),
    gateway.key().split('_').slice(2).join('_'),
    '/_sim',
  ]
  for (const word of hidden) {
    expect(exported.includes(word), word).toBe(false)
    expect(exported.includes(encodeURIComponent(word)), word).toBe(false)
    expect(exported.includes(Buffer.from(word).toString('base64').replace(/=+$/, '').slice(0, -1)), word).toBe(false)
  }
})

test('a collector that cannot be reached is logged, and holds up neither requests nor the end', async () => {
  const lonely = await startGateway({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' } })
  expect((await lonely.call('GET', '/lists')).status).toBe(200)
  const startedAt = performance.now()
  await lonely.close()
  expect(performance.now() - startedAt).toBeLessThan(4_000)
})
