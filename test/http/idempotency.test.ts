import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sharedRedisUrl } from '../support/redis.ts'
import { type Answer, type Changes, startGateway, type TestGateway } from '../support/start-gateway.ts'

/**
 * What an Idempotency-Key promises, as far as one process can show it. Dying processes and a dying Redis are in
 * test/integration/dead-owner.test.ts and test/integration/redis-outage.test.ts.
 */
const contact = { name: 'Jane', email: 'jane@example.com', phone: '+919876543210' }
const body = { contacts: [contact] }
const path = '/lists/newsletter/contacts'

const stores: [name: string, env: () => Record<string, string>][] = [
  ['SQLite', () => ({})],
  ['Redis', () => ({ REDIS_URL: sharedRedisUrl() })],
]

describe.each(stores)('with %s, a key', (_name, env) => {
  let gateway: TestGateway
  let key: string
  let serial = 0
  const start = (changes: Changes = {}) => startGateway({ ...changes, env: env() })
  beforeEach(async () => {
    gateway = await start({
      clients: { erp: {}, careful: { requireIdempotencyKey: true }, reader: { scopes: ['contacts:read'] } },
    })
    key = `test-${process.pid}-${Date.now()}-${serial++}`
  })
  afterEach(() => gateway.close())

  const add = (
    changes: {
      body?: unknown
      raw?: string
      key?: string
      path?: string
      client?: string
      headers?: Record<string, string>
    } = {},
  ) =>
    gateway.call('POST', changes.path ?? path, {
      ...(changes.raw === undefined ? { body: changes.body ?? body } : { raw: changes.raw }),
      key: gateway.key(changes.client ?? 'crm'),
      headers: { 'idempotency-key': changes.key ?? key, ...changes.headers },
    })
  const calls = () => {
    const { oblic, octopush, vobiz } = gateway.simulators
    return oblic.requestTotal() + octopush.requestTotal() + vobiz.requestTotal()
  }
  const isReplay = (first: Answer, second: Answer) => {
    expect(second.status).toBe(first.status)
    expect(second.text).toBe(first.text)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
  }
  const expectProblem = (answer: Answer, status: number, slug: string) => {
    expect(answer.status).toBe(status)
    expect(answer.body.type).toMatch(new RegExp(`/problems/${slug}$`))
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
  }

  test('fresh runs; a repeat gets the same bytes, no provider call, and headers of its own', async () => {
    const first = await add()
    expect(first.status).toBe(207)
    expect(first.headers.has('idempotency-replayed')).toBe(false)
    const before = calls()
    const second = await add()
    isReplay(first, second)
    expect(second.headers.get('x-items-failed')).toBe('0')
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'))
    expect(calls()).toBe(before)
  })

  test('an answer in which nothing was applied is not stored: it runs anew', async () => {
    gateway.simulators.vobiz.setBehaviour({ status: 422, times: 1 })
    const first = await add({ path: '/lists/whatsapp/contacts' })
    expect(first.body.summary.outcomes).toEqual({ rejected: 1 })
    const second = await add({ path: '/lists/whatsapp/contacts' })
    expect(second.body.summary.outcomes).toEqual({ created: 1 })
    expect(second.headers.has('idempotency-replayed')).toBe(false)
  })

  test('a refusal of the gateway itself leaves the key free, also for a corrected body', async () => {
    expect((await add({ client: 'reader' })).status).toBe(403)
    expect((await add({ body: { contacts: [{ phone: 5 }] } })).status).toBe(422)
    expect((await add({ raw: `"${'x'.repeat(2.1 * 1024 * 1024)}"` })).status).toBe(413)
    expect((await add({ headers: { prefer: 'handling=strict' } })).body.code).toBe('loss-not-accepted')
    const corrected = await add()
    expect(corrected.status).toBe(207)
    expect(corrected.headers.has('idempotency-replayed')).toBe(false)
  })

  test.each([
    ['another body', { body: { contacts: [{ ...contact, name: 'Other' }] } }],
    ['another list', { path: '/lists/whatsapp/contacts' }],
  ])('of another request (%s) is refused, and no provider called', async (_change, change) => {
    await add()
    const before = calls()
    const answer = await add(change)
    expectProblem(answer, 422, 'idempotency-key-reused')
    expect(answer.headers.get('link')).toMatch(/^<http.*\/problems\/idempotency-key-reused>; rel="describedby"$/)
    expect(calls()).toBe(before)
  })

  test('another order of members and other white space are the same request', async () => {
    const first = await add()
    const raw = `{ "contacts":\n [ {"phone":"${contact.phone}", "email":"${contact.email}",\t"name":"${contact.name}"} ] }`
    isReplay(first, await add({ raw }))
  })

  test('the same query parameters in another form are the same request', async () => {
    const first = await add({ path: `${path}?validateOnly=false` })
    isReplay(first, await add({ path: `${path}?validateOnly=%66alse` }))
  })

  test('of two at once one runs; the other is told to wait and then gets the replay', async () => {
    gateway.simulators.oblic.setBehaviour({ latencyMs: 300 })
    const [one, two] = await Promise.all([add(), add()])
    const [first, loser] = one.status === 207 ? [one, two] : [two, one]
    expectProblem(loser, 409, 'idempotency-in-progress')
    expect(Number(loser.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(loser.body.retriable).toBe(true)
    isReplay(first, await add())
    expect(gateway.simulators.oblic.requestTotal()).toBe(1)
  })

  test('is demanded of a client that has to send one', async () => {
    const answer = await gateway.call('POST', path, { body, key: gateway.key('careful') })
    expectProblem(answer, 400, 'idempotency-key-missing')
    expect(answer.headers.get('link')).toContain('describedby')
    expect((await add({ client: 'careful' })).status).toBe(207)
  })

  test.each([
    ['empty', ''],
    ['15 characters', 'a'.repeat(15)],
    ['256 characters', 'a'.repeat(256)],
    ['not ASCII', 'clé-0123456789abcdef'],
    ['spaces', 'key 0123456789 abcdef'],
    ['globs', 'key-*-0123456789abcdef'],
    ['braces', '{key}-0123456789abcdef'],
    ['two headers', 'key-0123456789abcdef, key-0123456789abcdef'],
    ['half a quote', '"key-0123456789abcdef'],
  ])('malformed (%s) is refused', async (_form, malformed) => {
    const answer = await add({ key: malformed })
    expectProblem(answer, 400, 'idempotency-key-invalid')
    expect(answer.headers.get('link')).toContain('describedby')
    expect(calls()).toBe(0)
  })

  test('quoted, bare and with parameters is the same key', async () => {
    const first = await add()
    isReplay(first, await add({ key: `"${key}"` }))
    isReplay(first, await add({ key: `"${key}";p=1` }))
  })

  test("of one client says nothing of another client's", async () => {
    await add()
    const other = await add({ client: 'erp' })
    expect(other.headers.has('idempotency-replayed')).toBe(false)
  })

  test('survives a rotation of the client key, and a revoked key gets no replay', async () => {
    const first = await add()
    const rotated = await startGateway({ env: env() }, gateway.simulators)
    const again = await rotated.call('POST', path, { body, headers: { 'idempotency-key': key } })
    // The embedded store of these tests is in memory: only Redis is shared by two gateways.
    if (env().REDIS_URL !== undefined) isReplay(first, again)
    const revoked = await rotated.call('POST', path, { body, key: gateway.key(), headers: { 'idempotency-key': key } })
    expect(revoked.status).toBe(401)
    await rotated.close()
  })

  test('work longer than its lease keeps it: nobody else executes', async () => {
    const quick = await startGateway({ env: env(), store: { leaseMs: 700 } }, gateway.simulators)
    gateway.simulators.oblic.setBehaviour({ latencyMs: 2_100 })
    const send = () => quick.call('POST', path, { body, headers: { 'idempotency-key': key } })
    const first = send()
    await gateway.simulators.oblic.waitForRequest(() => true)
    const rivals: number[] = []
    let done = false
    first.then(() => {
      done = true
    })
    while (!done) rivals.push((await send()).status)
    expect(new Set(rivals.slice(0, -1))).toEqual(new Set([409]))
    isReplay(await first, await send())
    expect(gateway.simulators.oblic.requestTotal()).toBe(1)
    await quick.close()
  })

  test('what cannot be known is unknown and says whether the same key helps', async () => {
    gateway.simulators.octopush.setBehaviour({ reset: 'after', match: { path: '/contact/create' } })
    gateway.simulators.oblic.setBehaviour({ reset: 'after' })
    const { body: answer } = await add()
    expect(
      answer.results[0].outcomes.map(({ status, error }: { status: string; error?: { retriable: boolean } }) => [
        status,
        error?.retriable,
      ]),
    ).toEqual([
      ['unknown', false],
      ['unknown', true],
      ['created', undefined],
    ])
  })

  test('a caller that hangs up leaves a record to be found', async () => {
    gateway.simulators.oblic.setBehaviour({ latencyMs: 200 })
    const aborting = new AbortController()
    const hungUp = fetch(gateway.url + path, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: aborting.signal,
      headers: { authorization: `Bearer ${gateway.key()}`, 'content-type': 'application/json', 'idempotency-key': key },
    })
    await gateway.simulators.oblic.waitForRequest(() => true)
    aborting.abort()
    await expect(hungUp).rejects.toThrow()
    let answer = await add()
    while (answer.status === 409) answer = await add()
    expect(answer.headers.get('idempotency-replayed')).toBe('true')
    expect(gateway.simulators.oblic.requestTotal()).toBe(1)
  })

  test('of an answer of more than a megabyte replays it byte for byte', async () => {
    const contacts = Array.from({ length: 1000 }, (_, i) => ({
      ...contact,
      phone: `+9198${20_001_000 + i}`,
      tags: Array.from({ length: 12 }, (_tag, t) => `tag-${t}-${i}`),
    }))
    const big = { contacts }
    const first = await add({ body: big, path: '/lists/newsletter/contacts' })
    expect(first.text.length).toBeGreaterThan(1_000_000)
    isReplay(first, await add({ body: big }))
  })

  test('of another method, path or account is refused', async () => {
    const created = await gateway.call('POST', '/contacts?account=vobiz-in', {
      body: contact,
      headers: { 'idempotency-key': key },
    })
    expect(created.status).toBe(201)
    const before = calls()
    const id = encodeURIComponent(created.body.id)
    const others = await Promise.all([
      gateway.call('POST', '/contacts?account=octopush-fr', { body: contact, headers: { 'idempotency-key': key } }),
      gateway.call('PATCH', `/contacts/${id}`, { body: { name: 'Other' }, headers: { 'idempotency-key': key } }),
      gateway.call('DELETE', `/contacts/${id}`, { headers: { 'idempotency-key': key } }),
    ])
    for (const other of others) expectProblem(other, 422, 'idempotency-key-reused')
    expect(calls()).toBe(before)
  })

  test('is heeded on a DELETE and ignored on a GET', async () => {
    const created = await gateway.call('POST', '/contacts?account=vobiz-in', { body: contact })
    const path = `/contacts/${encodeURIComponent(created.body.id)}`
    const headers = { 'idempotency-key': key }
    expect((await gateway.call('GET', path, { headers })).status).toBe(200)
    expect((await gateway.call('GET', '/lists', { headers: { 'idempotency-key': 'short' } })).status).toBe(200)
    const deleted = await gateway.call('DELETE', path, { headers })
    expect([deleted.status, deleted.headers.has('idempotency-replayed')]).toEqual([204, false])
    const again = await gateway.call('DELETE', path, { headers })
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([204, 'true'])
    expect((await gateway.call('GET', path)).status).toBe(404)
  })

  test('a replay counts as one request of the quota and as no contact', async () => {
    // A client of its own: the others' requests of this run count together in the shared Redis.
    const client = `quota-${Date.now()}`
    const own = await startGateway({ env: env(), clients: { [client]: {} } }, gateway.simulators)
    const send = () => own.call('POST', path, { body, key: own.key(client), headers: { 'idempotency-key': key } })
    const left = ({ headers }: Answer) => Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1])
    const first = await send()
    const replay = await send()
    isReplay(first, replay)
    expect(left(first) - left(replay)).toBe(1)
    const { text } = await own.call('GET', '/metrics', { key: null })
    expect(text).toMatch(/contact_gateway_contacts_total\{account="oblic-main",outcome="accepted"\} 1\n/)
    await own.close()
  })

  test('Prefer: return=minimal replays the same bytes, and resumes from all that is known', async () => {
    gateway.simulators.vobiz.setBehaviour({ status: 429, match: { method: 'POST' } })
    const prefer = { prefer: 'return=minimal' }
    const first = await add({ headers: prefer })
    gateway.simulators.vobiz.setBehaviour({})
    const second = await add({ headers: prefer })
    expect(second.headers.get('idempotency-replayed')).toBe('resumed')
    expect(first.body.summary.outcomes).toEqual({ accepted: 1, created: 1, failed: 1 })
    expect(second.body.summary.outcomes).toEqual({ accepted: 1, created: 2 })
    isReplay(second, await add({ headers: prefer }))
  })

  test('resumes: only what failed or can be settled is tried again, until all is definite', async () => {
    const { oblic, octopush, vobiz } = gateway.simulators
    octopush.setBehaviour({ status: 429, match: { path: '/contact/create' } })
    oblic.setBehaviour({ reset: 'after' })
    const states = ({ body: { results } }: Answer) =>
      results[0].outcomes.map(({ status }: { status: string }) => status)
    const first = await add()
    expect(states(first)).toEqual(['unknown', 'failed', 'created'])
    const second = await add()
    expect(second.headers.get('idempotency-replayed')).toBe('resumed')
    expect(states(second)).toEqual(['unknown', 'failed', 'created'])
    octopush.setBehaviour({})
    const third = await add()
    expect(third.headers.get('idempotency-replayed')).toBe('resumed')
    expect(states(third)).toEqual(['unknown', 'created', 'created'])
    expect(third.body.results[0].outcomes[0]).toEqual(first.body.results[0].outcomes[0])
    isReplay(third, await add())
    expect(oblic.contacts()).toMatchObject([{ sends: 1 }])
    expect(vobiz.requestTotal()).toBe(1)
  })
})
