import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { sharedRedisUrl } from '../support/redis.ts'
import { type Changes, startGateway, type TestGateway } from '../support/start-gateway.ts'

const gateways: TestGateway[] = []
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close()
})

async function start(changes: Changes = {}): Promise<TestGateway> {
  const gateway = await startGateway(changes)
  gateways.push(gateway)
  return gateway
}

const limited = (requests: number, windowSeconds = 60) => ({ rateLimit: { requests, windowSeconds } })

describe('the quota of a client', () => {
  test('stands on every answer that a client gets, errors included', async () => {
    const gateway = await start({ clients: { crm: limited(600) } })
    const answers = [
      await gateway.call('GET', '/lists'),
      await gateway.call('GET', '/lists/nothing-here'),
      await gateway.call('POST', '/lists/newsletter/contacts', { raw: '{' }),
      await gateway.call('POST', '/lists/newsletter/contacts', { body: { contacts: 1 } }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 400, 422])
    expect(answers.map(({ headers }) => headers.get('ratelimit'))).toEqual([
      '"client";r=599;t=60',
      '"client";r=598;t=60',
      '"client";r=597;t=60',
      '"client";r=596;t=60',
    ])
    for (const { headers } of answers) expect(headers.get('ratelimit-policy')).toBe('"client";q=600;w=60')
  })

  test('is no matter of those who are no client', async () => {
    const gateway = await start()
    for (const answer of [await gateway.call('GET', '/healthz'), await gateway.call('GET', '/lists', { key: null })])
      expect(answer.headers.get('ratelimit')).toBeNull()
  })

  test('over it a request is refused before its body is looked at; another client is not touched', async () => {
    const gateway = await start({ clients: { crm: limited(3), shop: limited(1_000) } })
    const flood = await Promise.all(Array.from({ length: 30 }, () => gateway.call('GET', '/lists')))
    expect(flood.filter(({ status }) => status === 200)).toHaveLength(3)
    const refused = await gateway.call('POST', '/lists/newsletter/contacts', { raw: '{' })
    expect(refused.status).toBe(429)
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    expect(refused.headers.get('ratelimit')).toMatch(/^"client";r=0;t=(60|59)$/)
    expect(refused.body).toMatchObject({ code: 'rate-limited', retriable: true })
    expect(refused.headers.get('retry-after')).toBe(String(refused.body.retryAfterSeconds))
    expect((await gateway.call('GET', '/lists', { key: gateway.key('shop') })).status).toBe(200)
  })

  test('is whole again when the window ends', async () => {
    const gateway = await start({ clients: { crm: limited(1, 1) } })
    expect((await gateway.call('GET', '/lists')).status).toBe(200)
    expect((await gateway.call('GET', '/lists')).status).toBe(429)
    await expect.poll(async () => (await gateway.call('GET', '/lists')).status, { timeout: 5_000 }).toBe(200)
  })

  test('holds for all replicas that share a Redis', async () => {
    const env = { REDIS_URL: sharedRedisUrl() }
    const id = `crm-${Date.now()}`
    const [one, two] = [
      await start({ env, clients: { [id]: limited(20) } }),
      await start({ env, clients: { [id]: limited(20) } }),
    ]
    const ask = (gateway: TestGateway) => gateway.call('GET', '/lists', { key: gateway.key(id) })
    for (let asked = 0; asked < 12; asked++) expect((await ask(one)).status).toBe(200)
    await ask(two)
    // Once they have told each other, the second knows what the first has seen.
    await expect
      .poll(async () => Number(/r=(\d+)/.exec((await ask(two)).headers.get('ratelimit') ?? '')?.[1]))
      .toBeLessThan(8)
    await expect.poll(async () => (await ask(two)).status).toBe(429)
    await expect.poll(async () => (await ask(one)).status).toBe(429)
  })
})

