import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { checkConfig, loadConfig } from '../../src/config/load.ts'
import type { Variables } from '../../src/config/reading.ts'
import { findWorthKnowing, type worthKnowing } from '../../src/config/worth-knowing.ts'
import { certificates } from '../support/certificates.ts'
import { adapters, type Change, changed, configOf, planted } from './documents.ts'

const folder = mkdtempSync(join(tmpdir(), 'worth-knowing-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileWith(name: string, content: string, mode = 0o600): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

/** What a configuration file that only its owner reads is warned of. */
function warningsOf(change: Change, env: Variables = {}, mode = 0o600, now = 0): readonly string[] {
  const GATEWAY_CONFIG = fileWith('gateway.json', JSON.stringify(changed(change)), mode)
  const loaded = loadConfig({ env: { ...planted, ...env, GATEWAY_CONFIG }, adapters, now })
  if (!('config' in loaded)) throw new Error(JSON.stringify(loaded))
  return loaded.config.warnings
}

/** A report of the account `pear-in`, made when time began. */
function reportOf(change: object = {}): string {
  const report = {
    format: 1,
    provider: 'pear',
    baseUrl: 'http://127.0.0.1:9103/base',
    at: '1970-01-01T00:00:00.000Z',
    probes: [{ id: 'PEA-MAIL', seen: 'kept' }, { id: 'PEA-LAG', seen: '10000' }, { id: 'PEA-OLD' }],
    ...change,
  }
  return fileWith('report.json', JSON.stringify(report))
}
/** Settings that follow from it. */
const fitting = { mail: 'email', settleAfterMs: 10_000 }

const nothing: Change = () => {}
type Case = {
  readonly change?: Change
  readonly env?: () => Variables
  readonly mode?: number
  readonly now?: number
  says: string[]
}

const cases: Readonly<Record<keyof typeof worthKnowing, Case>> = {
  trustsEveryProxy: {
    change: (d) => (d.server.trustedProxies = ['10.0.0.0/8', '::/0']),
    says: ['server.trustedProxies[1] ::/0 lets every caller choose its address'],
  },
  certificatesUnchecked: {
    env: () => ({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }),
    says: [
      'NODE_TLS_REJECT_UNAUTHORIZED is 0: no certificate is checked, and who is on the way reads credentials and contacts. Name your CA in NODE_EXTRA_CA_CERTS instead',
    ],
  },
  redisUnencrypted: {
    env: () => ({ REDIS_URL: 'redis://:planted-redis@redis.example:6379' }),
    says: ['REDIS_URL leads to another host without TLS: use rediss://'],
  },
  redisWithoutPassword: {
    env: () => ({ REDIS_URL: 'rediss://127.0.0.1:1,redis.example:6379' }),
    says: ['REDIS_URL leads to another host and has no password'],
  },
  storeUnencrypted: {
    env: () => ({ NODE_ENV: 'production' }),
    says: [
      'STORE_KEY is not set: answers, imports and reports, and so addresses and numbers of people, are stored unencrypted (docs/operate/secrets-and-keys.md)',
    ],
  },
  providerUnencrypted: {
    change: (d) => Object.assign(d.accounts['pear-in'], { baseUrl: 'http://pear.example', allowInsecure: true }),
    says: ['accounts.pear-in.baseUrl sends credentials and contacts unencrypted'],
  },
  verifiedOtherwise: {
    change: (d) => (d.accounts['pear-in'].verified = reportOf()),
    says: [
      'accounts.pear-in.mail contradicts what PEA-MAIL has seen: `accounts verify` says what to set',
      'accounts.pear-in.settleAfterMs contradicts what PEA-LAG has seen: `accounts verify` says what to set',
    ],
  },
  verifiedElsewhere: {
    change: (d) => {
      Object.assign(d.accounts['pear-in'], fitting, { verified: reportOf({ baseUrl: 'https://pear.example' }) })
    },
    says: ['accounts.pear-in.verified names a report of another base URL: verify the account again'],
  },
  verifiedLongAgo: {
    change: (d) => Object.assign(d.accounts['pear-in'], fitting, { verified: reportOf() }),
    now: 181 * 86_400_000,
    says: ['accounts.pear-in.verified names a report older than 180 days: verify the account again'],
  },
  secretInFile: {
    change: (d) => {
      d.accounts['apple-main'].credentials.key = 'planted-in-the-file'
      d.accounts['apple-main'].egress = { proxy: 'http://user:planted-password@proxy.example:3128' }
      d.egress = { proxy: 'http://user:planted-at-the-top@proxy.example:3128' }
    },
    says: ['accounts.apple-main.credentials.key', 'accounts.apple-main.egress.proxy', 'egress.proxy'].map(
      (place) => `${place} is written into the file: put it into a variable or a file, and refer to it as \${NAME}`,
    ),
  },
  shortCredential: {
    env: () => ({ APPLE_KEY: 'short' }),
    says: ['accounts.apple-main.credentials.key has fewer than 8 characters'],
  },
  readableByAll: {
    env: () => ({ APPLE_KEY: '', APPLE_KEY_FILE: fileWith('apple-key', 'planted-in-a-file', 0o604) }),
    mode: 0o644,
    says: ['GATEWAY_CONFIG', 'APPLE_KEY_FILE'].map(
      (variable) => `${variable} names a file that every user of this machine can read: chmod o-r`,
    ),
  },
  certificateExpired: {
    change: (d) => {
      const key = fileWith('tls-key', certificates.gateway.key)
      d.server.tls = { cert: fileWith('tls-cert', certificates.expired.cert), key }
    },
    now: Date.now(),
    says: ['server.tls.cert has expired: callers refuse it'],
  },
  clientWithoutKeys: {
    change: (d) => (d.clients.crm.keys = []),
    says: ['clients.crm.keys is empty: the client cannot call'],
  },
  keyExpired: {
    change: (d) => (d.clients.crm.keys[0].expiresAt = '1970-01-01T00:00:00Z'),
    says: ['clients.crm.keys[0].expiresAt is past: the key is refused'],
  },
  keyWithoutEnd: {
    change: (d) => delete d.clients.crm.keys[0].expiresAt,
    says: ['clients.crm.keys[0].expiresAt is not set: a stolen key is good until somebody notices'],
  },
  everyNetwork: {
    change: (d) => (d.clients.crm.networks = ['10.0.0.0/8', '0.0.0.0/0']),
    says: ['clients.crm.networks[1] 0.0.0.0/0 lets every address in'],
  },
  proxyDecides: {
    change: (d) => {
      d.egress = { proxy: 'http://proxy.example:3128' }
      const secrets = [`\${WEBHOOK_SECRET}`]
      d.clients.crm.webhooks = [{ url: 'https://crm.example/events', secrets, events: ['account.changed'] }]
    },
    env: () => ({ WEBHOOK_SECRET: `whsec_${randomBytes(24).toString('base64')}` }),
    says: [
      'clients.crm.webhooks[0].url is called through an egress proxy: the proxy decides which addresses that may be, and whether they are public is not checked here',
    ],
  },
  listsBeyondAccounts: {
    change: (d) => (d.clients.crm.accounts = ['apple-main']),
    says: ['clients.crm.accounts lacks pear-in, where its lists lead: it adds contacts there and reads none'],
  },
}

describe('one is warned of', () => {
  test.each(Object.entries(cases))(
    '%s, with its place and without a value',
    (_name, { change, env, mode, now, says }) => {
      const warnings = warningsOf(change ?? nothing, env?.(), mode, now)
      expect(warnings).toEqual(says)
      expect(warnings.join()).not.toContain('planted')
    },
  )
})

describe('one is not warned of', () => {
  const silent: [what: string, change: Change, env?: () => Variables][] = [
    ['a Redis on this machine', nothing, () => ({ REDIS_URL: 'redis://localhost:6379,[::1]:6379' })],
    ['a Redis elsewhere with TLS and password', nothing, () => ({ REDIS_URL: 'rediss://:secret@redis.example' })],
    ['certificates that are checked', nothing, () => ({ NODE_TLS_REJECT_UNAUTHORIZED: '1' })],
    ['a proxy without password', (d) => (d.egress = { proxy: 'http://proxy.example:3128' })],
    [
      "a proxy's password in a variable",
      (d) => (d.egress = { proxy: `http://user:\${PROXY_PASSWORD}@proxy.example:3128` }),
      () => ({ PROXY_PASSWORD: 'of-the-proxy' }),
    ],
    [
      "the proxy's password of the environment",
      nothing,
      () => ({ HTTPS_PROXY: 'http://user:password@proxy.example:3128' }),
    ],
    [
      'a secret in a file that a group reads',
      nothing,
      () => ({ APPLE_KEY: '', APPLE_KEY_FILE: fileWith('of-group', 'in-a-file', 0o640) }),
    ],
    [
      'a report that the settings follow',
      (d) => Object.assign(d.accounts['pear-in'], fitting, { verified: reportOf() }),
    ],
    ['accounts that only lists of others lead to', (d) => Object.assign(d.clients.crm, { lists: [], accounts: [] })],
  ]
  test.each(silent)('%s', (_what, change, env) => {
    expect(warningsOf(change, env?.())).toEqual([])
  })

  test('secrets of a document that is no file', () => {
    const document = changed((d) => (d.accounts['apple-main'].credentials.key = 'made-in-memory'))
    expect(configOf(document).warnings).toEqual([])
  })
})

test.each([
  ['that is not there', () => '/nowhere/report.json', 'names a file that cannot be read (ENOENT)'],
  [
    'without JSON',
    () => fileWith('no.json', '# A report'),
    'names a file that is no report of `accounts verify` in JSON',
  ],
  ['of another form', () => reportOf({ format: 2 }), 'names a file that is no report of `accounts verify` in JSON'],
  ['of no time', () => reportOf({ at: 'today' }), 'names a file that is no report of `accounts verify` in JSON'],
  ['of another provider', () => reportOf({ provider: 'apple' }), 'names a report of another provider'],
])('a report %s is a mistake', (_what, file, message) => {
  const document = changed((d) => (d.accounts['pear-in'].verified = file()))
  expect(checkConfig(document, planted, { adapters })).toMatchObject({
    mistakes: [{ place: 'accounts.pear-in.verified', message }],
  })
})

test('certificates that are not checked are a mistake in production, without a file too', () => {
  const env = { ...planted, NODE_ENV: 'production', NODE_TLS_REJECT_UNAUTHORIZED: '0' }
  const mistake = { place: 'NODE_TLS_REJECT_UNAUTHORIZED', message: expect.stringContaining('must not be 0') }
  expect(checkConfig(changed(nothing), env, { adapters })).toMatchObject({ mistakes: [mistake] })
  expect(loadConfig({ env })).toMatchObject({ mistakes: [mistake, { place: 'GATEWAY_CONFIG' }] })
})

test('the words tell where something stands in the order of the table', () => {
  const config = configOf(changed((d) => Object.assign(d.clients.crm, { keys: [], networks: ['::/0'] })))
  const looked = { config, env: {}, file: undefined, reading: { texts: new Map(), files: new Set<string>() }, now: 0 }
  expect(findWorthKnowing(looked).map((words) => words.split(' ')[0])).toEqual([
    'clients.crm.keys',
    'clients.crm.networks[0]',
  ])
})
