import { type Static, Type } from 'typebox'
import { afterEach, describe, expect, test } from 'vitest'
import type { CallContext } from '../../src/domain/call-context.ts'
import { defineAdapter } from '../../src/providers/adapter-port.ts'
import { execute } from '../../src/providers/execute.ts'
import { failureFrom, failureOfStatus, providerDetail } from '../../src/providers/read-answer.ts'
import { get } from '../../src/providers/requests.ts'
import { accountAt } from '../support/account-at.ts'
import { type OddProvider, type Said, startOddProvider } from '../support/odd-provider.ts'

const Credentials = Type.Object({ clientId: Type.String(), clientSecret: Type.String() })
const credentials: Static<typeof Credentials> = { clientId: 'the-client', clientSecret: 'the-secret-of-it' }

/** A provider that gives tokens for credentials and one contact for a token. */
const adapter = defineAdapter({
  id: 'kite',
  title: 'Kite',
  baseUrl: 'https://api.kite.example',
  credentials: Credentials,
  settings: Type.Object({}),
  target: Type.Object({}),
  authHeaders: () => ({}),
  token: {
    request: (form) => ({ method: 'POST', path: '/token', form }),
    read: ({ status, body }) =>
      status === 200
        ? { ok: { token: (body as { token: string }).token, expiresInMs: 600_000 } }
        : failureFrom(failureOfStatus(status), providerDetail(status, undefined, (body as { says?: string })?.says)),
    headers: (token) => ({ Authorization: `Bearer ${token}` }),
  },
  fields: () => ({}) as never,
  keyedBy: 'email',
  honoursSkip: true,
  operations: {
    getContact: {
      repeatable: true,
      toRequest: () => get('/contact'),
      toOutcome: ({ status, body }) =>
        status === 200
          ? { ok: { key: 'a', tags: [], attributes: {} } }
          : failureFrom(failureOfStatus(status), providerDetail(status, undefined, (body as { says?: string })?.says)),
    },
  },
})

const closing: OddProvider[] = []
afterEach(async () => {
  for (const provider of closing.splice(0)) await provider.close()
})

/** An account at a provider whose tokens are `token-1`, `token-2`, …; `answers` says what a contact costs. */
async function setUp(contact: (token: string) => Said, token: (number: number) => Said = giveToken) {
  let given = 0
  const seen: string[] = []
  const provider = await startOddProvider(({ path, headers }) => {
    if (path === '/token') return token(++given)
    seen.push(headers.authorization ?? '')
    return contact(headers.authorization ?? '')
  })
  closing.push(provider)
  const logged: object[] = []
  const log = {
    debug: (fields: object) => logged.push({ level: 'debug', ...fields }),
    error: (fields: object) => logged.push({ level: 'error', ...fields }),
  }
  const account = accountAt(adapter, provider.url, credentials, {})
  const operation = adapter.operations.getContact as NonNullable<typeof adapter.operations.getContact>
  const call = (withinMs = 5_000) => {
    const context: CallContext = { deadlineAt: performance.now() + withinMs, log }
    return execute(account, 'getContact', operation, { key: 'a', settings: {} }, context)
  }
  const tokens = () => provider.asked().filter(({ path }) => path === '/token')
  return { call, provider, seen, tokens, logged }
}

const giveToken = (number: number): Said => ({ body: { token: `token-number-${number}` } })
const found = { body: { id: 'a' } }

describe('a call at a provider with tokens', () => {
  test('is sent with a token that all calls share, and without the credentials', async () => {
    const { call, seen, tokens, provider } = await setUp(() => found)
    const results = await Promise.all([call(), call(), call(), call(), call()])
    expect(results.every((result) => 'ok' in result)).toBe(true)
    expect(seen).toEqual(Array(5).fill('Bearer token-number-1'))
    expect(tokens().map(({ body }) => body)).toEqual(['clientId=the-client&clientSecret=the-secret-of-it'])
    for (const { path, body, headers } of provider.asked())
      if (path !== '/token') expect(`${body}${JSON.stringify(headers)}`).not.toContain('the-secret-of-it')
  })

  test('whose token is refused is sent once more with another, which is no matter for a person', async () => {
    const { call, seen, tokens, logged } = await setUp((token) => (token.endsWith('-1') ? { status: 401 } : found))
    expect(await call()).toHaveProperty('ok')
    expect(await call()).toHaveProperty('ok')
    expect(seen).toEqual(['Bearer token-number-1', 'Bearer token-number-2', 'Bearer token-number-2'])
    expect(tokens()).toHaveLength(2)
    expect(logged).toMatchObject([
      { level: 'debug', attempt: 1, outcome: 'credentials', providerStatus: 401 },
      { level: 'debug', attempt: 2, outcome: 'ok' },
      { level: 'debug', attempt: 1, outcome: 'ok' },
    ])
  })

  test('whose second token is refused too fails for its credentials, and an operator hears of it', async () => {
    const { call, seen, tokens, logged } = await setUp(() => ({ status: 401 }))
    expect(await call()).toEqual({ failure: { kind: 'credentials', provider: { status: 401 } } })
    expect([seen.length, tokens().length]).toEqual([2, 2])
    expect(logged).toMatchObject([{ level: 'debug' }, { level: 'error', attempt: 2, outcome: 'credentials' }])
  })

  test('that waited with others for their refusals to end asks for one more token, and not for each', async () => {
    const { call, tokens } = await setUp((token) => (token.endsWith('-1') ? { status: 401 } : found))
    const results = await Promise.all([call(), call(), call(), call(), call(), call()])
    expect(results.every((result) => 'ok' in result)).toBe(true)
    expect(tokens()).toHaveLength(2)
  })

  test.each([
    [400, 'credentials'],
    [401, 'credentials'],
    [404, 'misaddressed'],
    [429, 'rateLimited'],
    [503, 'unavailable'],
  ])('is not sent where the request for a token is answered %i, which is %s', async (status, kind) => {
    const { call, seen } = await setUp(
      () => found,
      () => ({ status, body: { says: 'no' } }),
    )
    expect(await call()).toMatchObject({ failure: { kind, beforeSending: true, provider: { status } } })
    expect(seen).toEqual([])
  })

  test.each(['', 'a\nb', 'a b ', '\u00e9'])('is not sent with %j, which no header can carry', async (token) => {
    const { call, seen } = await setUp(
      () => found,
      () => ({ body: { token } }),
    )
    expect(await call()).toMatchObject({ failure: { kind: 'unreadable', beforeSending: true } })
    expect(seen).toEqual([])
  })

  test('hears and logs nothing of a token or a credential, whoever speaks of it', async () => {
    const { call, logged } = await setUp((token) => ({ status: 401, body: { says: `bad ${token}` } }))
    const ofTokens = JSON.stringify(await call())
    const refused = await setUp(
      () => found,
      () => ({ status: 401, body: { says: 'unknown secret the-secret-of-it' } }),
    )
    const ofCredentials = JSON.stringify(await refused.call())
    for (const text of [ofTokens, ofCredentials]) expect(text).toContain('[redacted]')
    const all = ofTokens + ofCredentials + JSON.stringify([...logged, ...refused.logged])
    for (const secret of ['token-number', 'the-secret-of-it']) expect(all).not.toContain(secret)
  })
})
