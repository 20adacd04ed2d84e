import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { converse, statusOf } from '../support/converse.ts'
import { upload } from '../support/import-calls.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

/** The edge of HTTP: connections, addresses, and what stands around a request. */
const path = '/lists/newsletter/contacts'
const good = { contacts: [{ name: 'Jane', email: 'jane@example.com', phone: '+919876543210' }] }
let gateway: TestGateway
/** Reached under a path, with an own time for idle connections. */
let below: TestGateway
beforeAll(async () => {
  gateway = await startGateway({ server: { docs: true } })
  const server = { publicUrl: 'https://example.com/contacts-api/', keepAliveMs: 620_000, docs: false }
  below = await startGateway({ server }, gateway.simulators)
})
afterAll(async () => {
  await below?.close()
  await gateway?.close()
})

const head = (method: string, to: string, rest = '') =>
  `${method} ${to} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key()}\r\n${rest}`
const withBody = (body: string, rest = '') =>
  `${head('POST', path, rest)}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
const statuses = (received: string) => (received.match(/HTTP\/1\.1 \d{3}/g) ?? []).map((line) => line.slice(-3))

describe('a slash at the end is the same address', () => {
  test.each(['/lists', '/lists/newsletter', '/imports', '/providers', '/healthz'])('GET %s/', async (to) => {
    const [plain, slashed] = await Promise.all([gateway.call('GET', to), gateway.call('GET', `${to}/`)])
    expect([slashed.status, slashed.body]).toEqual([200, plain.body])
  })

  test('POST, and a method that is not there', async () => {
    expect((await gateway.call('POST', `${path}/?validateOnly=true`, { body: good })).status).toBe(207)
    const { status, headers } = await gateway.call('PUT', `${path}/`, { body: good })
    expect([status, headers.get('allow')]).toEqual([405, expect.stringContaining('POST')])
  })

  test('a key that was used without it is the same request with it', async () => {
    const headers = { 'idempotency-key': 'slash-at-the-end-1' }
    await gateway.call('POST', path, { body: good, headers })
    const again = await gateway.call('POST', `${path}/`, { body: good, headers })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
  })

  test('the pages for people still are where they were', async () => {
    for (const to of ['/docs', '/docs/'])
      expect((await gateway.call('GET', to, { key: null })).text).toContain('swagger')
  })
})

describe('/', () => {
  const ask = (at: TestGateway, accept: string, method = 'GET') =>
    fetch(`${at.url}/`, { method, headers: { accept }, redirect: 'manual' })
  const browser = 'text/html,application/xhtml+xml,*/*;q=0.8'

  test('leads a browser to the documentation, and others as before', async () => {
    const page = await ask(gateway, browser)
    expect([page.status, page.headers.get('location')]).toEqual([302, '/docs'])
    for (const answer of [
      await ask(gateway, '*/*'),
      await ask(gateway, 'application/json'),
      await ask(gateway, browser, 'POST'),
    ])
      expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
  })

  test('leads nobody where there is no documentation', async () => {
    expect((await ask(below, browser)).status).toBe(404)
  })
})

describe('a public address with a path', () => {
  test('counts in Location', async () => {
    const started = await upload(below, { csv: 'email\na@b.example\n' })
    expect(started.headers.get('location')).toBe(`/contacts-api/imports/${started.body.id}`)
    const queued = await below.call('POST', path, { body: good, headers: { prefer: 'respond-async' } })
    expect(queued.headers.get('location')).toBe(`/contacts-api/imports/${queued.body.id}`)
    const created = await below.call('POST', '/contacts?account=vobiz-in', {
      body: { name: 'A', phone: '+919876543219' },
    })
    expect(created.headers.get('location')).toMatch(/^\/contacts-api\/contacts\/vobiz-in%3A/)
  })
})

test('server.keepAliveMs is how long idle connections are kept', () => {
  expect(below.gateway.app.server.keepAliveTimeout).toBe(620_000)
})

describe('Preference-Applied', () => {
  test.each([
    ['wait=99999', 'wait=15'],
    ['wait=3', 'wait=3'],
    ['wait=99999, handling=strict', 'wait=15, handling=strict'],
  ])('to Prefer: %s says what was applied: %s', async (prefer, applied) => {
    const sent = { contacts: [{ name: 'Jane', email: 'jane@example.com' }] }
    const { headers } = await gateway.call('POST', path, { body: sent, headers: { prefer } })
    expect(headers.get('preference-applied') ?? applied).toBe(applied)
    const read = await gateway.call('GET', '/contacts?account=vobiz-in', { headers: { prefer: 'wait=99999' } })
    expect(read.headers.get('preference-applied')).toBe('wait=15')
  })
})

test('a request without a Host header is refused with a problem', async () => {
  const answer = await converse(gateway.url, `GET /lists HTTP/1.1\r\nauthorization: Bearer ${gateway.key()}\r\n\r\n`)
  expect(statusOf(answer)).toBe(400)
  expect(answer).toContain('application/problem+json')
  expect(answer).toContain('no Host header')
  expect(answer.toLowerCase()).toContain('connection: close')
  const old = await converse(gateway.url, 'GET /healthz HTTP/1.0\r\n\r\n')
  expect(statusOf(old)).toBe(200)
})

describe('stray bytes behind a body never become the answer of another request', () => {
  beforeAll(() => gateway.simulators.oblic.setBehaviour({ latencyMs: 150 }))
  afterAll(() => gateway.simulators.oblic.setBehaviour({}))
  const body = JSON.stringify(good)

  test.each([
    ['garbage', '\x00\x01GARBAGE\r\n\r\n'],
    ['a longer body than was announced', '}}}} '],
    ['a broken request', 'GET / HTTP/9.9\r\n\r\n'],
    ['a head that is too large', `GET /lists HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`],
  ])('%s: the true answer comes, then the connection closes', async (_name, stray) => {
    const answer = await converse(gateway.url, withBody(body) + stray)
    expect(statuses(answer)).toEqual(['207'])
    expect(answer).toContain('"summary"')
  })

  test('two requests and garbage: both are answered', async () => {
    const answer = await converse(gateway.url, `${withBody(body)}${head('GET', '/lists')}\r\nGARBAGE\r\n\r\n`)
    expect(statuses(answer)).toEqual(['207', '200'])
  })

  test('what is wrong with a request itself is still its answer', async () => {
    const chunked = `${head('POST', path)}content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n`
    expect(statuses(await converse(gateway.url, chunked))).toEqual(['400'])
    expect(statuses(await converse(gateway.url, 'GARBAGE\r\n\r\n'))).toEqual(['400'])
  })
})

describe('a caller', () => {
  /** Sends and looks at the answer only when everything is sent, in pieces as the other side takes them. */
  const sendAll = (bytes: Buffer, { halfClose = false } = {}) =>
    new Promise<string>((resolve, reject) => {
      let received = ''
      const socket = connect(
        { port: Number(new URL(gateway.url).port), host: '127.0.0.1', allowHalfOpen: true },
        () => {
          socket.pause()
          socket.write(bytes, () => {
            if (halfClose) socket.end()
            setTimeout(() => socket.resume(), 50)
          })
        },
      )
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1')
      })
      socket.on('error', reject)
      socket.on('end', () => {
        socket.end()
        resolve(received)
      })
    })

  test('that sends more than the limit gets its 413, though it looks only afterwards', async () => {
    const body = Buffer.alloc(8 * 1024 * 1024, 'x')
    const rest = `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
    const answer = await sendAll(Buffer.concat([Buffer.from(head('POST', path, rest)), body]))
    expect(statuses(answer)).toEqual(['413'])
    expect(answer).toContain('The body is over the limit of 2097152 bytes.')
  })

  test('that sends a large body of another type gets its 415', async () => {
    const body = Buffer.alloc(8 * 1024 * 1024, 'x')
    const rest = `content-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}\r\n\r\n`
    const answer = await sendAll(Buffer.concat([Buffer.from(head('POST', '/lists/newsletter/imports', rest)), body]))
    expect(statuses(answer)).toEqual(['415'])
  })

  test('that announces more than the limit is answered before it sends it', async () => {
    const startedAt = performance.now()
    const rest = 'content-type: application/json\r\ncontent-length: 2000000000\r\n\r\n'
    expect(statusOf(await converse(gateway.url, head('POST', path, rest)))).toBe(413)
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })

  test('that has closed its side is answered', async () => {
    for (const bytes of [withBody(JSON.stringify(good)), `${head('GET', '/lists')}\r\n`]) {
      const answer = await sendAll(Buffer.from(bytes), { halfClose: true })
      expect(['200', '207']).toContain(statuses(answer)[0])
    }
    const cut = await sendAll(Buffer.from(withBody(JSON.stringify(good)).slice(0, -5)), { halfClose: true })
    expect(statuses(cut)).toEqual(['400'])
  })
})
