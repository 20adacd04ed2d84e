import { describe, expect, test } from 'vitest'
import { checkConfig } from '../../src/config/check-config.ts'
import { adapters, configOf, hashA, hashB, planted, problemsOf, reference, validDocument } from './documents.ts'

// biome-ignore lint/suspicious/noExplicitAny: it puts wrong values into documents
type Change = (document: any) => void

function changed(change: Change) {
  const document = validDocument()
  change(document)
  return document
}

describe('a valid document', () => {
  test('has no problem and no warning', () => {
    expect(problemsOf(validDocument())).toEqual([])
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
      docs: true,
    })
    expect(config.limits).toEqual({
      jsonBytes: 2_097_152,
      batchContacts: 1_000,
      importBytes: 52_428_800,
      importRows: 500_000,
      importRowBytes: 65_536,
      importsPerClient: 20,
      deadlineMs: 15_000,
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
      isolateRejected: true,
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
    const account = config.accounts.get('pear-in') as unknown as Record<string, never>
    const client = config.clients.get('crm') as unknown as Record<string, never>
    const list = config.lists.get('newsletter') as unknown as Record<string, never>
    const changes = [
      () => Object.assign(config, { role: 'api' }),
      () => Object.assign(config.server, { port: 1 }),
      () => (config.server.trustedProxies as string[]).push('0.0.0.0/0'),
      () => (config.warnings as string[]).push('x'),
      () => (config.accounts as Map<string, unknown>).set('x', 1),
      () => (config.clients as Map<string, unknown>).delete('crm'),
      () => (config.lists as Map<string, unknown>).clear(),
      () => Object.assign(account, { baseUrl: 'http://elsewhere.example' }),
      () => Object.assign(account['credentials'] as object, { key: 'x' }),
      () => Object.assign(account['settings'] as object, { mail: 'x' }),
      () => Object.assign(account['breaker'] as object, { openMs: 1 }),
      () => (client['scopes'] as Set<string>).add('admin'),
      () => Object.assign((client['keys'] as object[])[0] as object, { hash: 'x' }),
      () => Object.assign(client['rateLimit'] as object, { requests: 1e9 }),
      () => Object.assign((list['targets'] as { target: object }[])[0]?.target as object, { list: '9' }),
    ]
    for (const change of changes) expect(change).toThrow(TypeError)
  })

  test('is read from a frozen document without changing it', () => {
    const document = validDocument()
    const before = structuredClone(document)
    configOf(document)
    expect(document).toEqual(before)
  })
})

