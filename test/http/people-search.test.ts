import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startPigeon } from '../made-up/start-pigeon.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

const folder = mkdtempSync(join(tmpdir(), 'people-search-'))
const auditFile = join(folder, 'audit.log')
let gateway: TestGateway

beforeAll(async () => {
  const retries = { retries: 0, breaker: { minimumCalls: 100_000 } }
  gateway = await startGateway({
    env: { AUDIT_LOG: auditFile },
    accounts: { 'vobiz-in': retries },
    clients: {
      ...Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`crm${index}`, {}])),
      narrow: { accounts: ['octopush-fr'] },
      reader: { scopes: ['contacts:read', 'admin'] },
      hasty: {},
    },
  })
})
afterEach(() => {
  gateway.simulators.vobiz.reset()
})
afterAll(async () => {
  await gateway?.close()
  rmSync(folder, { recursive: true })
})

/** Each in turn, so that none of them uses up its searches. */
let turn = 0
const search = (body: unknown, { as, ...options }: { as?: string; headers?: Record<string, string> } = {}) =>
  gateway.call('POST', '/people/search', { body, key: gateway.key(as ?? `crm${turn++ % 12}`), ...options })

/** Puts somebody into the account at Vobiz, past the gateway, as others may have done. */
async function atVobiz(phone: string, name = 'Ana'): Promise<void> {
  const { vobiz, credentials } = gateway.simulators
  const { authId, authToken } = credentials.vobiz
  const made = await fetch(`${vobiz.baseUrl}/contacts`, {
    method: 'POST',
    headers: { 'X-Auth-ID': authId, 'X-Auth-Token': authToken, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, phone_number: phone }),
  })
  expect(made.status).toBe(201)
}

const statuses = (body: { accounts: { account: string; status: string }[] }) =>
  Object.fromEntries(body.accounts.map(({ account, status }) => [account, status]))
const vobizOf = (body: { accounts: { account: string }[] }) =>
  body.accounts.find(({ account }) => account === 'vobiz-in')

