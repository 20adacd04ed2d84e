import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { compareConfigurations } from '../../src/config/compare-configurations.ts'
import { checkConfig } from '../../src/config/load.ts'
import { defaultOctopushCredentials } from '../../src/simulators/octopush.ts'

const secretOf = (bytes: number) => `whsec_${randomBytes(bytes).toString('base64')}`
const secret = secretOf(32)
const url = 'https://crm.example/events?from=gateway'
const usual = { url, secrets: [secret], events: ['import.finished'] }

type Options = {
  readonly scopes?: readonly string[]
  readonly env?: Record<string, string>
  readonly erp?: unknown
  readonly file?: string
}

function check(webhooks: unknown, { scopes = ['imports'], env = {}, erp = [], file }: Options = {}) {
  const client = { keys: [], networks: ['::1/128'], scopes, lists: ['*'], accounts: ['*'] }
  const document = {
    accounts: { sms: { provider: 'octopush', credentials: defaultOctopushCredentials } },
    clients: { crm: { ...client, webhooks }, erp: { ...client, webhooks: erp } },
  }
  return checkConfig(document, { DATA_DIR: ':memory:', ...env }, { ...(file !== undefined && { file }) })
}

function endpoints(webhooks: unknown, options?: Options) {
  const checked = check(webhooks, options)
  if ('mistakes' in checked) throw new Error(JSON.stringify(checked.mistakes))
  return checked.config.clients.get('crm')?.webhooks ?? []
}

const mistakesOf = (webhooks: unknown, options?: Options) => {
  const checked = check(webhooks, options)
  return 'mistakes' in checked ? checked.mistakes.map(({ place, message }) => `${place} ${message}`) : []
}

const storeKey = { STORE_KEY: randomBytes(32).toString('base64url') }

