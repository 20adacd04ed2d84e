import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../../src/config/client-directory.ts'
import { checkConfig } from '../../src/config/load.ts'
import { startSandbox } from '../../src/sandbox.ts'
import { converse, statusOf } from '../support/converse.ts'
import { importWhole, upload } from '../support/import-calls.ts'
import { readMetrics } from '../support/read-metrics.ts'
import { type Answer, type CallOptions, startGateway, type TestGateway } from '../support/start-gateway.ts'

/** Who may call, from where, and what each caller may see. */
let gateway: TestGateway
let behindProxy: TestGateway
const expired = createKey('expired')
const misplaced = createKey('crm')
const clients = {
  other: { scopes: ['contacts:read', 'contacts:write', 'imports'] },
  elsewhere: { networks: ['10.0.0.0/8'] },
  reader: { scopes: ['contacts:read'] },
  writer: { scopes: ['contacts:write'] },
  expired: { keys: [{ hash: expired.hash, expiresAt: '2020-01-01T00:00:00Z' }] },
  misplaced: { keys: [{ hash: misplaced.hash }] },
  'sms-only': { lists: ['sms'], accounts: ['octopush-fr'] },
}
beforeAll(async () => {
  gateway = await startGateway({ clients, server: { docs: true }, env: { METRICS_PORT: '0' } })
  behindProxy = await startGateway({ clients, server: { trustedProxies: ['127.0.0.0/8'] } }, gateway.simulators)
})
afterAll(async () => {
  await behindProxy?.close()
  await gateway?.close()
})

const calls = () => {
  const { oblic, octopush, vobiz } = gateway.simulators
  return oblic.requestTotal() + octopush.requestTotal() + vobiz.requestTotal()
}
let callsBefore = 0
/** No test of this file but the named ones may reach a provider. */
const nobodyCalled = () => expect(calls()).toBe(callsBefore)
afterEach(() => {
  callsBefore = calls()
})

const path = '/lists/newsletter/contacts'
const good = { contacts: [{ name: 'Jane', email: 'jane@example.com', phone: '+919876543210' }] }
/** All that is the same in two refusals of one kind. */
const sameness = ({ status, headers, body }: Answer) => ({
  status,
  challenge: headers.get('www-authenticate'),
  body: { ...body, instance: undefined },
})
const add = (options: CallOptions) => gateway.call('POST', path, { body: good, ...options })
async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

