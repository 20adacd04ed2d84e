import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { checkConfig } from '../../src/config/load.ts'
import type { OptOutEntry } from '../../src/services/opt-out-sink.ts'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { type StopForm, stopForms } from '../../src/simulators/octopush-stop.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

/** What is kept, on its way to the list: `before` is waited for, and may fail. */
const store = vi.hoisted(() => ({
  entries: [] as OptOutEntry[],
  before: undefined as (() => Promise<void>) | undefined,
}))
vi.mock('../../src/services/suppressions/keep-opt-outs.ts', async (importActual) => {
  const actual = await importActual<typeof import('../../src/services/suppressions/keep-opt-outs.ts')>()
  const keepOptOuts: typeof actual.keepOptOuts = (suppressions) => {
    const sink = actual.keepOptOuts(suppressions)
    return {
      async put(entries, request) {
        await store.before?.()
        store.entries.push(...entries)
        return sink.put(entries, request)
      },
    }
  }
  return { keepOptOuts }
})
const storeIsAway = async () => {
  const { StoreUnavailable } = await import('../../src/services/store-port.ts')
  throw new StoreUnavailable('away')
}

const token = randomBytes(16).toString('hex')
const nextToken = randomBytes(16).toString('base64url')
const farToken = randomBytes(24).toString('base64url')
const folder = mkdtempSync(join(tmpdir(), 'callbacks-'))
const auditFile = join(folder, 'audit.log')
let gateway: TestGateway
let simulators: RunningSimulators

const accountsOf = ({ simulators: at }: Pick<TestGateway, 'simulators'>) => {
  const { 'octopush-fr': octopush } = gatewayDocument(at).accounts
  return {
    'octopush-fr': { ...octopush, callbacks: { token: [token, nextToken] } },
    'octopush-far': { ...octopush, callbacks: { token: farToken, networks: ['203.0.113.0/24', '2001:db8::/32'] } },
    'octopush-mute': octopush,
  }
}

beforeAll(async () => {
  simulators = await startSimulators()
  const changes = { env: { AUDIT_LOG: auditFile }, server: { trustedProxies: ['127.0.0.0/8'] } }
  gateway = await startGateway({ ...changes, accounts: accountsOf({ simulators }) }, simulators)
})
afterEach(() => {
  store.entries.length = 0
  store.before = undefined
})
afterAll(async () => {
  await gateway?.close()
  await simulators?.close()
  rmSync(folder, { recursive: true })
})

const stop = { message_id: 'sms_1', number: '+33600000000', text: 'stop', stop_date: '2020-01-01 10:00:00' }

type Sent = { token?: string; account?: string; method?: string; raw?: string | Buffer; type?: string; from?: string }
/** Each from an address of its own, unless it says from where: limits are by address. */
let caller = 0
const callBack = ({
  account = 'octopush-fr',
  token: given = token,
  method = 'POST',
  raw = JSON.stringify(stop),
  type = 'application/json',
  from = `198.51.${caller >> 8}.${caller++ & 255}`,
}: Sent = {}) =>
  gateway.call(method, `/callbacks/${account}/${given}`, {
    key: null,
    headers: { 'x-forwarded-for': from, 'content-type': type },
    ...(method !== 'GET' && method !== 'HEAD' && { raw }),
  })

const counted = async (account: string, result: string) => {
  const text = await gateway.gateway.app.inject('/metrics').then(({ body }) => body)
  return Number(new RegExp(`callbacks_total\\{account="${account}",result="${result}"\\} (\\d+)`).exec(text)?.[1])
}
/** Metrics are made once a second at most. */
const countedSoon = (account: string, result: string, atLeast: number) =>
  expect.poll(() => counted(account, result), { timeout: 5_000 }).toBeGreaterThanOrEqual(atLeast)
