import { describe, expect, test } from 'vitest'
import { checkConfig } from '../../src/config/check-config.ts'
import { adapters, changed, configOf, mistakesOf, planted, validDocument } from './documents.ts'

describe('a valid document', () => {
  test('has no mistake and no warning', () => {
    expect(mistakesOf(validDocument())).toEqual([])
    expect(configOf(validDocument()).warnings).toEqual([])
  })

  test('gets the defaults where it is silent', () => {
    const config = configOf(
      changed((d) => {
        delete d.server
        delete d.limits
        delete d.lists
        d.clients.crm.lists = ['*']
      }),
    )
    expect(config.server).toEqual({
      host: '127.0.0.1',
      port: 8080,
      metricsPort: undefined,
      publicUrl: undefined,
      trustedProxies: [],
      keepAliveMs: 95_000,
      docs: true,
      console: false,
      metrics: true,
    })
    expect(config.limits).toEqual({
      jsonBytes: 2_097_152,
      batchContacts: 1_000,
      importBytes: 52_428_800,
      importRows: 500_000,
      importRowBytes: 65_536,
      importsPerClient: 20,
      storedBytesPerClient: 1_073_741_824,
      streamsPerClient: 20,
      suppressionsPerDay: 100_000,
      explainHours: 24,
      deadlineMs: 15_000,
      overloadDelayMs: 250,
    })
    expect(config.lists.size).toBe(0)
    expect(config.requireNoEviction).toBe(false)
  })

  test('makes accounts: common settings, the adapter own ones, secrets, addresses without a slash at their end', () => {
    const { accounts } = configOf(validDocument())
    expect(accounts.get('apple-main')).toEqual({
      id: 'apple-main',
      adapter: adapters.get('apple'),
      credentials: { key: expect.anything() },
      settings: { flag: 'red' },
      baseUrl: 'https://apple.example/v1',
      allowInsecure: false,
      timeoutMs: 10_000,
      maxConcurrency: 8,
      requestsPerSecond: undefined,
      batchSize: undefined,
      retries: 2,
      breaker: { failureRate: 0.5, minimumCalls: 20, windowMs: 10_000, openMs: 10_000 },
      isolateRejected: undefined,
      createLists: true,
      settleAfterMs: 3_000,
      sendTraceparent: false,
      egress: { proxy: undefined, localAddress: undefined },
      defaultTarget: { list: '1234' },
    })
    expect(accounts.get('pear-in')).toMatchObject({
      settings: { mail: null },
      baseUrl: 'http://127.0.0.1:9103/base',
      batchSize: 7,
      breaker: { failureRate: 0.5, openMs: 500 },
      defaultTarget: undefined,
    })
    expect(accounts.get('pear-in')?.credentials.login?.reveal()).toBe(planted.PEAR_LOGIN)
  })

  test('makes lists, whose title is their id where none is given', () => {
    const { lists } = configOf(validDocument())
    expect(lists.get('newsletter')).toEqual({
      id: 'newsletter',
      title: 'Newsletter',
      targets: [
        { account: 'apple-main', target: { list: '4321', slots: { title: 's1' } } },
        { account: 'pear-in', target: { tag: 'news' } },
      ],
    })
    expect(lists.get('plain')?.title).toBe('plain')
  })

  test('makes clients that know what they may', () => {
    const crm = configOf(validDocument()).clients.get('crm')
    expect(crm).toMatchObject({
      id: 'crm',
      keys: [{ hash: 'a'.repeat(64), expiresAt: Date.UTC(2099, 0, 1) }],
      rateLimit: { requests: 600, windowSeconds: 60 },
      requireIdempotencyKey: false,
    })
    expect([...(crm?.scopes ?? [])]).toEqual(['contacts:read', 'imports'])
    expect([crm?.maySeeList('newsletter'), crm?.maySeeList('plain')]).toEqual([true, false])
    expect([crm?.mayUseAccount('pear-in'), crm?.mayUseAccount('of-tomorrow')]).toEqual([true, true])
    expect([crm?.allowsAddress('::ffff:10.1.9.9'), crm?.allowsAddress('10.2.0.1')]).toEqual([true, false])
  })

  test('cannot be changed afterwards, at any depth', () => {
    const config = configOf(validDocument())
    // biome-ignore lint/suspicious/noExplicitAny: the types would not let it be changed
    const [account, client, list]: any[] = [
      config.accounts.get('pear-in'),
      config.clients.get('crm'),
      config.lists.get('newsletter'),
    ]
    const changes = [
      () => Object.assign(config, { role: 'api' }),
      () => Object.assign(config.server, { port: 1 }),
      () => (config.server.trustedProxies as string[]).push('0.0.0.0/0'),
      () => (config.warnings as string[]).push('x'),
      () => (config.accounts as Map<string, unknown>).set('x', 1),
      () => (config.clients as Map<string, unknown>).delete('crm'),
      () => (config.lists as Map<string, unknown>).clear(),
      () => Object.assign(account, { baseUrl: 'http://elsewhere.example' }),
      () => Object.assign(account.credentials, { key: 'x' }),
      () => Object.assign(account.settings, { mail: 'x' }),
      () => Object.assign(account.breaker, { openMs: 1 }),
      () => client.scopes.add('admin'),
      () => Object.assign(client.keys[0], { hash: 'x' }),
      () => Object.assign(client.rateLimit, { requests: 1e9 }),
      () => Object.assign(list.targets[0].target, { list: '9' }),
    ]
    for (const change of changes) expect(change).toThrow(TypeError)
  })

  test('leaves the document that it is read from as it is', () => {
    const document = validDocument()
    const before = structuredClone(document)
    configOf(document)
    expect(document).toEqual(before)
  })
})

test('reports all mistakes at once, each with its place', () => {
  const document = changed((d) => {
    d.lists.newsletter.targets[1].account = 'plum'
    d.accounts['apple-main'].baseUrl = 'http://apple.example'
    d.clients.crm.networks = []
    d.clients.crm.keys[0].hash = 'x'
    d.server.colour = 'red'
  })
  const result = checkConfig(document, planted, { adapters })
  expect('mistakes' in result && result.mistakes.map(({ place }) => place).sort()).toEqual([
    'accounts.apple-main.baseUrl',
    'clients.crm.keys[0].hash',
    'clients.crm.networks',
    'lists.newsletter.targets[1].account',
    'server.colour',
  ])
})

test('checks what does not depend on a provider even when the provider is wrong, and blames nothing else for it', () => {
  const document = changed((d) => {
    d.accounts['pear-in'].provider = 'plum'
    d.accounts['pear-in'].timeoutMs = 'long'
    d.accounts['pear-in'].breaker.openMs = 0
  })
  expect(mistakesOf(document).map((text) => text.split(' ')[0])).toEqual([
    'accounts.pear-in.provider',
    'accounts.pear-in.breaker.openMs',
    'accounts.pear-in.timeoutMs',
  ])
})

test.each([
  [100, 100],
  ['100B', 100],
  ['64KB', 65_536],
  ['64 KB', 65_536],
  ['2MB', 2 * 1024 * 1024],
  ['1GB', 1024 ** 3],
])('a size of %j is %i bytes', (size, bytes) => {
  expect(configOf(changed((d) => (d.limits.importBytes = size))).limits.importBytes).toBe(bytes)
})