describe('keys', () => {
  const badKeys = (): [name: string, key: string | null][] => [
    ['none', null],
    ['wrong', `cgw_crm_${'A'.repeat(43)}`],
    ['of nobody, as after a revocation', createKey('crm').key],
    ['expired', expired.key],
    ['whose hash stands under another client', misplaced.key],
  ]

  test('no key, a wrong, a revoked, an expired one and one of another client get the same answer in about the same time; nobody is called', async () => {
    const [first, ...others] = await Promise.all(badKeys().map(([, key]) => add({ key })))
    expect(first?.status).toBe(401)
    expect(first?.headers.get('www-authenticate')).toBe('Bearer')
    for (const answer of others) expect(sameness(answer)).toEqual(sameness(first as Answer))
    // In turns, so that what the machine does meanwhile strikes all alike. Under the limit of guesses.
    const times = new Map(badKeys().map(([name]) => [name, [] as number[]]))
    for (let round = 0; round < 16; round++)
      for (const [name, key] of badKeys()) times.get(name)?.push(await timed(() => add({ key })))
    // What the machine does meanwhile only makes an answer later.
    const fastest = [...times.values()].map((ofOne) => Math.min(...ofOne))
    expect(Math.max(...fastest) - Math.min(...fastest)).toBeLessThan(5)
    nobodyCalled()
  })

  test('guesses at a known client are counted for the alert, and end in 429', async () => {
    const guessed = await startGateway({}, gateway.simulators)
    const guess = () => guessed.call('GET', '/lists', { key: `cgw_crm_${'B'.repeat(43)}` })
    const answers = await Promise.all(Array.from({ length: 300 }, guess))
    const statuses = answers.map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([401, 429]))
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(100)
    const metrics = await readMetrics(`${guessed.url}/metrics`)
    const unwelcome = [...metrics.series].filter((name) => name.includes('reason="guessing"'))
    expect(unwelcome.length).toBe(1)
    await guessed.close()
    nobodyCalled()
  })

  test('a key in the query is no key, and stands in no log line', async () => {
    for (const name of ['api_key', 'access_token', 'key']) {
      const { status, text } = await add({ key: null, ...{ headers: {} } })
      expect(status).toBe(401)
      const asked = await gateway.call('POST', `${path}?${name}=${gateway.key()}`, { key: null, body: good })
      expect(asked.status).toBe(401)
      expect(text + asked.text + gateway.logged()).not.toContain(gateway.key())
    }
    nobodyCalled()
  })

  test('no key is a test key: the only accounts without a provider are those of the sandbox, on this machine, which production refuses', async () => {
    const sandbox = await startSandbox()
    const { accounts } = sandbox.document as { accounts: Record<string, { baseUrl: string }> }
    const hosts = Object.values(accounts).map(({ baseUrl }) => new URL(baseUrl).hostname)
    expect(new Set(hosts)).toEqual(new Set(['127.0.0.1']))
    await sandbox.close()
    // A client names accounts and lists; nothing in it chooses between a real and a pretended provider.
    const refused = checkConfig(
      { ...minimal(gateway), clients: { crm: { ...minimal(gateway).clients.crm, mode: 'test' } } },
      env,
    )
    expect(JSON.stringify(refused)).toContain('mode')
    expect('mistakes' in refused).toBe(true)
  })

  test('one secret for two clients, a weak secret and plain http are refused, a network of the whole world is warned of', () => {
    const document = minimal(gateway)
    const { crm } = document.clients
    const account = document.accounts['vobiz-in']
    expect('config' in checkConfig(document, env)).toBe(true)
    for (const [bad, place] of [
      [{ ...document, clients: { crm, shop: crm } }, 'clients'],
      [{ ...document, clients: { crm: { ...crm, keys: [{ hash: 'sha256:secret' }] } } }, 'clients.crm.keys'],
      [
        { ...document, accounts: { 'vobiz-in': { ...account, baseUrl: 'http://api.vobiz.example' } } },
        'accounts.vobiz-in.baseUrl',
      ],
    ] as const) {
      const checked = checkConfig(bad, env)
      const places = 'mistakes' in checked ? checked.mistakes.map(({ place }) => place) : []
      expect(places.join(' '), JSON.stringify(checked)).toContain(place)
    }
    // Whoever writes it down has chosen it: it is allowed, and told at every start.
    const open = checkConfig({ ...document, clients: { crm: { ...crm, networks: ['0.0.0.0/0'] } } }, env)
    expect('config' in open ? open.config.warnings : []).toContainEqual(expect.stringContaining('clients.crm.networks'))
  })
})

const env = { DATA_DIR: ':memory:' }
/** A configuration that is accepted. */
function minimal({ simulators: { vobiz, credentials } }: TestGateway) {
  const { authId, authToken } = credentials.vobiz
  return {
    accounts: {
      'vobiz-in': {
        provider: 'vobiz',
        credentials: { authId, authToken },
        baseUrl: `${vobiz.url}/api/v1/messaging`,
      },
    },
    clients: {
      crm: {
        keys: [{ hash: createKey('crm').hash }],
        networks: ['127.0.0.0/8'],
        scopes: ['contacts:read'],
        lists: ['*'],
        accounts: ['*'],
      },
    },
  }
}