const errors = () =>
  gateway
    .logged()
    .split('\n')
    .filter((line) => line.includes('"event":"callback"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('A STOP that Octopush tells of', () => {
  test('stands on the suppression list, once however often it is told, and is found with the person', async () => {
    for (let time = 0; time < 3; time++) expect((await callBack()).status).toBe(204)
    const { items } = (await gateway.call('POST', '/suppressions/search', { body: { phone: '+33600000000' } })).body
    const entry = { channels: ['sms'], reason: 'opt_out', source: 'callback', createdBy: 'octopush-fr' }
    expect(items).toEqual([expect.objectContaining(entry)])
    const person = await gateway.call('POST', '/people/search', { body: { phone: '+33600000000' } })
    expect(person.body.suppressions).toEqual(items)
    const stranger = await gateway.call('POST', '/people/search', { body: { phone: '+33600000009' } })
    expect(stranger.body.suppressions).toEqual([])
  })

  test.each(stopForms)('is kept from the moment that it came in, sent as %s', async (form: StopForm) => {
    const before = Date.now()
    const told = await fetch(`${gateway.simulators.octopush.url}/_sim/stop`, {
      method: 'POST',
      body: JSON.stringify({ url: `${gateway.url}/callbacks/octopush-fr/${token}`, number: '+33612345678', form }),
    })
    expect(await told.json()).toEqual({ status: 204 })
    const { saidAt, ...entry } = store.entries[0] as OptOutEntry
    expect(entry).toEqual({ account: 'octopush-fr', phone: '+33612345678', channel: 'sms' })
    expect(Date.parse(saidAt)).toBeGreaterThanOrEqual(before)
    expect(store.entries).toHaveLength(1)
  })

  test('is kept whatever else is told with it, and read from the query where the body says nothing', async () => {
    const more = { ...stop, campaign: { id: 7 }, __proto__: null, text: 'stop \ud83d' }
    expect((await callBack({ raw: JSON.stringify(more) })).status).toBe(204)
    const query = `${token}?${new URLSearchParams(stop)}`
    expect((await callBack({ token: query, raw: '{"shop":7}' })).status).toBe(204)
    expect(store.entries.map(({ phone }) => phone)).toEqual(['+33600000000', '+33600000000'])
  })

  test('is answered with 204 only once it is durable', async () => {
    const asked = Promise.withResolvers<void>()
    const kept = Promise.withResolvers<void>()
    store.before = () => {
      asked.resolve()
      return kept.promise
    }
    let isAnswered = false
    const answer = callBack().then((got) => {
      isAnswered = true
      return got
    })
    await asked.promise
    // An answer that did not wait would be here before the next request's.
    expect((await gateway.call('GET', '/healthz', { key: null })).status).toBe(200)
    expect([isAnswered, store.entries]).toEqual([false, []])
    kept.resolve()
    expect((await answer).status).toBe(204)
    expect(store.entries).toHaveLength(1)
  })

  test('may come twice: the same is kept, and the answer is the same', async () => {
    expect([(await callBack()).status, (await callBack()).status]).toEqual([204, 204])
    const [first, again] = store.entries.map(({ saidAt: _, ...entry }) => entry)
    expect(again).toEqual(first)
  })

  test('is 503 while the store is away, an error in the log, counted, and taken when it is back', async () => {
    store.before = storeIsAway
    const seen = errors().length
    const away = await callBack()
    expect([away.status, away.body.code]).toEqual([503, 'store-unavailable'])
    expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(errors().slice(seen)).toMatchObject([{ level: 50, account: 'octopush-fr', reason: 'store_away' }])
    await countedSoon('octopush-fr', 'store_away', 1)
    store.before = undefined
    expect((await callBack()).status).toBe(204)
    expect(store.entries).toHaveLength(1)
  })

  test.each([token, nextToken])('is taken with either of two tokens', async (either) => {
    expect((await callBack({ token: either })).status).toBe(204)
  })

  const broken: [name: string, sent: Sent, shape: string][] = [
    ['an empty object', { raw: '{}' }, '{}'],
    ['no number', { raw: '{"number":"unknown","text":"Jane"}' }, '{number: string, text: string}'],
    [
      'a list',
      { raw: JSON.stringify([stop]) },
      '[{message_id: string, number: string, text: string, stop_date: string}]',
    ],
    ['two numbers', { raw: 'number=%2B33600000000&number=%2B33600000001' }, '{number: [string]}'],
    ['half of it', { raw: JSON.stringify(stop).slice(0, 40) }, 'no JSON, 40 characters'],
    ['words', { raw: 'STOP Jane' }, 'no JSON, 9 characters'],
    ['a form in parts that is none', { raw: '--x', type: 'multipart/form-data; boundary=y' }, 'no JSON, 3 characters'],
    ['compressed', { raw: gzipSync(JSON.stringify(stop)) }, 'no JSON'],
    ['a person as a name', { raw: '+33600000001=1&jane@example.com=2' }, '{*: string, *: string}'],
    ['very deep', { raw: '['.repeat(30_000) + ']'.repeat(30_000) }, '[[[[[[…]]]]]]'],
    ['nothing', { raw: '' }, ''],
  ]
  test.each(broken)(
    'that cannot be read (%s) is 422, and its shape, never a value, is in the log',
    async (_name, sent, shape) => {
      const seen = errors().length
      const { status, body } = await callBack(sent)
      expect([status, body.code, body.errors[0].code]).toEqual([422, 'validation-failed', 'callback_unreadable'])
      const [error] = errors().slice(seen)
      expect(error).toMatchObject({ level: 50, account: 'octopush-fr', reason: 'unreadable' })
      expect(error?.shape).toContain(shape)
      expect(JSON.stringify(error)).not.toMatch(/3360000000|Jane|example/)
      expect(store.entries).toEqual([])
      await countedSoon('octopush-fr', 'unreadable', 1)
    },
  )

  test('is taken up to 64 KB, and refused beyond', async () => {
    const padded = (bytes: number) => JSON.stringify({ ...stop, pad: '' }).padEnd(bytes)
    expect((await callBack({ raw: padded(65_536) })).status).toBe(204)
    const giant = await callBack({ raw: padded(65_537) })
    expect([giant.status, giant.body.code]).toEqual([413, 'payload-too-large'])
    expect(store.entries).toHaveLength(1)
  })
})

