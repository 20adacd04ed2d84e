import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { contactSource, freshKey } from '../support/contact-source.ts'
import { type Answer, startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
const contacts = contactSource(60_000)
const wide = { failureRate: 1, minimumCalls: 100_000, windowMs: 10_000, openMs: 10_000 }
const quick = { timeoutMs: 300, retries: 1, settleAfterMs: 0, breaker: wide }

beforeAll(async () => {
  gateway = await startGateway({
    accounts: { 'oblic-main': quick, 'octopush-fr': { ...quick, defaultList: 'newsletter' }, 'vobiz-in': quick },
    clients: { shop: { scopes: ['contacts:read', 'contacts:write'] } },
  })
})
beforeEach(() => {
  const { oblic, octopush, vobiz } = gateway.simulators
  for (const simulator of [oblic, octopush, vobiz]) simulator.reset()
})
afterAll(() => gateway?.close())

const idOf = ({ headers }: Answer) => headers.get('x-request-id') as string
const explained = (answer: Answer, client = 'crm', query = '') =>
  gateway.call('GET', `/requests/${idOf(answer)}${query}`, { key: gateway.key(client) })
const addTo = (list: string, body: unknown[], headers: Record<string, string> = {}, client = 'crm') =>
  gateway.call('POST', `/lists/${list}/contacts`, { body: { contacts: body }, headers, key: gateway.key(client) })
const create = (account: string, body: object, headers: Record<string, string> = {}) =>
  gateway.call('POST', `/contacts?account=${account}`, { body, headers })

describe('whoever meets a problem of a provider can ask why', () => {
  const faults: [string, object, string, string][] = [
    ['a server error', { status: 503 }, 'outcome-unknown', 'answered 503'],
    ['a hanging provider', { hang: 'before' }, 'outcome-unknown', 'did not answer in time'],
    ['refused credentials', { status: 401 }, 'provider-credentials', 'refused the credentials'],
    ['too many requests', { rateLimit: {} }, 'provider-busy', 'asked for fewer requests'],
    ['an answer of another form', { garbage: {} }, 'outcome-unknown', 'answered in another form'],
    [
      'a redirect',
      { redirect: { location: 'https://elsewhere.example/' } },
      'outcome-unknown',
      'answered with a redirect',
    ],
    ['a refusal of the data', { status: 422 }, 'contact-rejected', 'refused the data'],
  ]
  test.each(faults)('%s', async (_, behaviour, code, words) => {
    gateway.simulators.octopush.setBehaviour({ ...behaviour, match: { path: '/contact/create' } } as object)
    const [contact = {}] = contacts(1)
    const answer = await create('octopush-fr', contact)
    expect(answer.body.code).toBe(code)
    const { status, body } = await explained(answer)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id: idOf(answer),
      client: 'crm',
      method: 'POST',
      route: '/contacts',
      status: answer.status,
      code,
      deadlineMs: 15_000,
      sameId: 1,
      idempotency: { result: 'none' },
      accounts: [{ account: 'octopush-fr', contacts: 1, callsLeftOut: 0 }],
    })
    expect(body.explanation.join(' ')).toContain(words)
    expect((await explained(answer, 'shop')).status).toBe(404)
  })

  test('one that only reads, or changes a contact', async () => {
    gateway.simulators.vobiz.setBehaviour({ status: 503 })
    const id = 'vobiz-in:00000000-0000-4000-8000-000000000001'
    for (const [method, options] of [
      ['GET', {}],
      ['PATCH', { body: { name: 'Joan' } }],
      ['DELETE', {}],
    ] as const) {
      const answer = await gateway.call(method, `/contacts/${id}`, options)
      expect(answer.status).toBeGreaterThanOrEqual(502)
      const { body } = await explained(answer)
      expect([body.method, body.route, body.code]).toEqual([method, '/contacts/{contactId}', answer.body.code])
      expect(body.accounts[0].calls.length).toBeGreaterThan(0)
    }
  })
})