describe("what is another client's", () => {
  test('an import, its reports and events, and a list look as if they were not there', async () => {
    const done = await importWhole(gateway, { csv: 'name,email,phone\nJane,jane@example.com,+919876543210\n' })
    const id = done.id as string
    const nothing = '00000000-0000-4000-8000-000000000000'
    for (const [method, route] of [
      ['GET', ''],
      ['GET', '/errors'],
      ['GET', '/errors.csv'],
      ['GET', '/events'],
      ['POST', '/cancel'],
    ] as const) {
      const key = gateway.key('other')
      const [theirs, none] = await Promise.all([
        gateway.call(method, `/imports/${id}${route}`, { key }),
        gateway.call(method, `/imports/${id.slice(0, -4)}0000${route}`, { key }),
      ])
      expect(theirs.status, route).toBe(404)
      expect(sameness(theirs)).toEqual(sameness(none))
    }
    const lists = ['newsletter', 'nothing-here'].map((list) =>
      gateway.call('GET', `/lists/${list}`, { key: gateway.key('sms-only') }),
    )
    const [theirs, none] = (await Promise.all(lists)) as [Answer, Answer]
    expect([theirs.status, sameness(theirs)]).toEqual([404, sameness(none)])
    expect((await gateway.call('GET', `/imports/${nothing}`)).status).toBe(404)
    const own = await gateway.call('GET', '/imports', { key: gateway.key('other') })
    expect(own.body.items).toEqual([])
  })

  test('a client that may not use an account cannot tell whether somebody is there, nor by the time it takes', async () => {
    const known = await gateway.call('POST', '/contacts?account=vobiz-in', {
      body: { name: 'Known', phone: '+919811100001' },
    })
    const there = encodeURIComponent(known.body.id)
    const absent = encodeURIComponent('vobiz-in:00000000-0000-4000-8000-000000000000')
    const before = calls()
    const key = gateway.key('sms-only')
    const ask = (id: string) => gateway.call('GET', `/contacts/${id}`, { key })
    expect(sameness(await ask(there))).toEqual(sameness(await ask(absent)))
    const times = { there: [] as number[], absent: [] as number[] }
    for (let round = 0; round < 20; round++) {
      times.there.push(await timed(() => ask(there)))
      times.absent.push(await timed(() => ask(absent)))
    }
    expect(Math.abs(Math.min(...times.there) - Math.min(...times.absent))).toBeLessThan(5)
    expect(calls()).toBe(before)
  })

  test('a cursor that was changed, or is of another client, is 400', async () => {
    for (const phone of ['+919811100011', '+919811100012', '+919811100013'])
      await gateway.call('POST', '/contacts?account=vobiz-in', { body: { name: 'Page', phone } })
    const list = (cursor: string, key = gateway.key()) =>
      gateway.call('GET', `/contacts?account=vobiz-in&limit=1&cursor=${encodeURIComponent(cursor)}`, { key })
    const { body } = await gateway.call('GET', '/contacts?account=vobiz-in&limit=1')
    const cursor = body.nextCursor as string
    expect((await list(cursor)).status).toBe(200)
    const before = calls()
    const changed = cursor.slice(0, -1) + (cursor.endsWith('A') ? 'B' : 'A')
    for (const bad of [changed, cursor.slice(2), `${cursor}A`, 'x', '../../etc', 'a'.repeat(400)]) {
      const answer = await list(bad)
      expect([answer.status, answer.body.code], bad.slice(0, 40)).toEqual([400, 'invalid-cursor'])
    }
    const stolen = await list(cursor, gateway.key('other'))
    expect([stolen.status, stolen.body.code]).toEqual([400, 'invalid-cursor'])
    expect(calls()).toBe(before)
  })
})

describe('scopes', () => {
  const writes = [
    ['POST', path, good],
    ['POST', '/contacts?account=vobiz-in', good.contacts[0]],
    ['PATCH', '/contacts/vobiz-in%3A00000000-0000-4000-8000-000000000000', { name: 'X' }],
    ['DELETE', '/contacts/vobiz-in%3A00000000-0000-4000-8000-000000000000', undefined],
    ['DELETE', '/lists/newsletter/contacts/vobiz-in%3A00000000-0000-4000-8000-000000000000', undefined],
  ] as const

  test('a client without the scope gets 403 from every route, and nobody is called', async () => {
    const key = gateway.key('reader')
    for (const [method, to, body] of writes) {
      const answer = await gateway.call(method, to, { key, ...(body !== undefined && { body }) })
      expect([answer.status, answer.body.code], to).toEqual([403, 'scope-missing'])
    }
    for (const to of ['/contacts?account=vobiz-in', '/lists', '/providers', `${path}?account=vobiz-in`]) {
      const answer = await gateway.call('GET', to, { key: gateway.key('writer') })
      expect([answer.status, answer.body.code], to).toEqual([403, 'scope-missing'])
    }
    const file = await upload(gateway, { csv: 'name,email\nJ,j@example.com\n', client: 'writer' })
    expect([file.status, file.body.code]).toEqual([403, 'scope-missing'])
    const id = '00000000-0000-4000-8000-000000000000'
    for (const to of ['/imports', `/imports/${id}`, `/imports/${id}/errors`, `/imports/${id}/events`]) {
      const answer = await gateway.call('GET', to, { key: gateway.key('writer') })
      expect([answer.status, answer.body.code], to).toEqual([403, 'scope-missing'])
    }
    nobodyCalled()
  })

  test.each([
    ['a path that climbs', 'GET', '/admin/../lists', 404],
    ['a double slash', 'GET', '//lists', 404],
    ['encoded dots', 'GET', '/%2e%2e/lists', 404],
    ['an encoded slash', 'GET', '/lists%2fnewsletter', 404],
    ['a dot at the end', 'GET', '/lists.', 404],
    ['upper case', 'GET', '/LISTS', 404],
    ['a NUL', 'GET', '/lists%00', 404],
    ['a semicolon', 'GET', '/lists;jsessionid=1', 404],
    ['the whole URL of another host', 'GET', 'http://169.254.169.254/latest', 404],
    ['TRACE', 'TRACE', '/lists', 405],
    ['TRACE with an id', 'TRACE', '/lists/newsletter', 405],
    ['TRACE of a path that is not there', 'TRACE', '/admin', 404],
    ['PUT', 'PUT', '/lists', 405],
    ['CONNECT', 'CONNECT', '127.0.0.1:22', 0],
  ])('%s is not let in by a trick', async (_name, method, to, status) => {
    const head = `${method} ${to} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key()}\r\nconnection: close\r\n\r\n`
    const answer = await converse(gateway.url, head)
    expect(statusOf(answer), answer.slice(0, 300)).toBe(status)
    if (status === 405) expect(answer).toMatch(/^allow: GET, HEAD\r$/im)
    // RFC 9110: what a TRACE brings is never sent back.
    expect(answer).not.toContain(gateway.key())
    nobodyCalled()
  })

  test('a slash at the end is the same address, for nobody more', async () => {
    expect((await gateway.call('GET', '/lists/', { key: 'cgw_nobody' })).status).toBe(401)
    expect((await gateway.call('GET', '/lists/', { key: gateway.key('writer') })).status).toBe(403)
    nobodyCalled()
  })

  test('headers that ask for another method or path are not heard', async () => {
    const headers = {
      'x-http-method-override': 'DELETE',
      'x-method-override': 'POST',
      'x-original-url': '/contacts',
      'x-rewrite-url': '/contacts',
    }
    const answer = await gateway.call('GET', '/lists', { headers, key: gateway.key('reader') })
    expect([answer.status, answer.body.items.length]).toEqual([200, 3])
  })
})

