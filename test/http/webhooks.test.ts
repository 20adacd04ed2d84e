import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { freshKey } from '../support/contact-source.ts'
import { importWhole } from '../support/import-calls.ts'
import { importStores } from '../support/import-stores.ts'
import { testStoreKey } from '../support/sealed.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'
import { newSecret, type ReceivedEvent, type Receiver, startReceiver } from '../support/start-receiver.ts'

const everyEvent = [
  'import.finished',
  'erasure.finished',
  'erasure.needs_person',
  'suppressions.changed',
  'account.unavailable',
  'account.recovered',
  'account.changed',
]
const hex = /^[0-9a-f]{32}$/
const phone = '+33612345678'
const email = 'planted.person@example.com'

describe.each(importStores)('Events, with %s,', (_name, openStore) => {
  const closing: (() => Promise<unknown>)[] = []
  let env: Readonly<Record<string, string>>
  let receiver: Receiver
  beforeEach(async () => {
    const store = await openStore()
    env = { ...store.env, STORE_KEY: testStoreKey }
    receiver = await startReceiver()
    closing.push(store.close, receiver.close)
  })
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
    vi.useRealTimers()
  })
  const start = async (
    webhooks: readonly unknown[],
    clients: Record<string, Record<string, unknown>> = {},
    changes: object = {},
  ) => {
    const gateway = await startGateway({ ...changes, clients: { crm: { webhooks }, ...clients }, env })
    closing.push(gateway.close)
    return gateway
  }
  const suppress = (gateway: TestGateway, suppressions: readonly object[], headers = {}) =>
    gateway.call('POST', '/suppressions', { body: { suppressions }, headers })
  const deliveries = async (gateway: TestGateway, query = '', key = gateway.key()) =>
    (await gateway.call('GET', `/webhooks/deliveries${query}`, { key })).body.items
  const ended = (gateway: TestGateway, state: string, count = 1) =>
    vi.waitFor(
      async () => {
        const items = await deliveries(gateway, `?state=${state}&limit=100`)
        expect(items).toHaveLength(count)
        return items
      },
      { timeout: 30_000 },
    )

  test('an import that came to its end is told to its client, as the list of imports shows it', async () => {
    const gateway = await start([receiver.entry(everyEvent)], { erp: {} })
    const csv = `name,phone\nJane,${phone}\nJohn,\n`
    const options = { mapping: { name: 'name', phone: 'phone' } }
    const headers = { 'x-request-id': 'request-18' }
    const done = await importWhole(gateway, { csv, options, list: 'newsletter', headers })
    await importWhole(gateway, { csv, client: 'erp' })
    const [event] = await receiver.received('import.finished')
    const listed = (await gateway.call('GET', '/imports')).body.items[0]
    expect(event?.body).toEqual({
      type: 'import.finished',
      timestamp: listed.finishedAt,
      data: listed,
      request: 'request-18',
    })
    expect(event?.id).toMatch(hex)
    expect(done.status).toBe('completed_with_errors')
    const [delivery] = await ended(gateway, 'delivered')
    expect(delivery).toMatchObject({
      eventId: event?.id,
      type: 'import.finished',
      url: receiver.url,
      tries: 1,
      lastStatus: 204,
    })
    expect(receiver.events).toHaveLength(1)
    expect(await deliveries(gateway, '', gateway.key('erp'))).toEqual([])
  }, 60_000)

  test('a write to the suppression list is one event, with the request and without an address, for all who may read the list', async () => {
    const other = await startReceiver()
    closing.push(other.close)
    const gateway = await start([receiver.entry(['suppressions.changed'])], {
      erp: { webhooks: [other.entry(['suppressions.changed'])] },
    })
    const many = Array.from({ length: 300 }, (_, index) => ({ email: `p${index}@example.com`, reason: 'opt_out' }))
    const written = await suppress(gateway, [{ phone, reason: 'opt_out' }, ...many], { 'x-request-id': 'request-17' })
    expect(written.status).toBe(207)
    const [event] = await receiver.received('suppressions.changed')
    expect(event?.body).toMatchObject({ request: 'request-17', truncated: true })
    expect(event?.body.data).toMatchObject({ created: 301, updated: 0, removed: 0 })
    expect(event?.body.data.ids).toHaveLength(200)
    const [same] = await other.received('suppressions.changed')
    expect(same?.id).not.toBe(event?.id)
    expect(same?.body.data).toEqual(event?.body.data)
    const since = encodeURIComponent(event?.body.data.since)
    const listed = await gateway.call('GET', `/suppressions?since=${since}&limit=100`)
    expect(listed.body.items).toHaveLength(100)
    // What changes nothing is told to nobody.
    await suppress(gateway, [{ phone, reason: 'opt_out' }])
    const { id } = written.body.results[0]
    await gateway.call('DELETE', `/suppressions/${id}?reason=asked`)
    const [, removal] = await receiver.received('suppressions.changed', 2)
    expect(removal?.body.data).toMatchObject({ created: 0, updated: 0, removed: 1, ids: [id] })
    await ended(gateway, 'delivered', 2)
    expect(receiver.events).toHaveLength(2)
  })

  test('a STOP that a provider passes on is told to a CRM with its number', async () => {
    const token = 'q7Zr0vX3mK9tB5yN8cD2'
    const webhooks = [receiver.entry(['suppressions.changed'], { addresses: true })]
    const gateway = await start(webhooks, {}, { accounts: { 'octopush-fr': { callbacks: { token } } } })
    const body = { message_id: 'sms_1', number: phone, text: 'stop', stop_date: '2026-11-24 10:00:00' }
    const headers = { 'x-request-id': 'callback-7' }
    const called = await gateway.call('POST', `/callbacks/octopush-fr/${token}`, { body, key: null, headers })
    expect(called.status).toBe(204)
    const [event] = await receiver.received('suppressions.changed')
    expect(event?.body.data).toMatchObject({ created: 1, entries: [{ phone }] })
    expect(event?.body.request).toBe('callback-7')
    expect(event?.text).not.toContain(token)
  })

  test('an account that answers otherwise than documented is told with the form of its answer, and no value of it', async () => {
    const gateway = await start([receiver.entry(['account.changed'])])
    gateway.simulators.vobiz.setBehaviour({ answer: { envelope: 'data' } })
    await gateway.call('POST', '/lists/newsletter/contacts', {
      body: { contacts: [{ name: 'Planted Person', phone }] },
    })
    const [event] = await receiver.received('account.changed')
    expect(event?.body.data).toMatchObject({
      account: 'vobiz-in',
      change: expect.any(String),
      shape: expect.any(String),
    })
    // It is the provider's doing, and told to clients that did not make the request.
    expect(event?.body).not.toHaveProperty('request')
    expect(event?.text).not.toMatch(/12345678|Planted/)
  })

  test('an endpoint that is flagged learns the addresses of few changes; others, the log and the metrics do not, nor is anything kept', async () => {
    const flagged = await startReceiver()
    closing.push(flagged.close)
    const gateway = await start([
      receiver.entry(['suppressions.changed']),
      flagged.entry(['suppressions.changed'], { addresses: true }),
    ])
    const { body } = await suppress(gateway, [
      { phone, reason: 'opt_out' },
      { email, reason: 'complaint' },
    ])
    const [told] = await flagged.received('suppressions.changed')
    const entries = [
      { id: body.results[0].id, phone },
      { id: body.results[1].id, email },
    ]
    expect(told?.body.data.entries).toHaveLength(2)
    expect(told?.body.data.entries).toEqual(expect.arrayContaining(entries))
    const [plain] = await receiver.received('suppressions.changed')
    expect(plain?.id).toBe(told?.id)
    expect(plain?.text).not.toMatch(/12345678|planted/)
    await ended(gateway, 'delivered', 2)
    const shown = JSON.stringify(await deliveries(gateway, '?payload=true'))
    expect(shown).toContain('suppressions.changed')
    const metrics = (await gateway.call('GET', '/metrics', { key: null })).text
    for (const text of [shown, gateway.logged(), metrics]) expect(text).not.toMatch(/12345678|planted\.person/)
    await suppress(
      gateway,
      Array.from({ length: 21 }, (_, index) => ({ email: `p${index}@example.com`, reason: 'opt_out' })),
    )
    const [, many] = await flagged.received('suppressions.changed', 2)
    expect(many?.body.data.entries).toBeUndefined()
  })

  test('an erasure is told when it needs a person and when it is done, to who asked for it, and its addresses to nobody', async () => {
    const flagged = await startReceiver()
    closing.push(flagged.close)
    const gateway = await start([
      receiver.entry(['erasure.finished', 'erasure.needs_person']),
      flagged.entry(['suppressions.changed'], { addresses: true }),
    ])
    // It has not taken an earlier wish yet, which tells the address.
    flagged.answer((response) => response.writeHead(500).end())
    await suppress(gateway, [{ email, reason: 'complaint' }])
    await flagged.received('suppressions.changed')
    const payloads = async () => JSON.stringify(await deliveries(gateway, '?payload=true&limit=100'))
    expect(await payloads()).toContain(email)
    flagged.events.length = 0
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const begun = await gateway.call('POST', '/erasures', {
      body: { phone, email },
      headers: { 'idempotency-key': freshKey(), 'x-request-id': 'request-of-erasure' },
    })
    expect(begun.status).toBe(202)
    const [needs] = await receiver.received('erasure.needs_person')
    expect(needs?.body.data).toMatchObject({ id: begun.body.id, status: 'needs_person' })
    const byHand = needs?.body.data.accounts.filter((one: { status: string }) => one.status === 'by_hand')
    expect(byHand.length).toBeGreaterThan(0)
    for (const { account } of byHand)
      await gateway.call('POST', `/erasures/${begun.body.id}/accounts/${account}/done`, { body: { by: 'A. Durand' } })
    const tick = setInterval(() => vi.setSystemTime(Date.now() + 30_000), 200)
    closing.push(async () => clearInterval(tick))
    const [done] = await receiver.received('erasure.finished')
    expect(done?.body.data).toMatchObject({ id: begun.body.id, status: 'completed' })
    expect(done?.body.data.addresses).toBeUndefined()
    expect(await payloads()).not.toMatch(/12345678|planted/)
    await flagged.received('suppressions.changed')
    const requests = ({ events }: Receiver) => events.map(({ body }) => body.request)
    expect(new Set(requests(receiver))).toEqual(new Set(['request-of-erasure']))
    // The earlier wish may come again.
    await expect.poll(() => requests(flagged)).toContain('request-of-erasure')
    for (const { text } of [...receiver.events, ...flagged.events]) expect(text).not.toMatch(/12345678|planted/)
  }, 30_000)

  test('a client that nobody can call reads its events, which are kept as what they are, without an address', async () => {
    const gateway = await start([{ events: ['suppressions.changed'] }], { erp: {} })
    const headers = { 'x-request-id': 'request-19' }
    const { body } = await suppress(gateway, [{ phone, reason: 'opt_out' }], headers)
    const [kept] = await ended(gateway, 'kept')
    expect(kept).toMatchObject({ type: 'suppressions.changed', tries: 0, endedAt: kept.createdAt })
    for (const name of ['url', 'nextTryAt', 'lastFailure']) expect(kept).not.toHaveProperty(name)
    const [whole] = await deliveries(gateway, '?state=kept&payload=true')
    expect(whole.payload).toMatchObject({ request: 'request-19', data: { created: 1, ids: [body.results[0].id] } })
    expect(JSON.stringify(whole)).not.toContain('12345678')
    for (const state of ['pending', 'delivered', 'given_up'])
      expect(await deliveries(gateway, `?state=${state}`)).toEqual([])
    expect(await deliveries(gateway, '?state=kept', gateway.key('erp'))).toEqual([])
    const refused = await gateway.call('POST', `/webhooks/deliveries/${kept.id}/retry`)
    expect([refused.status, refused.body.detail]).toEqual([404, expect.stringContaining('for nobody to be called')])
    expect(gateway.logged()).not.toContain('given up')
    const metrics = (await gateway.call('GET', '/metrics', { key: null })).text
    expect(metrics).not.toMatch(/contact_gateway_webhook_deliveries_total\{[^}]*outcome="(given_up|dropped)"\} [1-9]/)
  })

  test('an endpoint that fails is tried again with the same id; one that says 410 gets nothing more until its entry changes', async () => {
    const gateway = await start([receiver.entry(['suppressions.changed'])])
    receiver.answer((response) => response.writeHead(receiver.events.length === 1 ? 500 : 410).end())
    await suppress(gateway, [{ email: 'a@example.com', reason: 'opt_out' }])
    const [first] = await receiver.received('suppressions.changed')
    await vi.waitFor(async () =>
      expect((await deliveries(gateway))[0]).toMatchObject({
        lastStatus: 500,
        lastFailure: 'status',
        state: 'pending',
      }),
    )
    const [waiting] = await deliveries(gateway)
    const pause = Date.parse(waiting.nextTryAt) - Date.parse(waiting.lastTryAt)
    expect(pause).toBeGreaterThanOrEqual(5_000)
    expect(pause).toBeLessThanOrEqual(5_500)
    const retried = await gateway.call('POST', `/webhooks/deliveries/${waiting.id}/retry`)
    expect(retried.status).toBe(202)
    const [, second] = await receiver.received('suppressions.changed', 2)
    expect(second?.id).toBe(first?.id)
    expect(second?.text).toBe(first?.text)
    const [off] = await ended(gateway, 'given_up')
    expect(off).toMatchObject({ lastStatus: 410, tries: 2 })
    expect(gateway.logged()).toContain('answered 410')
    await suppress(gateway, [{ email: 'b@example.com', reason: 'opt_out' }])
    await ended(gateway, 'given_up', 2)
    expect((await deliveries(gateway))[0]).toMatchObject({ lastFailure: 'endpoint_off', tries: 0 })
    expect(receiver.events).toHaveLength(2)
    // Another secret is another entry.
    const secret = newSecret()
    const renewed = await startReceiver([secret])
    closing.push(renewed.close)
    receiver.answer((response) => response.writeHead(204).end())
    gateway.changeClients((clients) => ({
      ...clients,
      crm: {
        ...clients.crm,
        webhooks: [{ ...receiver.entry(['suppressions.changed']), secrets: [receiver.secret, secret] }],
      },
    }))
    await gateway.call('POST', `/webhooks/deliveries/${off.id}/retry`)
    const [, , third] = await receiver.received('suppressions.changed', 3)
    expect(third?.id).toBe(first?.id)
    expect(String(third?.headers['webhook-signature']).split(' ')).toHaveLength(2)
    await ended(gateway, 'delivered')
    expect(receiver.refused).toEqual([])
  }, 30_000)

  test('secrets are rotated by a reload: old, both, new; what waits is signed by those of the moment', async () => {
    const [old, fresh] = [newSecret(), newSecret()]
    const rotating = await startReceiver([old, fresh])
    closing.push(rotating.close)
    const entry = (...secrets: string[]) => ({ ...rotating.entry(['suppressions.changed']), secrets })
    const gateway = await start([entry(old)])
    rotating.answer((response) => response.writeHead(503).end())
    await suppress(gateway, [{ email: 'a@example.com', reason: 'opt_out' }])
    await rotating.received('suppressions.changed')
    const signers = ({ text, headers }: ReceivedEvent) =>
      [old, fresh].filter((secret) => {
        try {
          new Webhook(secret).verify(text, headers as Record<string, string>)
          return true
        } catch {
          return false
        }
      })
    const [{ id }] = await vi.waitFor(async () => {
      const items = await deliveries(gateway)
      expect(items[0]).toMatchObject({ tries: 1 })
      return items
    })
    for (const secrets of [[old, fresh], [fresh]]) {
      const before = rotating.events.length
      gateway.changeClients((clients) => ({ ...clients, crm: { ...clients.crm, webhooks: [entry(...secrets)] } }))
      await gateway.call('POST', `/webhooks/deliveries/${id}/retry`)
      const events = await rotating.received('suppressions.changed', before + 1)
      expect(signers(events.at(-1) as ReceivedEvent)).toEqual(secrets)
      await vi.waitFor(async () => expect((await deliveries(gateway))[0]).toMatchObject({ tries: before + 1 }))
    }
    expect(signers(rotating.events[0] as ReceivedEvent)).toEqual([old])
    expect(new Set(rotating.events.map((event) => event.id)).size).toBe(1)
  }, 30_000)

  test('an endpoint that hangs holds up neither another one, nor callers, nor the end of the process; what it was sent comes again', async () => {
    const quick = await startReceiver()
    closing.push(quick.close)
    const webhooks = [receiver.entry(['suppressions.changed']), quick.entry(['suppressions.changed'])]
    const gateway = await startGateway({ clients: { crm: { webhooks } }, env })
    receiver.answer(() => {})
    for (let round = 0; round < 8; round++)
      await suppress(gateway, [{ email: `p${round}@example.com`, reason: 'opt_out' }])
    await quick.received('suppressions.changed', 8)
    await receiver.received('suppressions.changed', 4)
    expect(receiver.events).toHaveLength(4)
    const closesAt = performance.now()
    await gateway.close()
    expect(performance.now() - closesAt).toBeLessThan(10_000)
    for (const text of [receiver.secret, quick.secret]) expect(gateway.logged()).not.toContain(text)
    receiver.answer((response) => response.writeHead(204).end())
    const again = await start(webhooks)
    await ended(again, 'delivered', 16)
    expect(new Set(receiver.events.map(({ id }) => id)).size).toBe(8)
    expect(quick.events).toHaveLength(8)
  }, 60_000)

  test('pages of deliveries lead from one to the next, by state, and only the client itself sees or repeats them', async () => {
    const gateway = await start([receiver.entry(['suppressions.changed'])], { erp: {} })
    for (const name of ['a', 'b', 'c']) await suppress(gateway, [{ email: `${name}@example.com`, reason: 'opt_out' }])
    const items = await ended(gateway, 'delivered', 3)
    const first = await gateway.call('GET', '/webhooks/deliveries?limit=2&state=delivered&payload=true')
    expect(first.body.items.map(({ id }: { id: string }) => id)).toEqual(
      items.slice(0, 2).map(({ id }: { id: string }) => id),
    )
    expect(first.body.items[0].payload).toEqual(
      receiver.events.find(({ id }) => id === first.body.items[0].eventId)?.body,
    )
    const link = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
    const second = await gateway.call('GET', link.replace(gateway.url, ''))
    expect(second.body.items.map(({ id }: { id: string }) => id)).toEqual([items[2].id])
    expect(second.body.nextCursor).toBeNull()
    const stranger = gateway.key('erp')
    const refused = await gateway.call('POST', `/webhooks/deliveries/${items[0].id}/retry`, { key: stranger })
    expect(refused.status).toBe(404)
    gateway.changeClients((clients) => ({ ...clients, crm: { ...clients.crm, webhooks: [] } }))
    const gone = await gateway.call('POST', `/webhooks/deliveries/${items[0].id}/retry`)
    expect([gone.status, gone.body.detail]).toEqual([404, expect.stringContaining('not in the configuration any more')])
    const stolen = await gateway.call('GET', link.replace(gateway.url, ''), { key: stranger })
    expect(stolen.body.code).toBe('invalid-cursor')
  })

  test('an account that goes away and comes back is told once each, to who may use it', async () => {
    const other = await startReceiver()
    closing.push(other.close)
    const accounts = { 'vobiz-in': { retries: 0, breaker: { minimumCalls: 2, windowMs: 60_000, openMs: 100 } } }
    // The clock, and what happens every few seconds, stand still but for the test; calls, answers and tries do not.
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: Date.now() })
    const gateway = await start(
      [receiver.entry(['account.unavailable', 'account.recovered'])],
      { erp: { accounts: ['oblic-main'], webhooks: [other.entry(['account.unavailable'])] } },
      { accounts },
    )
    const told = (type: string) =>
      vi.waitUntil(
        async () => {
          await gateway.call('GET', '/contacts/vobiz-in:00000000-0000-4000-8000-000000000001')
          vi.advanceTimersByTime(5_000)
          return receiver.events.find(({ body }) => body.type === type)
        },
        { timeout: 15_000, interval: 50 },
      )
    const { vobiz } = gateway.simulators
    vobiz.setBehaviour({ status: 503 })
    const gone = await told('account.unavailable')
    expect(gone.body.data).toMatchObject({ account: 'vobiz-in', lastFailure: 'unavailable' })
    vobiz.setBehaviour({})
    const back = await told('account.recovered')
    expect(back.body.data).toMatchObject({ account: 'vobiz-in', since: gone.body.data.since })
    expect(Date.parse(back.body.timestamp) - Date.parse(gone.body.timestamp)).toBeGreaterThanOrEqual(60_000)
    expect(receiver.events).toHaveLength(2)
    expect(other.events).toEqual([])
  }, 40_000)
})