describe('guessing keys', () => {
  test('ends in 429, while valid keys from the same address are served', async () => {
    const gateway = await start()
    const guess = () => gateway.call('GET', '/lists', { key: 'cgw_crm_wrong' })
    const statuses: number[] = []
    for (let round = 0; round < 5; round++)
      statuses.push(...(await Promise.all(Array.from({ length: 40 }, guess))).map(({ status }) => status))
    expect(statuses.slice(0, 80)).toEqual(Array(80).fill(401))
    expect(statuses.slice(-80)).toEqual(Array(80).fill(429))
    const refused = await guess()
    expect(refused.body).toMatchObject({ code: 'rate-limited' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await gateway.call('GET', '/lists')).status).toBe(200)
    expect(gateway.simulators.oblic.requestTotal()).toBe(0)
  })

  test('counts by the address behind a trusted proxy, and an IPv6 network as one', async () => {
    const gateway = await start({ server: { trustedProxies: ['127.0.0.1/32'] } })
    const guess = async (from: string) =>
      (await gateway.call('GET', '/lists', { key: null, headers: { 'x-forwarded-for': from } })).status
    for (let guesses = 0; guesses < 101; guesses++) await guess(`2001:db8:1:2::${guesses.toString(16)}`)
    expect(await guess('2001:db8:1:2:ffff::1')).toBe(429)
    expect(await guess('2001:db8:1:3::1')).toBe(401)
    expect(await guess('192.0.2.1')).toBe(401)
  })
})

describe('headers for browsers', () => {
  test('nothing runs, is framed or sniffed, and there is no CORS', async () => {
    const gateway = await start()
    for (const path of ['/lists', '/healthz', '/nothing']) {
      const { headers } = await gateway.call('GET', path, { headers: { origin: 'https://evil.example' } })
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
      )
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-powered-by')).toBeNull()
      expect(headers.get('access-control-allow-origin')).toBeNull()
    }
    const preflight = await gateway.call('OPTIONS', '/lists', {
      key: null,
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    })
    expect(preflight.status).toBe(405)
    expect([...preflight.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test('the Swagger page keeps a policy under which its own scripts run', async () => {
    const gateway = await start({ server: { docs: true } })
    const { headers, status } = await gateway.call('GET', '/docs/', { key: null })
    expect(status).toBe(200)
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';",
    )
  })
})

describe('connections', () => {
  /** Sends raw bytes and reads until the gateway closes the connection. */
  const converse = (gateway: TestGateway, text: string): Promise<string> =>
    new Promise((resolve) => {
      let received = ''
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => socket.write(text))
      socket.on('data', (bytes) => {
        received += bytes
      })
      socket.on('error', () => {})
      socket.on('close', () => resolve(received))
    })

  test.each([
    ['announced', 'content-length: 4000000\r\n\r\n{'],
    ['in chunks', `transfer-encoding: chunked\r\n\r\n${`8000\r\n${'x'.repeat(0x8000)}\r\n`.repeat(80)}`],
  ])('a body over the limit, %s: 413, and the connection ends', async (_, rest) => {
    const gateway = await start()
    const head = `POST /lists/newsletter/contacts HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key()}\r\ncontent-type: application/json\r\n`
    const received = await converse(gateway, head + rest)
    expect(received).toMatch(/^HTTP\/1\.1 413 /)
    expect(received.toLowerCase()).toContain('connection: close')
    expect(received).toContain('"code":"payload-too-large"')
  })

  test('head, body and idle time are bounded', async () => {
    const { server } = (await start()).gateway.app
    expect(server.headersTimeout).toBe(10_000)
    expect(server.requestTimeout).toBeGreaterThanOrEqual(40_000)
    expect(server.requestTimeout).toBeLessThanOrEqual(600_000)
    expect(server.keepAliveTimeout).toBe(95_000)
    expect(server.maxConnections).toBe(10_000)
    expect(server.timeout).toBe(0)
  })
})
