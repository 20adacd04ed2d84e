import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as requestHttp } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, connect, type SecureContextOptions, type TLSSocket } from 'node:tls'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { certificates } from '../support/certificates.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

const { authority, gateway: ofGateway, client, stranger } = certificates
const healthcheck = join(import.meta.dirname, '../../docker/healthcheck.js')

let folder: string
let open: TestGateway
let mutual: TestGateway
const fileWith = (name: string, content: string) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-tls-'))
  const tls = { cert: fileWith('cert.pem', ofGateway.cert), key: fileWith('key.pem', ofGateway.key) }
  open = await startGateway({ server: { tls } })
  const clientCa = fileWith('ca.pem', authority.cert)
  const env = { METRICS_PORT: '0' }
  mutual = await startGateway({ server: { tls: { ...tls, clientCa } }, env }, open.simulators)
})
afterAll(async () => {
  await mutual?.close()
  await open?.close()
  rmSync(folder, { recursive: true })
})

const portOf = (url: string | undefined) => Number(new URL(url ?? '').port)

/** One request on a connection of its own, by a caller who trusts our authority alone. */
async function call(
  gateway: TestGateway,
  method: 'GET' | 'POST',
  path: string,
  own: SecureContextOptions = {},
  body?: object,
) {
  const dispatcher = new Agent({ connect: { ca: authority.cert, ...own } })
  try {
    const { statusCode, body: answer } = await request(gateway.url + path, {
      method,
      dispatcher,
      headers: { authorization: `Bearer ${gateway.key()}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: statusCode, body: (await answer.json()) as Record<string, unknown> }
  } finally {
    await dispatcher.close()
  }
}

/** Resolves with the connection when its handshake is over. */
function handshake(gateway: TestGateway, options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: portOf(gateway.url), ca: authority.cert, servername: 'localhost', ...options }, () =>
      resolve(socket),
    )
    socket.once('error', reject)
  })
}

describe('with a certificate', () => {
  const jane = { contacts: [{ name: 'Jane', email: 'jane@example.com', phone: '+919876543210' }] }

  test('the gateway speaks HTTPS, and its links begin with https', async () => {
    expect(open.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    const added = await call(open, 'POST', '/lists/newsletter/contacts', {}, jane)
    expect(added.status).toBe(207)
    const refused = await call(open, 'GET', '/lists/nothing')
    expect(refused.body.type).toMatch(`${open.url}/problems/`)
  })

  test('a caller who trusts another authority does not get through', async () => {
    await expect(call(open, 'GET', '/lists', { ca: certificates.stranger.cert })).rejects.toThrow(/certificate/)
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s is spoken', async (version) => {
    const socket = await handshake(open, { minVersion: version, maxVersion: version })
    expect(socket.getProtocol()).toBe(version)
    socket.destroy()
  })

  test.each(['TLSv1', 'TLSv1.1'] as const)('%s is not', async (version) => {
    // The lowest level, at which this side would still speak it.
    const options = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' } as const
    await expect(handshake(open, options)).rejects.toThrow(/protocol version/)
  })

  test('who speaks HTTP without TLS gets no answer, and others are served on', async () => {
    const plain = new Promise((resolve, reject) => {
      requestHttp({ port: portOf(open.url), path: '/healthz' }, resolve)
        .on('error', reject)
        .end()
    })
    await expect(plain).rejects.toThrow(/hang up|ECONNRESET/)
    expect((await call(open, 'GET', '/healthz')).status).toBe(200)
  })

  test('a request in flight is answered while the gateway closes', async () => {
    const tls = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
    const own = await startGateway({ server: { tls } })
    own.simulators.oblic.setBehaviour({ latencyMs: 500 })
    const adding = call(own, 'POST', '/lists/newsletter/contacts', {}, jane)
    await own.simulators.oblic.waitForRequest(() => true)
    await own.close()
    expect((await adding).status).toBe(207)
  })
})

describe('with an authority for callers', () => {
  test('one with a certificate of it is served, and its key is asked for as ever', async () => {
    expect((await call(mutual, 'GET', '/lists', client)).status).toBe(200)
    const dispatcher = new Agent({ connect: { ca: authority.cert, ...client } })
    const { statusCode, body } = await request(`${mutual.url}/lists`, { dispatcher })
    expect(statusCode).toBe(401)
    await body.dump()
    await dispatcher.close()
  })

  test.each([
    ['none', {}],
    ['one of another authority', stranger],
  ])('one with %s is refused at the handshake, whatever its key: no request arrives', async (_what, own) => {
    const before = mutual.logged().length
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const options = { ...own, minVersion: version, maxVersion: version }
      await expect(call(mutual, 'GET', '/lists', options)).rejects.toThrow(
        /certificate required|handshake|closed|disconnected|ECONNRESET/i,
      )
    }
    expect(mutual.logged().slice(before)).not.toContain('"event":"request"')
  })
})

describe("the image's check of its health", () => {
  const check = (env: Record<string, string>) =>
    new Promise((resolve) => {
      execFile(process.execPath, [healthcheck], { env }, (error) => resolve(error?.code ?? 0))
    })

  test('says yes with TLS and without, and on METRICS_PORT where callers need a certificate', async () => {
    const plain = await startGateway({}, open.simulators)
    try {
      expect(await check({ PORT: String(portOf(plain.url)) })).toBe(0)
    } finally {
      await plain.close()
    }
    expect(await check({ PORT: String(portOf(open.url)) })).toBe(0)
    const [PORT, METRICS_PORT] = [mutual.url, mutual.metricsUrl].map((url) => String(portOf(url))) as [string, string]
    expect(await check({ PORT, METRICS_PORT })).toBe(0)
    expect(await check({ PORT })).toBe(1)
  })

  test('says no where nobody listens', async () => {
    const gone = await startGateway({}, open.simulators)
    await gone.close()
    expect(await check({ PORT: String(portOf(gone.url)) })).toBe(1)
  })
})
