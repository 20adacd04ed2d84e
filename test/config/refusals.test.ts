import { expect, test } from 'vitest'
import { type Change, changed, hashA, hashB, mistakesOf } from './documents.ts'

/** What is done to a valid document, and the beginning of the only mistake that it then has. */
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
    'accounts.apple-main.requestsPerSecond must be a number above 0 and at most 10000',
  ],
  [
    'a failure rate above one',
    (d) => (d.accounts['apple-main'].breaker = { failureRate: 1.1 }),
    'accounts.apple-main.breaker.failureRate must be a number above 0 and at most 1',
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
  [
    'lists that differ in case alone',
    (d) => {
      const [{ account, ...target }] = d.lists.plain.targets
      d.lists.shout = {
        targets: [
          { account, ...Object.fromEntries(Object.entries(target).map(([k, v]) => [k, String(v).toUpperCase()])) },
        ],
      }
    },
    'lists.shout.targets[0] differs from a target of the list plain in upper and lower case alone',
  ],
  [
    'lists that differ in case alone, and in what they do with attributes',
    (d) => {
      const [{ account, tag }] = d.lists.plain.targets
      d.lists.shout = { targets: [{ account, tag: tag.toUpperCase(), marks: { city: 'm1' } }] }
    },
    'lists.shout.targets[0] differs from a target of the list plain in upper and lower case alone',
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
    'a key with a scope that its client lacks',
    (d) => (d.clients.crm.keys[0].scopes = ['contacts:read', 'admin']),
    'clients.crm.keys[0].scopes[1] is no scope of the client: a key can only have fewer',
  ],
  [
    'a key with a network that is none',
    (d) => (d.clients.crm.keys[0].networks = ['10.1.2.3']),
    'clients.crm.keys[0].networks[0] must be a CIDR block',
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

test.each(places)('refuses, at its place and alone: %s', (_name, change, mistake) => {
  const mistakes = mistakesOf(changed(change))
  expect(mistakes).toEqual([expect.stringContaining(mistake)])
  expect(mistakes[0]?.startsWith(mistake)).toBe(true)
})

test.each([null, undefined, 7, 'text', [], true])('refuses a document that is %j', (document) => {
  expect(mistakesOf(document)).toEqual([expect.stringMatching(/^\(file\) must be a mapping of keys to values/)])
})