describe('A callback', () => {
  const alike = async (sent: Sent) => {
    const { status, headers, body } = await callBack(sent)
    const { instance: _, ...said } = body ?? {}
    const kept = [...headers].filter(([name]) => !['date', 'x-request-id', 'content-length'].includes(name))
    return { status, headers: Object.fromEntries(kept), said }
  }

  const wrong: [name: string, sent: Sent][] = [
    ['another token', { token: randomBytes(16).toString('hex') }],
    ['the beginning of the token', { token: token.slice(0, 31) }],
    ['more than the token', { token: `${token}0` }],
    ['another case', { token: token.toUpperCase().replace(/^\d*$/, 'X') }],
    ['the token of another account', { token: farToken }],
    ['an account without callbacks', { account: 'octopush-mute' }],
    ['an account whose provider calls nobody', { account: 'vobiz-in' }],
    ['an account that is not there', { account: 'nobody' }],
    ['an account called as a member of objects', { account: '__proto__' }],
    ['a body that is too large', { token: randomBytes(16).toString('hex'), raw: ' '.repeat(100_000) }],
    ['a body that is no JSON', { token: randomBytes(16).toString('hex'), raw: '{' }],
    ['GET', { token: randomBytes(16).toString('hex'), method: 'GET' }],
    ['PUT, with the token', { method: 'PUT' }],
    ['PATCH, with the token', { method: 'PATCH' }],
    ['DELETE, with the token', { method: 'DELETE' }],
    ['OPTIONS, with the token', { method: 'OPTIONS' }],
    ['a foreign network, with the token', { account: 'octopush-far', token: farToken, from: '192.0.2.7' }],
    ['a caller that cannot be told, with the token', { account: 'octopush-far', token: farToken, from: 'unknown' }],
  ]
  test.each(wrong)('with %s gets the same 404 as a path that leads nowhere', async (_name, sent) => {
    const nowhere = await gateway.call('POST', '/nowhere', { key: null, raw: '{}' })
    const { instance: _, ...said } = nowhere.body
    const got = await alike(sent)
    expect(got).toMatchObject({ status: 404, said })
    expect(Object.keys(got.headers).sort()).toEqual(
      [...nowhere.headers.keys()].filter((name) => !['date', 'x-request-id', 'content-length'].includes(name)).sort(),
    )
    expect(store.entries).toEqual([])
  })

  test.each([
    ['of a thousand characters', 'a'.repeat(1_000)],
    ['that cannot be decoded', '%ff%fe'],
  ])('with a token %s, which none can be, says the same', async (_name, none) => {
    const nowhere = await gateway.call('POST', '/nowhere', { key: null, raw: '{}' })
    const { instance: _, ...said } = nowhere.body
    expect(await alike({ token: none })).toMatchObject({ status: 404, said })
  })

  test('by HEAD is a 404 without a body, and keeps nothing', async () => {
    const url = `${gateway.url}/callbacks/octopush-fr/${token}?${new URLSearchParams(stop)}`
    const answer = await fetch(url, { method: 'HEAD' })
    expect([answer.status, await answer.text(), store.entries]).toEqual([404, '', []])
  })

  test('with the right token from outside of its networks is an error in the log, and counted; from within it is taken', async () => {
    const seen = errors().length
    await callBack({ account: 'octopush-far', token: farToken, from: '192.0.2.7' })
    expect(errors().slice(seen)).toMatchObject([{ level: 50, account: 'octopush-far', reason: 'network' }])
    await countedSoon('octopush-far', 'network', 1)
    for (const from of ['203.0.113.9', '2001:db8::9'])
      expect((await callBack({ account: 'octopush-far', token: farToken, from })).status).toBe(204)
    expect(store.entries.map(({ account }) => account)).toEqual(['octopush-far', 'octopush-far'])
  })

  test('may be guessed a hundred times a minute from one address, and right ones from there are taken all the same', async () => {
    const from = '192.0.2.66'
    const guess = () => callBack({ token: randomBytes(16).toString('hex'), from })
    const guesses = await Promise.all(Array.from({ length: 103 }, guess))
    expect(guesses.filter(({ status }) => status === 404)).toHaveLength(100)
    const refused = guesses.filter(({ status }) => status === 429)
    expect(refused.map(({ body }) => body.code)).toEqual(Array(3).fill('rate-limited'))
    expect((await callBack({ from })).status).toBe(204)
    expect((await callBack({ token: 'x'.repeat(32), from: '192.0.2.67' })).status).toBe(404)
  })

  test('with the right token is limited by address too, and what is lost so is an error, and counted', async () => {
    const { app } = gateway.gateway
    const query = new URLSearchParams(stop)
    const headers = { 'x-forwarded-for': '192.0.2.88' }
    const url = `/callbacks/octopush-fr/${token}?${query}`
    const statuses = new Map<number, number>()
    for (let sent = 0; sent < 6_002; sent++) {
      const { statusCode } = await app.inject({ method: 'GET', url, headers })
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
    }
    expect(Object.fromEntries(statuses)).toEqual({ 204: 6_000, 429: 2 })
    expect(errors().at(-1)).toMatchObject({ level: 50, reason: 'too_many' })
    await countedSoon('octopush-fr', 'too_many', 2)
  }, 60_000)

  test('is audited with its account, a wrong one as a refusal, and none with its token', async () => {
    await callBack({ from: '198.18.0.1' })
    await callBack({ token: 'wrong-token-0123456789', from: '198.18.0.2' })
    store.before = storeIsAway
    await callBack({ from: '198.18.0.3' })
    const events = () =>
      readFileSync(auditFile, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    const from = (address: string) => events().filter((event) => event.address === address)
    await expect.poll(() => from('198.18.0.3')).toHaveLength(1)
    expect(from('198.18.0.1')).toMatchObject([{ action: 'opt-out.receive', account: 'octopush-fr', status: 204 }])
    expect(from('198.18.0.2')).toMatchObject([
      { action: 'access.refused', reason: 'callback', wanted: 'opt-out.receive', status: 404 },
    ])
    expect(from('198.18.0.3')).toMatchObject([
      { action: 'opt-out.receive', account: 'octopush-fr', status: 503, problem: 'store-unavailable' },
    ])
  })

  test('leaves its token, its number and its query in no log, metric or audit event', async () => {
    await callBack({ method: 'GET', token: `${token}?number=%2B33687654321`, from: '198.18.0.9' })
    await callBack({ token: 'guessed-token-0123456789' })
    const metrics = await gateway.gateway.app.inject('/metrics')
    await expect.poll(() => readFileSync(auditFile, 'utf8')).toContain('198.18.0.9')
    for (const text of [gateway.logged(), metrics.body, readFileSync(auditFile, 'utf8')]) {
      for (const secret of [token, nextToken, farToken, 'guessed-token', '33687654321', '33600000000'])
        expect(text.includes(secret), secret).toBe(false)
    }
    expect(gateway.logged()).toContain('"route":"/callbacks/:account/:token"')
  })

  test('with a token that was taken out is refused from the reload on, and with the new one taken', async () => {
    const own = await startGateway({ accounts: accountsOf(gateway) }, gateway.simulators)
    onTestFinished(() => own.close())
    const answers = async () => {
      const ask = (one: string) =>
        own.call('POST', `/callbacks/octopush-fr/${one}`, { key: null, body: stop }).then(({ status }) => status)
      return [await ask(token), await ask(nextToken)]
    }
    expect(await answers()).toEqual([204, 204])
    const { accounts, lists } = gatewayDocument(gateway.simulators)
    const channel = own.gateway
    const octopush = { ...accounts['octopush-fr'], callbacks: { token: nextToken } }
    const clients = { crm: { keys: [], networks: ['::1/128'], scopes: ['imports'], lists: ['*'], accounts: ['*'] } }
    const checked = checkConfig(
      { accounts: { ...accounts, 'octopush-fr': octopush }, lists, clients },
      { DATA_DIR: ':memory:' },
    )
    if ('mistakes' in checked) throw new Error(JSON.stringify(checked.mistakes))
    const changes = channel.reload(checked.config)
    expect(await answers()).toEqual([404, 204])
    expect(changes.accounts.changed).toContainEqual({ id: 'octopush-fr', fields: ['callbacks'] })
    expect(JSON.stringify(changes)).not.toContain(nextToken)
  })
})