describe('networks', () => {
  const from = (headers: Record<string, string>, at = behindProxy) =>
    at.call('POST', path, { body: good, key: at.key('elsewhere'), headers })

  test('a client from outside its networks gets 403, and nobody is called', async () => {
    const answer = await from({}, gateway)
    expect([answer.status, answer.body.code]).toEqual([403, 'network-not-allowed'])
    nobodyCalled()
  })

  test('X-Forwarded-For of a peer that is no trusted proxy is not believed', async () => {
    for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'true-client-ip', 'cf-connecting-ip'])
      expect((await from({ [name]: name === 'forwarded' ? 'for=10.1.2.3' : '10.1.2.3' }, gateway)).status).toBe(403)
    nobodyCalled()
  })

  test('behind the trusted proxy the right-most untrusted address counts, whatever stands before it', async () => {
    expect((await from({ 'x-forwarded-for': '10.1.2.3, 203.0.113.9' })).status).toBe(403)
    expect((await from({ 'x-forwarded-for': '10.1.2.3, 203.0.113.9, 127.0.0.1' })).status).toBe(403)
    nobodyCalled()
  })

  test('a number of hops as trusted proxies does not start', () => {
    for (const trustedProxies of [1, '1', [1], ['1'], true, 'loopback', ['*']]) {
      const checked = checkConfig({ ...minimal(gateway), server: { trustedProxies } }, env)
      expect('mistakes' in checked, JSON.stringify(trustedProxies)).toBe(true)
    }
  })

  test('an IPv4 address in IPv6 form is the address, its look-alikes are not', async () => {
    const status = async (address: string) => {
      const list = await behindProxy.call('GET', '/lists', {
        key: behindProxy.key('elsewhere'),
        headers: { 'x-forwarded-for': address },
      })
      return list.status
    }
    for (const same of ['10.1.2.3', '::ffff:10.1.2.3', '::FFFF:0a01:0203']) expect(await status(same), same).toBe(200)
    for (const other of ['::10.1.2.3', '64:ff9b::10.1.2.3', '2002:a01:203::', '::ffff:11.1.2.3'])
      expect(await status(other), other).toBe(403)
  })

  test('broken X-Forwarded-For never lets anybody in, and does no harm', async () => {
    for (const value of [
      'unknown',
      '_hidden',
      '203.0.113.9:4711',
      '10.1.2.3:port',
      '10.1.2.3:4711:80',
      '[::ffff:203.0.113.9]:80',
      '10.1.2.3, unknown',
      '10.1.2.3,,',
      ',',
      '10.1.2.3;203.0.113.9',
      '1'.repeat(10_000),
      `10.1.2.3, ${'203.0.113.9, '.repeat(500)}203.0.113.9`,
    ])
      expect((await from({ 'x-forwarded-for': value })).status, value.slice(0, 40)).toBe(403)
    const twice = `GET /lists HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${behindProxy.key('elsewhere')}\r\nx-forwarded-for: 10.1.2.3\r\nx-forwarded-for: 203.0.113.9\r\nconnection: close\r\n\r\n`
    expect(statusOf(await converse(behindProxy.url, twice))).toBe(403)
    expect((await behindProxy.call('GET', '/healthz', { key: null })).status).toBe(200)
    nobodyCalled()
  })

  test('from another network a repeat of a stored request is 403, not its stored answer', async () => {
    const key = { 'idempotency-key': 'captured-request-0001' }
    const first = await from({ 'x-forwarded-for': '10.1.2.3', ...key })
    expect(first.status).toBe(207)
    const replay = await from({ 'x-forwarded-for': '10.1.2.3', ...key })
    expect(replay.headers.get('idempotency-replayed')).toBe('true')
    const captured = await from({ 'x-forwarded-for': '203.0.113.9', ...key })
    expect([captured.status, captured.body.code]).toEqual([403, 'network-not-allowed'])
    expect(captured.headers.get('idempotency-replayed')).toBeNull()
  })
})