const places: [string, Change, string][] = [
  ['an unknown section', (d) => (d.acounts = {}), 'acounts is not known; the keys here are server'],
  ['an unknown key of a section', (d) => (d.server.trustProxy = true), 'server.trustProxy is not known'],
  ['an unknown key of an account', (d) => (d.accounts['pear-in'].timeout = 1), 'accounts.pear-in.timeout is not known'],
  [
    "another adapter's setting",
    (d) => (d.accounts['pear-in'].flag = 'red'),
    'accounts.pear-in.flag is not known; the keys here are provider, credentials, baseUrl,',
  ],
  ['an unknown key far down', (d) => (d.accounts['pear-in'].breaker.x = 1), 'accounts.pear-in.breaker.x is not known'],
  [
    'an unknown credential',
    (d) => (d.accounts['pear-in'].credentials.token = 'x'),
    'accounts.pear-in.credentials has a key',
  ],
  [
    'an unknown key of a list',
    (d) => (d.lists.plain.name = 'x'),
    'lists.plain.name is not known; the keys here are title',
  ],
  [
    'an unknown key of a target',
    (d) => (d.lists.plain.targets[0].list = '1'),
    'lists.plain.targets[0].list is not known',
  ],
  ['an unknown key of a client', (d) => (d.clients.crm.admin = true), 'clients.crm.admin is not known'],
  [
    'an unknown key of a key',
    (d) => (d.clients.crm.keys[0].expires = 'x'),
    'clients.crm.keys[0] has a key that is not known',
  ],
  [
    'a key named __proto__',
    (d) => Object.defineProperty(d.server, '__proto__', { value: {}, enumerable: true }),
    'server.__proto__',
  ],
  ['a key named constructor', (d) => (d.server.constructor = {}), 'server.constructor is not known'],
  ['no accounts', (d) => delete d.accounts, 'accounts is missing'],
  ['no clients', (d) => delete d.clients, 'clients is missing'],
  ['accounts as a list', (d) => (d.accounts = []), 'accounts must be a mapping of account ids to accounts'],
  [
    'a provider that is not there',
    (d) => (d.accounts['pear-in'].provider = 'plum'),
    'accounts.pear-in.provider must be one of apple, pear',
  ],
  ['no provider', (d) => delete d.accounts['pear-in'].provider, 'accounts.pear-in.provider must be one of apple, pear'],
  ['an account that is nothing', (d) => (d.accounts['pear-in'] = null), 'accounts.pear-in must be a mapping'],
  [
    'a missing credential',
    (d) => delete d.accounts['pear-in'].credentials.key,
    'accounts.pear-in.credentials.key is missing',
  ],
  [
    'no credentials',
    (d) => delete d.accounts['apple-main'].credentials,
    'accounts.apple-main.credentials.key is missing',
  ],
  [
    'a credential that is a number',
    (d) => (d.accounts['apple-main'].credentials.key = 12345678),
    'accounts.apple-main.credentials.key must be text; put it in quotes',
  ],
  [
    'an empty credential',
    (d) => (d.accounts['apple-main'].credentials.key = ''),
    'accounts.apple-main.credentials.key is empty',
  ],
  [
    'a blank credential',
    (d) => (d.accounts['apple-main'].credentials.key = ' \t'),
    'accounts.apple-main.credentials.key is empty',
  ],
  [
    'a placeholder',
    (d) => (d.accounts['apple-main'].credentials.key = 'ChangeMe'),
    'accounts.apple-main.credentials.key is a placeholder',
  ],
  [
    'a row of x',
    (d) => (d.accounts['apple-main'].credentials.key = 'xxxxxxxxxxxx'),
    'accounts.apple-main.credentials.key is a placeholder',
  ],
  [
    'a credential with a line break',
    (d) => (d.accounts['apple-main'].credentials.key = 'abcd\r\nx-evil: 1'),
    'accounts.apple-main.credentials.key must be of ASCII',
  ],
  [
    'a wrong setting of the adapter',
    (d) => (d.accounts['apple-main'].flag = 'blue'),
    'accounts.apple-main.flag must be one of red, green, none',
  ],
  [
    'a setting of another type',
    (d) => (d.accounts['pear-in'].mail = 7),
    'accounts.pear-in.mail must be text of at least 1 characters or null',
  ],
  [
    'a default list of the wrong form',
    (d) => (d.accounts['apple-main'].defaultList = 'news'),
    'accounts.apple-main.defaultList must be text that matches ^[0-9]{4}$',
  ],
  [
    'a default list where there is none',
    (d) => (d.accounts['pear-in'].defaultList = 'news'),
    'accounts.pear-in.defaultList is not known',
  ],
  [
    'a batch above what the provider takes',
    (d) => (d.accounts['apple-main'].batchSize = 51),
    'accounts.apple-main.batchSize must be at most 50',
  ],
  [
    'a negative time',
    (d) => (d.accounts['apple-main'].timeoutMs = -1),
    'accounts.apple-main.timeoutMs must be a whole number from 1 to 600000',
  ],
  [
    'a time with a unit',
    (d) => (d.accounts['apple-main'].timeoutMs = '10s'),
    'accounts.apple-main.timeoutMs must be a whole number',
  ],
  ['a time with a fraction', (d) => (d.limits.deadlineMs = 1.5), 'limits.deadlineMs must be a whole number'],
  [
    'a rate of nothing',
    (d) => (d.accounts['apple-main'].requestsPerSecond = 0),
    'accounts.apple-main.requestsPerSecond must be a number above 0 to 10000',
  ],
  [
    'a failure rate above one',
    (d) => (d.accounts['apple-main'].breaker = { failureRate: 1.1 }),
    'accounts.apple-main.breaker.failureRate must be a number above 0 to 1',
  ],
  [
    'a size without a number',
    (d) => (d.limits.jsonBytes = 'MB'),
    'limits.jsonBytes must be a number of bytes or a size such as',
  ],
  ['a size in another unit', (d) => (d.limits.jsonBytes = '2 TB'), 'limits.jsonBytes must be a number of bytes'],
  ['a size of nothing', (d) => (d.limits.importBytes = 0), 'limits.importBytes must be a number of bytes'],
  ['a switch as text', (d) => (d.server.docs = 'yes'), 'server.docs must be true or false'],
  ['an empty value', (d) => (d.server.docs = null), 'server.docs must be true or false; it is empty'],
  [
    'a public address without https',
    (d) => (d.server.publicUrl = 'contacts.example.com'),
    'server.publicUrl must be an http:// or https:// URL',
  ],
  [
    'a number of proxies',
    (d) => (d.server.trustedProxies = 1),
    'server.trustedProxies must be a list of CIDR blocks, never a number of hops',
  ],
  ['a number among proxies', (d) => (d.server.trustedProxies = [1]), 'server.trustedProxies[0] must be text'],
  [
    'a proxy without a prefix',
    (d) => (d.server.trustedProxies = ['10.0.0.1']),
    'server.trustedProxies[0] must be a CIDR block',
  ],
  [
    'a word for proxies',
    (d) => (d.server.trustedProxies = ['loopback']),
    'server.trustedProxies[0] must be a CIDR block',
  ],
  [
    'a list without targets',
    (d) => (d.lists.plain.targets = []),
    'lists.plain.targets must be a list of one or more targets',
  ],
  ['a target that is text', (d) => (d.lists.plain.targets = ['pear-in']), 'lists.plain.targets[0] must be a mapping'],
  [
    'a target without an account',
    (d) => delete d.lists.plain.targets[0].account,
    'lists.plain.targets[0].account is missing',
  ],
  [
    'an account that is not there',
    (d) => (d.lists.newsletter.targets[1].account = 'plum'),
    'lists.newsletter.targets[1].account is no account of this file; there are: apple-main, pear-in',
  ],
  ['a target without its name', (d) => delete d.lists.plain.targets[0].tag, 'lists.plain.targets[0].tag is missing'],
  [
    'a name that is too long',
    (d) => (d.lists.plain.targets[0].tag = 'x'.repeat(31)),
    'lists.plain.targets[0].tag must be text of 0 to 30 characters',
  ],
  [
    'a name of the wrong form',
    (d) => (d.lists.newsletter.targets[0].list = 'news'),
    'lists.newsletter.targets[0].list must be text that matches',
  ],
  [
    'a slot that is not there',
    (d) => (d.lists.newsletter.targets[0].slots.title = 's3'),
    'lists.newsletter.targets[0].slots.title must be one of s1, s2',
  ],
  [
    'a slot for a name of the wrong form',
    (d) => (d.lists.newsletter.targets[0].slots.Title = 's2'),
    'lists.newsletter.targets[0].slots.Title is not known; keys must match ^[a-z]+$',
  ],
  [
    'a slot used twice',
    (d) => (d.lists.newsletter.targets[0].slots.city = 's1'),
    'lists.newsletter.targets[0].slots.city s1 is taken already',
  ],
  [
    'an account twice in a list',
    (d) => d.lists.plain.targets.push({ account: 'pear-in', tag: 'other' }),
    'lists.plain.targets[1].account is an account of this list already',
  ],
  ['no keys', (d) => delete d.clients.crm.keys, 'clients.crm.keys is missing'],
  [
    'a key in clear',
    (d) => (d.clients.crm.keys = [{ hash: 'cgw_crm_x' }]),
    'clients.crm.keys[0].hash must be sha256: and 64 lower-case',
  ],
  [
    'a hash in capitals',
    (d) => (d.clients.crm.keys[0].hash = hashA.replaceAll('a', 'A')),
    'clients.crm.keys[0].hash must be sha256: and 64 lower-case',
  ],
  [
    'a short hash',
    (d) => (d.clients.crm.keys[0].hash = hashA.slice(0, -1)),
    'clients.crm.keys[0].hash must be sha256:',
  ],
  [
    'a hash with more behind it',
    (d) => (d.clients.crm.keys[0].hash += '\n'),
    'clients.crm.keys[0].hash must be sha256:',
  ],
  ['a hash twice', (d) => d.clients.crm.keys.push({ hash: hashA }), 'clients.crm.keys[1].hash stands there twice'],
  [
    'a hash of another client',
    (d) => (d.clients.shop = { ...d.clients.crm }),
    'clients.shop.keys[0].hash is a key of client crm already',
  ],
  [
    'a day without a zone',
    (d) => (d.clients.crm.keys[0].expiresAt = '2099-01-01T00:00:00'),
    'clients.crm.keys[0].expiresAt must be a time with its zone',
  ],
  [
    'a day that does not exist',
    (d) => (d.clients.crm.keys[0].expiresAt = '2099-02-30T00:00:00Z'),
    'clients.crm.keys[0].expiresAt must be a time',
  ],
  [
    'a leap second',
    (d) => (d.clients.crm.keys[0].expiresAt = '2016-12-31T23:59:60Z'),
    'clients.crm.keys[0].expiresAt must be a time',
  ],
  ['no networks', (d) => delete d.clients.crm.networks, 'clients.crm.networks is missing'],
  [
    'empty networks',
    (d) => (d.clients.crm.networks = []),
    'clients.crm.networks must be a list of one or more CIDR blocks',
  ],
  ['a bad block', (d) => (d.clients.crm.networks[1] = '10.0.0.0/33'), 'clients.crm.networks[1] must be a CIDR block'],
  ['no scopes', (d) => (d.clients.crm.scopes = []), 'clients.crm.scopes must be a list of one or more of'],
  [
    'an unknown scope',
    (d) => (d.clients.crm.scopes = ['contacts:read', 'root']),
    'clients.crm.scopes[1] must be one of contacts:read',
  ],
  [
    'a list that is not there',
    (d) => (d.clients.crm.lists = ['plain', 'gone']),
    'clients.crm.lists[1] is no list of this file; there are: newsletter, plain',
  ],
  [
    'an account that a client may not',
    (d) => (d.clients.crm.accounts = ['gone']),
    'clients.crm.accounts[0] is no account of this file',
  ],
  ['no lists for a client', (d) => delete d.clients.crm.lists, 'clients.crm.lists is missing'],
  [
    'a rate of nothing for a client',
    (d) => (d.clients.crm.rateLimit = { requests: 0 }),
    'clients.crm.rateLimit.requests must be a whole number from 1',
  ],
  [
    'an id in capitals',
    (d) => (d.clients.CRM = { ...d.clients.crm, keys: [{ hash: hashB }] }),
    'clients.CRM must have an id of a-z',
  ],
  ['an id with an underscore', (d) => (d.lists.my_list = d.lists.plain), 'lists.my_list must have an id of a-z'],
  ['an id with a colon', (d) => (d.accounts['a:b'] = d.accounts['pear-in']), 'accounts["a:b"] must have an id of a-z'],
  [
    'an id that is too long',
    (d) => (d.lists['x'.repeat(65)] = d.lists.plain),
    `lists["${'x'.repeat(64)}"] must have an id`,
  ],
]