describe('The webhooks of a client', () => {
  test('are endpoints with secrets that nothing prints', () => {
    const [endpoint] = endpoints([usual])
    expect(endpoint).toMatchObject({ url, events: ['import.finished'], allowPrivate: false, addresses: false })
    expect(endpoint?.secrets.map((one) => one.reveal())).toEqual([secret])
    for (const text of [JSON.stringify(endpoint), inspect(endpoint, { depth: 9 })]) expect(text).not.toContain(secret)
  })

  test.each([24, 64])('take secrets of %d bytes, and four of them while one is exchanged for another', (bytes) => {
    const secrets = [0, 1, 2, 3].map(() => secretOf(bytes))
    expect(endpoints([{ ...usual, secrets }])[0]?.secrets).toHaveLength(4)
  })

  test('have the same id for the same client and URL, whatever else changes', () => {
    const [one] = endpoints([usual])
    const [other] = endpoints([{ ...usual, secrets: [secretOf(24)], events: ['account.changed'] }])
    const [elsewhere] = endpoints([{ ...usual, url: 'https://crm.example/other' }])
    expect(one?.id).toMatch(/^[0-9a-f]{16}$/)
    expect(other?.id).toBe(one?.id)
    expect(elsewhere?.id).not.toBe(one?.id)
  })

  test('may be http:// on this machine, but for production', () => {
    const local = [{ ...usual, url: 'http://127.0.0.1:8080/events' }]
    expect(endpoints(local)[0]?.isLocal).toBe(true)
    expect(endpoints([usual])[0]?.isLocal).toBe(false)
    expect(mistakesOf(local, { env: { NODE_ENV: 'production' } })).toEqual([
      expect.stringContaining('clients.crm.webhooks[0].url must be an https:// URL'),
    ])
  })

  test('are told of the list with addresses where these can be kept encrypted', () => {
    const told = [{ ...usual, events: ['suppressions.changed'], addresses: true }]
    const scopes = ['suppressions:read']
    expect(endpoints(told, { scopes, env: storeKey })[0]?.addresses).toBe(true)
    expect(mistakesOf(told, { scopes })).toEqual([expect.stringContaining('addresses needs STORE_KEY')])
  })

  test('go through the proxy of the top of the file or of the environment, as accounts do', () => {
    const [endpoint] = endpoints([usual], { env: { HTTPS_PROXY: 'http://proxy.example:3128' } })
    expect(endpoint?.egress.proxy?.reveal()).toBe('http://proxy.example:3128/')
  })

  test('are worth a warning where a secret stands in the file', () => {
    const warnings = (given: string) => {
      const checked = check([{ ...usual, secrets: [given] }], { env: { CRM: secret }, file: import.meta.filename })
      return 'config' in checked ? checked.config.warnings.filter((one) => one.includes('webhooks')) : undefined
    }
    expect(warnings(`\${CRM}`)).toEqual([])
    expect(warnings(secret)).toEqual([
      expect.stringMatching(/^clients\.crm\.webhooks\[0\]\.secrets\[0\] is written into the file/),
    ])
  })

  test('may name nobody to be called, once: the events are kept to be read', () => {
    const [kept] = endpoints([{ events: ['import.finished'] }])
    expect(kept).toMatchObject({ url: undefined, secrets: [], events: ['import.finished'], addresses: false })
    const [called, other] = endpoints([usual, { events: ['account.changed'] }])
    expect(called?.id).not.toBe(other?.id)
    const twice = [{ events: ['import.finished'] }, { events: ['account.changed'] }]
    expect(mistakesOf(twice)).toEqual([expect.stringContaining('clients.crm.webhooks[1].url is missing, as in an')])
    // A URL that could not be read is the one mistake.
    expect(mistakesOf([{ ...usual, url: 5 }])).toEqual([expect.stringMatching(/webhooks\[0\]\.url must be/)])
    expect(mistakesOf([{ ...usual, url: `\${NOWHERE}` }])).toHaveLength(1)
  })

  test('are named among what a reload has changed, without their values', () => {
    const read = (webhooks: unknown) => {
      const checked = check(webhooks)
      if ('mistakes' in checked) throw new Error(JSON.stringify(checked.mistakes))
      return checked.config
    }
    const changes = compareConfigurations(read([usual]), read([{ ...usual, secrets: [secretOf(24)] }]))
    expect(changes.clients.changed).toEqual([{ id: 'crm', fields: ['webhooks'] }])
  })

  const base64 = (bytes: number) => randomBytes(bytes).toString('base64')
  test.each([
    ['plain HTTP', { url: 'http://crm.example/events' }, 'url must be an https:// URL'],
    ['a user name in the URL', { url: 'https://a:b@crm.example/' }, 'url must be an https:// URL'],
    ['a fragment', { url: 'https://crm.example/#x' }, 'url must be an https:// URL'],
    ['what is no URL', { url: 'crm.example' }, 'url must be an https:// URL'],
    ['a secret of 23 bytes', { secrets: [`whsec_${base64(23)}`] }, 'secrets[0] must be whsec_ and 24 to 64'],
    ['a secret of 65 bytes', { secrets: [`whsec_${base64(65)}`] }, 'secrets[0] must be whsec_ and 24 to 64'],
    ['a secret without its prefix', { secrets: [base64(32)] }, 'secrets[0] must be whsec_ and 24 to 64'],
    ['a made-up secret', { secrets: [`whsec_${'YWJj'.repeat(10)}`] }, 'secrets[0] is not random'],
    ['the same secret twice', { secrets: [secret, secret] }, 'secrets[1] is a secret of client crm already'],
    ['no secret', { secrets: [] }, 'secrets must be a list of one to four secrets'],
    ['no event', { events: [] }, 'events must be a list of one or more of import.finished'],
    ['an unknown event', { events: ['import.started'] }, 'events[0] must be one of import.finished'],
    ['a test, which nobody orders', { events: ['test'] }, 'events[0] must be one of'],
    ['an event twice', { events: ['import.finished', 'import.finished'] }, 'events[1] stands there twice'],
    ['an event beyond the scopes', { events: ['erasure.finished'] }, 'events[0] needs the scope erasures'],
    ['addresses of nothing', { addresses: true }, 'addresses is for endpoints with the event suppressions.changed'],
    ['secrets for nobody', { url: undefined }, 'url is missing: secrets, allowPrivate and addresses are for'],
    ['a private network of nobody', { url: undefined, secrets: undefined, allowPrivate: true }, 'url is missing: sec'],
    ['an endpoint without a secret', { secrets: undefined }, 'secrets is missing'],
    ['another key', { retries: 3 }, ' has a key that is not known'],
  ])('refuse %s', (_name, change, mistake) => {
    const entry = JSON.parse(JSON.stringify({ ...usual, ...change }))
    const mistakes = mistakesOf([entry], { env: storeKey })
    expect(mistakes).toHaveLength(1)
    expect(mistakes[0]).toContain(`clients.crm.webhooks[0]${mistake.startsWith(' ') ? '' : '.'}${mistake}`)
    expect(mistakes[0]).not.toContain(secret)
  })

  test('refuse one URL twice, and a secret that another client has', () => {
    expect(mistakesOf([usual, { ...usual, secrets: [secretOf(24)] }])).toEqual([
      'clients.crm.webhooks[1].url stands there twice',
    ])
    expect(mistakesOf([usual], { erp: [{ ...usual, url: 'https://erp.example/' }] })).toEqual([
      'clients.erp.webhooks[0].secrets[0] is a secret of client crm already: each endpoint has its own',
    ])
  })
})