describe('from outside', () => {
  test('metrics are on a port of their own where there is one, docs can be off, and there is no route of debug or admin', async () => {
    const closed = await startGateway({ server: { docs: false }, env: { METRICS_PORT: '0' } }, gateway.simulators)
    for (const to of ['/metrics', '/docs', '/docs/', '/openapi.json', '/problems/not-found'])
      expect((await closed.call('GET', to)).status, to).toBe(404)
    expect((await fetch(closed.metricsUrl as string)).status).toBe(200)
    await closed.close()
    for (const to of [
      '/admin',
      '/debug',
      '/debug/pprof',
      '/.env',
      '/.git/config',
      '/actuator',
      '/server-status',
      '/_sim/contacts',
    ])
      expect((await gateway.call('GET', to)).status, to).toBe(404)
  })

  test('a preflight from any origin gets no leave', async () => {
    for (const to of ['/lists', '/contacts', '/healthz', '/openapi.json']) {
      const { headers } = await gateway.call('OPTIONS', to, {
        key: null,
        headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
      })
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })

  test('Swagger UI keeps no key, loads nothing from elsewhere and runs under a policy', async () => {
    const page = await gateway.call('GET', '/docs/', { key: null })
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self';/)
    const assets = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, asset]) => asset as string)
    expect(assets.length).toBeGreaterThan(2)
    for (const asset of assets) expect(new URL(asset, `${gateway.url}/docs/`).origin, asset).toBe(gateway.url)
    const scripts = await Promise.all(
      assets
        .filter((asset) => /initiali|index/.test(asset))
        .map(async (asset) => {
          const script = await fetch(new URL(asset, `${gateway.url}/docs/`))
          return script.text()
        }),
    )
    expect(scripts.join('\n')).not.toMatch(/"?persistAuthorization"?\s*:\s*true/)
  })

  test('a client far over its quota is refused alone; another is served as well as before', async () => {
    const busy = await startGateway(
      { clients: { crm: { rateLimit: { requests: 50, windowSeconds: 60 } }, other: {} } },
      gateway.simulators,
    )
    const ask = async (client: string) => (await busy.call('GET', '/lists', { key: busy.key(client) })).status
    const times: number[] = []
    const flood = Promise.all(Array.from({ length: 500 }, () => ask('crm')))
    for (let request = 0; request < 50; request++)
      times.push(await timed(async () => expect(await ask('other')).toBe(200)))
    const refused = (await flood).filter((status) => status === 429)
    expect(refused).toHaveLength(450)
    expect(times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.9)]).toBeLessThan(1_000)
    await busy.close()
  })

  test('thousands of paths make no series of their own', async () => {
    const series = async () => (await readMetrics(gateway.metricsUrl as string)).series.size
    const ask = (index: number) => gateway.call('GET', `/aaa${index}/${index}`)
    await ask(0)
    const before = await series()
    for (let round = 1; round <= 40; round++) {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => ask(round * 50 + index)))
      for (const { status } of answers) expect(status).toBe(404)
    }
    expect(await series()).toBe(before)
  })
})