test.each(places)('refuses, at its place and alone: %s', (_name, change, problem) => {
  const problems = problemsOf(changed(change))
  expect(problems).toEqual([expect.stringContaining(problem)])
  expect(problems[0]?.startsWith(problem)).toBe(true)
})

test.each([null, undefined, 7, 'text', [], true])('refuses a document that is %j', (document) => {
  expect(problemsOf(document)).toEqual([expect.stringMatching(/^\(file\) must be a mapping of keys to values/)])
})

test('reports all problems at once, each with its place', () => {
  const document = changed((d) => {
    d.lists.newsletter.targets[1].account = 'plum'
    d.accounts['apple-main'].baseUrl = 'http://apple.example'
    d.clients.crm.networks = []
    d.clients.crm.keys[0].hash = 'x'
    d.server.colour = 'red'
  })
  const result = checkConfig(document, planted, { adapters })
  expect('problems' in result && result.problems.map(({ place }) => place).sort()).toEqual([
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
  expect(problemsOf(document).map((text) => text.split(' ')[0])).toEqual([
    'accounts.pear-in.provider',
    'accounts.pear-in.timeoutMs',
    'accounts.pear-in.breaker.openMs',
  ])
})

describe('base URLs', () => {
  const withUrl = (baseUrl: string, allowInsecure = false) =>
    changed((d) => Object.assign(d.accounts['apple-main'], { baseUrl, allowInsecure }))

  test.each([
    ['https://eu.apple.example', 'https://eu.apple.example'],
    ['https://eu.apple.example:8443/v2/', 'https://eu.apple.example:8443/v2'],
    ['http://127.0.0.1:9101', 'http://127.0.0.1:9101'],
    ['http://127.9.9.9', 'http://127.9.9.9'],
    ['http://[::1]:9101/x', 'http://[::1]:9101/x'],
    ['http://localhost:9101', 'http://localhost:9101'],
  ])('takes %s', (given, baseUrl) => {
    expect(configOf(withUrl(given)).accounts.get('apple-main')?.baseUrl).toBe(baseUrl)
  })

  test.each([
    'http://apple.example',
    'http://10.0.0.1',
    'http://128.0.0.1',
    'http://127.0.0.1.example',
    'http://localhost.example',
    'http://0.0.0.0',
    'http://[::]',
    'HTTP://apple.example',
  ])('refuses %s, unless it is allowed, which is warned of', (url) => {
    expect(problemsOf(withUrl(url))).toEqual([
      'accounts.apple-main.baseUrl must be https:// (or set allowInsecure: true): http:// is for this machine alone',
    ])
    expect(configOf(withUrl(url, true)).warnings).toEqual([
      'accounts.apple-main.baseUrl sends credentials and contacts unencrypted',
    ])
  })

  test.each([
    'https://user:pass@apple.example',
    'https://user@apple.example',
    'https://@apple.example',
    'https://apple.example?key=1',
    'https://apple.example/?',
    'https://apple.example/#top',
    'https://apple.example\\@evil.example',
    'https:apple.example',
    'https://',
    'ftp://apple.example',
    'file:///etc/passwd',
    'apple.example',
    ' https://apple.example',
    '',
  ])('refuses %j even where insecure ones are allowed', (url) => {
    expect(problemsOf(withUrl(url, true))).toEqual([
      'accounts.apple-main.baseUrl must be an https:// URL without user name, password, query and fragment',
    ])
  })
})

describe('references to variables', () => {
  const titled = (title: string) => changed((d) => (d.lists.plain.title = title))

  test.each([
    ['before ${X} after', 'before value after'],
    ['${X}${Y}', 'valueother'],
    ['$${X}', '${X}'],
    ['$X', '$X'],
    ['$', '$'],
  ])('%s becomes %s', (text, title) => {
    expect(configOf(titled(text), { ...planted, X: 'value', Y: 'other' }).lists.get('plain')?.title).toBe(title)
  })

  test('a value is not expanded again', () => {
    const env = { ...planted, X: reference('PEAR_KEY') }
    expect(configOf(titled(reference('X')), env).lists.get('plain')?.title).toBe(reference('PEAR_KEY'))
  })

  test.each(['${}', '${X-1}', '${X:-default}', '${X', '${ X }'])('%s is a problem', (text) => {
    expect(problemsOf(titled(text), { ...planted, X: 'x' })).toEqual([
      "lists.plain.title has a reference without a variable's name: write ${NAME}, or $${ for the characters",
    ])
  })

  test('work in every text: account references, networks, addresses, names of lists', () => {
    const document = changed((d) => {
      d.server.publicUrl = reference('URL')
      d.lists.plain.targets[0].account = reference('ACCOUNT')
      d.lists.plain.targets[0].tag = reference('TAG')
      d.clients.crm.networks[0] = reference('NET')
    })
    const env = { ...planted, URL: 'https://c.example', ACCOUNT: 'pear-in', TAG: 't', NET: '192.0.2.0/24' }
    const config = configOf(document, env)
    expect(config.server.publicUrl).toBe('https://c.example')
    expect(config.lists.get('plain')?.targets).toEqual([{ account: 'pear-in', target: { tag: 't' } }])
    expect(config.clients.get('crm')?.networks[0]).toBe('192.0.2.0/24')
    expect(problemsOf(document)).toEqual([
      'server.publicUrl needs the variable URL (or URL_FILE), which is not set',
      'lists.plain.targets[0].account needs the variable ACCOUNT (or ACCOUNT_FILE), which is not set',
      'clients.crm.networks[0] needs the variable NET (or NET_FILE), which is not set',
    ])
  })

  test.each(['constructor', 'toString', '__proto__'])('%s is no variable', (name) => {
    expect(problemsOf(titled(reference(name)))).toEqual([expect.stringContaining('which is not set')])
  })
})

describe('secrets from files', () => {
  const env = { APPLE_KEY_FILE: '/run/secrets/apple', PEAR_LOGIN: planted.PEAR_LOGIN, PEAR_KEY: planted.PEAR_KEY }
  const keyWith = (content: string) =>
    configOf(validDocument(), env, () => content)
      .accounts.get('apple-main')
      ?.credentials.key?.reveal()

  test.each([
    ['s3cr3t-key', 's3cr3t-key'],
    ['s3cr3t-key\n', 's3cr3t-key'],
    ['s3cr3t-key\r\n', 's3cr3t-key'],
  ])('%j is read as %j', (content, key) => {
    expect(keyWith(content)).toBe(key)
  })

  test('only one newline is taken off: a second one is a mistake', () => {
    expect(problemsOf(validDocument(), env, () => 's3cr3t-key\n\n')).toEqual([
      expect.stringContaining('accounts.apple-main.credentials.key must be of ASCII characters'),
    ])
  })

  test('the variable itself goes before its file', () => {
    expect(problemsOf(validDocument(), { ...env, APPLE_KEY: planted.APPLE_KEY })).toEqual([])
  })

  test('a file that cannot be read, or is empty, is a problem that does not show its path', () => {
    expect(problemsOf(validDocument(), env)).toEqual([
      'accounts.apple-main.credentials.key needs the file named by APPLE_KEY_FILE, which cannot be read (ENOENT)',
    ])
    expect(problemsOf(validDocument(), env, () => '\n')).toEqual([
      'accounts.apple-main.credentials.key needs a value: the file named by APPLE_KEY_FILE is empty',
    ])
  })

  test('are named in the result, so that a change of them can be noticed', () => {
    expect(checkConfig(validDocument(), env, { adapters, readFile: () => 's3cr3t-key' }).files).toEqual([
      '/run/secrets/apple',
    ])
  })
})

test('warns of what is allowed but rarely meant', () => {
  const config = configOf(
    changed((d) => {
      d.server.trustedProxies = ['::/0']
      d.clients.crm.networks = ['10.0.0.0/8', '0.0.0.0/0']
      d.clients.crm.keys[0].expiresAt = '1969-01-01T00:00:00Z'
      d.clients.old = { ...d.clients.crm, keys: [], networks: ['::1/128'] }
      d.accounts['apple-main'].credentials.key = 'short'
    }),
  )
  expect(config.warnings).toEqual([
    'server.trustedProxies[0] ::/0 lets every caller choose its address',
    'accounts.apple-main.credentials.key has fewer than 8 characters',
    'clients.crm.keys[0].expiresAt is past: the key is refused',
    'clients.crm.networks[1] 0.0.0.0/0 lets every address in',
    'clients.old.keys is empty: the client cannot call',
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