describe('what is kept', () => {
  test('is a request of which a contact did not get in, with what became of the others', async () => {
    const [good = {}] = contacts(1)
    const answer = await addTo('newsletter', [good, { name: 'Nobody', email: 'nobody@example.com' }], {
      'idempotency-key': freshKey(),
    })
    expect(answer.headers.get('x-items-failed')).not.toBe('0')
    const { body } = await explained(answer)
    expect(body).toMatchObject({ list: 'newsletter', status: 207, idempotency: { result: 'new' } })
    const octopush = body.accounts.find(({ account }: { account: string }) => account === 'octopush-fr')
    expect(octopush).toMatchObject({ contacts: 2, outcomes: { created: 1, rejected: 1 } })
    expect(body.explanation).toContain('1 contact was left out by octopush-fr: phone_required.')
  })

  test('is none of a request that went well, unless that was preferred', async () => {
    const [first, second] = contacts(2)
    const well = await addTo('newsletter', [first])
    const { status, body } = await explained(well)
    expect([status, body.code]).toEqual([404, 'not-found'])
    expect(body.detail).toContain('Prefer: explain')
    const preferred = await addTo('newsletter', [second], { prefer: 'explain, return=minimal' })
    expect(preferred.headers.get('preference-applied')).toBe('return=minimal, explain')
    expect((await explained(preferred)).body.explanation).toEqual(['All went well.'])
  })

  test('is none of what its caller got wrong', async () => {
    for (const answer of [
      await gateway.call('POST', '/contacts?account=oblic-main', { body: { nonsense: true } }),
      await gateway.call('GET', '/lists/nowhere'),
      await create('oblic-main', contacts(1)[0] as object, { 'idempotency-key': 'short' }),
    ]) {
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect((await explained(answer)).status).toBe(404)
    }
  })

  test('of those that were only slow is one a second, for each client', async () => {
    gateway.simulators.oblic.setBehaviour({ latencyMs: 2_100 })
    gateway.changeClients((clients) => clients)
    const patient = await startGateway({ clients: { shop: {} } }, gateway.simulators)
    const send = (client: string) =>
      patient.call('POST', '/contacts?account=oblic-main', { body: contacts(1)[0], key: patient.key(client) })
    const answers = await Promise.all([send('crm'), send('crm'), send('crm'), send('shop')])
    const found = await Promise.all(
      answers.map((answer, place) =>
        patient.call('GET', `/requests/${idOf(answer)}`, { key: patient.key(place === 3 ? 'shop' : 'crm') }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(
      found
        .slice(0, 3)
        .map(({ status }) => status)
        .sort(),
    ).toEqual([200, 404, 404])
    expect(found[3]?.body.explanation.at(-1)).toMatch(/^It took 2,\d\d\d ms of at most 15,000 ms\.$/)
    await patient.close()
  })

  test('is nothing at all where limits.explainHours is 0, and nothing can be preferred then', async () => {
    const silent = await startGateway({ limits: { explainHours: 0 } }, gateway.simulators)
    const answer = await silent.call('POST', '/contacts?account=oblic-main', {
      body: { name: 'Nobody' },
      headers: { prefer: 'explain, wait=9' },
    })
    expect(answer.headers.get('preference-applied')).toBe('wait=9')
    const { status, body } = await silent.call('GET', `/requests/${idOf(answer)}`)
    expect([status, body.detail]).toEqual([404, expect.stringContaining('limits.explainHours is 0')])
    expect((await silent.call('GET', '/requests')).body).toEqual({ items: [], nextCursor: null })
    await silent.close()
  })
})

describe('a request under a key', () => {
  test('says of its repeats who did the work', async () => {
    const [contact = {}] = contacts(1)
    const key = { 'idempotency-key': freshKey() }
    gateway.simulators.octopush.setBehaviour({ status: 503, match: { path: '/contact/create' } })
    const first = await create('octopush-fr', contact, key)
    gateway.simulators.octopush.setBehaviour({})
    const second = await create('octopush-fr', contact, key)
    const third = await create('octopush-fr', contact, { ...key, prefer: 'explain' })
    const use = async (answer: Answer) => (await explained(answer)).body?.idempotency
    expect(await use(first)).toEqual({ result: 'new', storeMs: expect.any(Number) })
    expect(second.headers.get('idempotency-replayed')).toBe('resumed')
    // It went well.
    expect(await use(second)).toBeUndefined()
    expect(await use(third)).toEqual({ result: 'replayed', firstRequest: idOf(second), storeMs: expect.any(Number) })
    expect([...third.headers.keys()].filter((name) => name.includes('first'))).toEqual([])
    const { body } = await explained(third)
    expect([body.accounts, body.explanation]).toEqual([
      [],
      [`The stored answer of request ${idOf(second)} was given again; nothing was sent.`],
    ])
  })

  test('is told as resumed where it tried again what had failed', async () => {
    const [contact = {}] = contacts(1)
    const key = { 'idempotency-key': freshKey(), prefer: 'explain' }
    gateway.simulators.octopush.setBehaviour({ status: 503, match: { path: '/contact/create' } })
    const first = await create('octopush-fr', contact, key)
    gateway.simulators.octopush.setBehaviour({})
    const { body } = await explained(await create('octopush-fr', contact, key))
    expect(body.idempotency).toMatchObject({ result: 'resumed', firstRequest: idOf(first) })
    expect(body.explanation[0]).toBe(
      `It went on with what request ${idOf(first)} had left open, and did nothing twice.`,
    )
  })
})

describe('a list of requests', () => {
  const listed = (query: string, client = 'crm') =>
    gateway.call('GET', `/requests${query}`, { key: gateway.key(client) })

  test('has the newest first, of its own client, by status and list, a page at a time', async () => {
    const since = new Date().toISOString()
    const sent: Answer[] = []
    for (let place = 0; place < 5; place++) {
      sent.push(await addTo(place % 2 === 0 ? 'newsletter' : 'sms', [{ name: 'Nobody' }], {}, 'shop'))
      sent.push(await addTo('newsletter', [{ name: 'Nobody' }]))
    }
    const ids = (of: readonly Answer[]) => of.map(idOf).reverse()
    const own = sent.filter((_, place) => place % 2 === 1)
    const shops = sent.filter((_, place) => place % 2 === 0)
    const page = await listed(`?since=${since}&limit=3`)
    const next = await listed(`?since=${since}&limit=3&cursor=${page.body.nextCursor}`)
    const items = [...page.body.items, ...next.body.items]
    expect(items.map(({ id }) => id)).toEqual(ids(own))
    expect(items[0]).not.toHaveProperty('accounts')
    expect(items[0].explanation.length).toBeGreaterThan(0)
    expect(page.headers.get('link')).toContain('rel="next"')
    expect(next.body.nextCursor).toBeNull()
    const narrowed = await listed(`?since=${since}&list=sms&status=207`, 'shop')
    expect(narrowed.body.items.map(({ id }: { id: string }) => id)).toEqual(
      ids(shops.filter((_, place) => place % 2 === 1)),
    )
    expect((await listed(`?since=${since}&status=503`)).body.items).toEqual([])
    // An admin sees those of others, where it says so.
    const theirs = await listed(`?since=${since}&client=shop`)
    expect(theirs.body.items.map(({ id }: { id: string }) => id)).toEqual(ids(shops))
    expect((await explained(shops[0] as Answer, 'crm', '?client=shop')).body.client).toBe('shop')
    expect((await explained(shops[0] as Answer)).status).toBe(404)
  })

  test('of others is refused to whoever is no admin, and a cursor holds for its own query alone', async () => {
    expect((await listed('?client=crm', 'shop')).body.code).toBe('scope-missing')
    const some = await addTo('newsletter', [{ name: 'Nobody' }], {}, 'shop')
    expect((await explained(some, 'shop', '?client=crm')).body.code).toBe('scope-missing')
    await addTo('newsletter', [{ name: 'Nobody' }], {}, 'shop')
    const { body } = await listed('?limit=1', 'shop')
    expect((await listed(`?limit=1&status=207&cursor=${body.nextCursor}`, 'shop')).body.code).toBe('invalid-cursor')
    expect((await listed(`?limit=1&cursor=${body.nextCursor}`)).body.code).toBe('invalid-cursor')
  })
})

test('an id that is used again names its newest request, and says how many there were', async () => {
  const headers = { 'x-request-id': 'used-again-and-again' }
  const answers: Answer[] = []
  for (const list of ['newsletter', 'sms', 'newsletter']) answers.push(await addTo(list, [{ name: 'Nobody' }], headers))
  expect((await explained(answers[0] as Answer)).body).toMatchObject({ sameId: 3, list: 'newsletter' })
  await addTo('sms', [{ name: 'Nobody' }], headers)
  expect((await explained(answers[0] as Answer)).body).toMatchObject({ sameId: 4, list: 'sms' })
  await addTo('vip', [{ name: 'Nobody' }], headers, 'shop')
  expect((await explained(answers[0] as Answer)).body).toMatchObject({ sameId: 4 })
})

test('nothing that a provider or a caller says stands in an explanation', async () => {
  const [secret, name, email, phone] = ['oblic-secret-7781', 'Zanzibar Quux', 'planted@example.org', '+33699887766']
  const words = ['Zanzibar', 'zanzibar', 'ZANZIBAR_QUUX', 'Zanzibar_NOT_FOUND', 'zanzibar.quux']
  const before = gateway.logged().length
  for (const text of [secret, name, ...words, email, phone, phone.slice(1)]) {
    for (const simulator of [gateway.simulators.octopush, gateway.simulators.vobiz, gateway.simulators.oblic])
      simulator.setBehaviour({
        garbage: {
          status: 400,
          contentType: 'application/json',
          text: JSON.stringify({ code: text, error: text, message: text, errors: [{ code: text, message: text }] }),
        },
      })
    const answer = await addTo('newsletter', [{ name, email, phone, tags: [name], attributes: { note: secret } }])
    const { body, text: told } = await explained(answer)
    expect(body.accounts.length).toBeGreaterThan(0)
    for (const planted of [secret, email, phone.slice(1)]) expect(told).not.toContain(planted)
    expect(told).not.toMatch(/zanzibar|quux/i)
    for (const planted of [`Bearer ${gateway.key()}`, gateway.key()]) expect(told).not.toContain(planted)
  }
  const metrics = (await gateway.call('GET', '/metrics', { key: null })).text
  for (const text of [gateway.logged().slice(before), metrics]) {
    expect(text).toContain('oblic-main')
    expect(text).not.toMatch(/zanzibar|quux|oblic-secret|planted@|699887766/i)
  }
})