describe('A search for a person', () => {
  test('tells of each account whether she is there, and of one that cannot be asked that nobody knows', async () => {
    await atVobiz('+919876543210', 'Jane')
    const { status, body } = await search({ phone: '+919876543210' })
    expect(status).toBe(200)
    expect(statuses(body)).toEqual({
      'oblic-main': 'not_readable',
      'octopush-fr': 'not_readable',
      'vobiz-in': 'found',
    })
    expect(vobizOf(body)).toMatchObject({
      provider: 'vobiz',
      contacts: [{ id: expect.stringMatching(/^vobiz-in:/), name: 'Jane', phone: '+919876543210' }],
    })
    expect(vobizOf(body)).not.toHaveProperty('detail')
    expect(body.accounts[0].detail).toContain('has no call that finds a person')
    expect(body.complete).toBe(true)
  })

  test('says not_found only of an account that can be asked and has nobody', async () => {
    await atVobiz('+919876543210')
    const { body } = await search({ phone: '+919876543211' })
    expect(statuses(body)).toEqual({
      'oblic-main': 'not_readable',
      'octopush-fr': 'not_readable',
      'vobiz-in': 'not_found',
    })
    expect(vobizOf(body)).toEqual({ account: 'vobiz-in', provider: 'vobiz', status: 'not_found' })
  })

  test.each([
    ['Argentina', '+5491123456789', '+541123456789'],
    ['Mexico', '+5215512345678', '+525512345678'],
    ['Brazil', '+5511987654321', '+551187654321'],
    ['Ivory Coast', '+2250707123456', '+22507123456'],
    ['Benin', '+2290197123456', '+22997123456'],
  ])('finds a person of %s under either form of the number, and under both', async (_country, one, other) => {
    await atVobiz(other)
    expect(statuses((await search({ phone: one })).body)['vobiz-in']).toBe('found')
    expect(statuses((await search({ whatsapp: other })).body)['vobiz-in']).toBe('found')
    await atVobiz(one)
    for (const phone of [one, other]) {
      const { body } = await search({ phone })
      expect(vobizOf(body)).toMatchObject({
        contacts: expect.arrayContaining([
          expect.objectContaining({ phone: one }),
          expect.objectContaining({ phone: other }),
        ]),
      })
    }
  })

  test('finds a number that is kept without its plus', async () => {
    await atVobiz('+919876543210')
    gateway.simulators.vobiz.setBehaviour({ quirks: { numberForm: 'digits' } })
    expect(statuses((await search({ phone: '+919876543210' })).body)['vobiz-in']).toBe('found')
  })

  test.each([
    ['fails', { status: 500 }],
    ['says of the search that it is not there', { status: 404 }],
    ['refuses the credentials', { status: 401 }],
    ['asks to wait', { rateLimit: {} }],
    ['answers with something else', { garbage: {} }],
    ['never answers', { hang: 'before' }],
  ])('says failed, and never not_found, of one that %s', async (_name, behaviour) => {
    gateway.simulators.vobiz.setBehaviour(behaviour as object)
    const { status, body } = await search({ phone: '+919876543210' }, { headers: { prefer: 'wait=1' } })
    expect([status, statuses(body)['vobiz-in']]).toEqual([200, 'failed'])
    expect((vobizOf(body) as { detail?: string }).detail).toMatch(/^The account could not be asked for all of it/)
  })

  test('says failed where a page of others is cut before she could stand there', async () => {
    for (let index = 100; index < 201; index++) await atVobiz(`+919876543${index}`)
    const { body } = await search({ phone: '+919876543' })
    expect(statuses(body)['vobiz-in']).toBe('failed')
  })

  test('says what it could not ask by, also where it found somebody', async () => {
    await atVobiz('+919876543210')
    const byEmail = await search({ email: 'jane@example.com' })
    expect(statuses(byEmail.body)['vobiz-in']).toBe('not_readable')
    const words =
      'Vobiz finds people by phone number or WhatsApp number alone: for anything else look in the account there.'
    expect(vobizOf(byEmail.body)).toMatchObject({ detail: words })
    const both = await search({ email: 'jane@example.com', phone: '+919876543210' })
    expect(vobizOf(both.body)).toMatchObject({ status: 'found', detail: words })
    const neither = await search({ email: 'jane@example.com', phone: '+919876543219' })
    expect(vobizOf(neither.body)).toMatchObject({ status: 'not_readable', detail: words })
  })

  test('asks by e-mail address where the provider can be asked by it, and shows nobody else where it shows others', async () => {
    const birds = await startPigeon()
    onTestFinished(() => birds.close())
    const contacts = [{ name: 'Ada', email: 'ada@example.com' }]
    expect((await birds.call('POST', '/lists/birds/contacts', { body: { contacts } })).status).toBe(207)
    const statusOf = async (email: string) => {
      const { body } = await birds.call('POST', '/people/search', { body: { email } })
      return statuses(body).pigeon
    }
    expect(await statusOf('ADA@example.com')).toBe('found')
    expect(await statusOf('bob@example.com')).toBe('not_found')
    const text = JSON.stringify({ members: birds.pigeon.contacts(), after: null })
    birds.pigeon.setBehaviour({ garbage: { text, contentType: 'application/json' } })
    const { body } = await birds.call('POST', '/people/search', { body: { email: 'bob@example.com' } })
    expect([statuses(body).pigeon, JSON.stringify(body).includes('Ada')]).toEqual(['failed', false])
  })

  test('asks the accounts of the client alone, and says that there are others', async () => {
    const asked = gateway.simulators.vobiz.requestTotal()
    const { body } = await search({ phone: '+919876543210' }, { as: 'narrow' })
    expect([body.complete, Object.keys(statuses(body))]).toEqual([false, ['octopush-fr']])
    expect(gateway.simulators.vobiz.requestTotal()).toBe(asked)
  })

  test('changes nothing at a provider', async () => {
    await atVobiz('+919876543210')
    gateway.simulators.vobiz.requests()
    const before = gateway.simulators.vobiz.requestTotal()
    await search({ phone: '+919876543210', whatsapp: '+919876543210' })
    const calls = gateway.simulators.vobiz.requests().slice(before)
    // With its plus, and its digits alone.
    expect(calls.map(({ method }) => method)).toEqual(['GET', 'GET'])
  })

  test('takes no key and stores nothing: the same again is asked again', async () => {
    const headers = { 'idempotency-key': 'people-search-0001' }
    const first = await search({ phone: '+919876543210' }, { as: 'crm', headers })
    await atVobiz('+919876543210')
    const again = await search({ phone: '+919876543210' }, { as: 'crm', headers })
    expect([first, again].map(({ body }) => statuses(body)['vobiz-in'])).toEqual(['not_found', 'found'])
    expect(again.headers.get('idempotency-replayed')).toBeNull()
  })

  test('is for clients with the scope people:read, and for no other', async () => {
    const { status, body } = await search({ phone: '+919876543210' }, { as: 'reader' })
    expect([status, body.code]).toEqual([403, 'scope-missing'])
    expect(body.detail).toContain('people:read')
  })

  test.each([
    [{ phone: '12' }, ['#/phone']],
    [{ whatsapp: 'nobody', email: 'nobody' }, ['#/whatsapp', '#/email']],
    [{}, ['#']],
    [{ name: 'Jane' }, ['#/name']],
    [{ phone: 919876543210 }, ['#/phone']],
  ])('refuses %j, and names the places', async (given, pointers) => {
    const { status, body } = await search(given)
    expect(status).toBe(422)
    const places = body.errors.map(({ pointer }: { pointer: string }) => pointer)
    for (const pointer of pointers) expect(places).toContain(pointer)
  })

  test('reads a number as it is written, and takes one whose range is not known', async () => {
    await atVobiz('+919876543210')
    expect(statuses((await search({ phone: '+91 98765-43210' })).body)['vobiz-in']).toBe('found')
    expect(statuses((await search({ phone: '+9999999999' })).body)['vobiz-in']).toBe('not_found')
  })

  test('is made sixty times a minute at most by one client, whose other requests go on', async () => {
    const all = await Promise.all(Array.from({ length: 62 }, () => search({ phone: '+1' }, { as: 'hasty' })))
    expect(all.filter(({ status }) => status === 422)).toHaveLength(60)
    const refused = all.filter(({ status }) => status === 429)
    expect(refused.map(({ body }) => body.code)).toEqual(['rate-limited', 'rate-limited'])
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await gateway.call('GET', '/lists', { key: gateway.key('hasty') })).status).toBe(200)
    expect((await search({ phone: '+1' })).status).toBe(422)
  })

  test('is audited by account and status, and its addresses stand in no log', async () => {
    await atVobiz('+919812345678')
    const requestId = 'audited-search-1'
    await search({ phone: '+919812345678', email: 'secret@example.com' }, { headers: { 'x-request-id': requestId } })
    const lines = () => readFileSync(auditFile, 'utf8').trim().split('\n')
    await expect.poll(() => lines().some((line) => line.includes(requestId))).toBe(true)
    const event = JSON.parse(lines().find((line) => line.includes(requestId)) as string)
    expect(event).toMatchObject({
      action: 'people.search',
      status: 200,
      counts: { 'oblic-main': { not_readable: 1 }, 'octopush-fr': { not_readable: 1 }, 'vobiz-in': { found: 1 } },
    })
    for (const text of [gateway.logged(), lines().join()])
      expect(text).not.toMatch(/9812345678|secret@example|9876543210/)
  })
})
