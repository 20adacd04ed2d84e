import { createServer as createTlsServer } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { openChannel } from '../../src/transport/connect.ts'
import { answered, ok, post, secret, serve } from './channel.ts'
import type { Serving } from './raw-server.ts'
import { selfSigned } from './self-signed.ts'

/** What a proxy does to the first request of a connection, and what the gateway then knows. Real ones: test/integration. */

const password = 'a-proxy-password'
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function openBy(proxyPort: number, baseUrl = 'http://api.example.com', scheme = 'http') {
  const channel = openChannel({
    baseUrl,
    authHeaders: { 'api-key': secret },
    secrets: [secret],
    maxConcurrency: 1,
    egress: { proxy: `${scheme}://gateway:${password}%21@127.0.0.1:${proxyPort}` },
  })
  closing.push(() => channel.close())
  return channel
}

async function proxyThat(serving: Serving, baseUrl?: string) {
  const { server } = await serve(serving)
  return { proxy: server, channel: openBy(server.port, baseUrl) }
}

describe('a proxy that opens no way: certainly nothing was sent, and it says so', () => {
  const refusals: [name: string, serving: Serving, cause: unknown][] = [
    ['wants other credentials', { request: (socket) => socket.end(head(407)) }, 'PROXY_HTTP_407'],
    ['has a rule against it', { request: (socket) => socket.end(head(403)) }, 'PROXY_HTTP_403'],
    ['cannot reach the provider', { request: (socket) => socket.end(head(502)) }, 'PROXY_HTTP_502'],
    ['answers with a page', { request: (socket) => socket.end(`${head(503)}<html>`) }, 'PROXY_HTTP_503'],
    ['redirects', { request: (socket) => socket.end(head(302)) }, 'PROXY_HTTP_302'],
    ['closes', { request: (socket) => socket.destroy() }, 'PROXY_CLOSED'],
    ['resets', { request: (socket) => socket.resetAndDestroy() }, 'PROXY_ECONNRESET'],
    [
      'speaks something else',
      { request: (socket) => socket.end('220 smtp.example.com\r\n') },
      expect.stringMatching(/^PROXY_(HPE_INVALID|CLOSED)/),
    ],
    ['never answers', {}, 'PROXY_TIMEOUT'],
  ]
  test.each(refusals)('it %s', async (_name, serving, cause) => {
    const { server } = await serve(serving)
    const answer = await openBy(server.port).send(post, { timeoutMs: 8_000 })
    expect(answer).toEqual({ lost: 'unreachable', cause })
    expect(server.received()).not.toContain(secret)
    expect(server.received()).not.toContain('Jane')
    await server.allClosed()
  })

  test('nobody listens there', async () => {
    expect(await openBy(1).send(post, { timeoutMs: 8_000 })).toEqual({
      lost: 'unreachable',
      cause: 'PROXY_ECONNREFUSED',
    })
  })

  test('its certificate is not accepted', async () => {
    const server = createTlsServer(selfSigned, () => {})
    server.on('tlsClientError', () => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => new Promise((resolve) => server.close(() => resolve())))
    const { port } = server.address() as { port: number }
    const answer = await openBy(port, 'http://api.example.com', 'https').send(post, { timeoutMs: 8_000 })
    expect(answer).toEqual({ lost: 'unreachable', cause: 'PROXY_DEPTH_ZERO_SELF_SIGNED_CERT' })
  })

  test('the next request asks it again', async () => {
    let asked = 0
    const { channel } = await proxyThat({
      request: (socket, text) =>
        text.startsWith('CONNECT')
          ? asked++ === 0
            ? socket.end(head(503))
            : socket.write(head(200))
          : socket.write(ok('{}')),
    })
    expect(await channel.send(post, { timeoutMs: 2_000 })).toEqual({ lost: 'unreachable', cause: 'PROXY_HTTP_503' })
    expect(await channel.send(post, { timeoutMs: 2_000 })).toEqual(answered(200, '{}'))
  })
})

describe('a proxy that opens a way', () => {
  const tunnel: Serving = {
    request: (socket, text) => socket.write(text.startsWith('CONNECT') ? head(200) : ok('{"way":"through"}')),
  }

  test('is asked for the provider by name and port, with its credentials as they are meant', async () => {
    const { proxy, channel } = await proxyThat(tunnel, 'http://api.example.com/v1')
    expect(await channel.send(post, { timeoutMs: 2_000 })).toEqual(answered(200, '{"way":"through"}'))
    const [connect, request] = proxy.received().split(/(?=POST )/)
    expect(connect).toMatch(/^CONNECT api\.example\.com:80 HTTP\/1\.1\r\nhost: api\.example\.com:80\r\n/)
    expect(connect).toContain(`Basic ${Buffer.from(`gateway:${password}!`).toString('base64')}`)
    expect(connect).not.toContain(secret)
    expect(request).toMatch(/^POST \/v1\/contacts HTTP\/1\.1\r\nhost: api\.example\.com\r\n/)
    expect(request?.toLowerCase()).not.toContain('proxy-')
  })

  test.each([
    ['https://api.example.com', 'api.example.com:443'],
    ['https://api.example.com:8443', 'api.example.com:8443'],
    ['http://[::1]:9101', '[::1]:9101'],
    ['http://10.2.3.4', '10.2.3.4:80'],
  ])('%s is asked for as %s', async (baseUrl, authority) => {
    const { proxy, channel } = await proxyThat({ request: (socket) => socket.end(head(403)) }, baseUrl)
    await channel.send(post, { timeoutMs: 2_000 })
    expect(proxy.received()).toMatch(new RegExp(`^CONNECT ${RegExp.escape(authority)} `))
  })

  test('keeps it for the requests that follow', async () => {
    const { proxy, channel } = await proxyThat(tunnel)
    for (let n = 0; n < 3; n++) await channel.send(post, { timeoutMs: 2_000 })
    expect(proxy.connections().opened).toBe(1)
  })

  test('what comes with its answer in one piece is not lost', async () => {
    const { channel } = await proxyThat({
      request: (socket, text) =>
        text.startsWith('CONNECT')
          ? socket.write(`${head(200)}`)
          : socket.write(`HTTP/1.1 100 Continue\r\n\r\n${ok('{}')}`),
    })
    expect(await channel.send(post, { timeoutMs: 2_000 })).toEqual(answered(200, '{}'))
  })

  test('and loses the connection after the request was sent: it may have been applied', async () => {
    const { channel } = await proxyThat({
      request: (socket, text) => (text.startsWith('CONNECT') ? socket.write(head(200)) : socket.destroy()),
    })
    expect(await channel.send(post, { timeoutMs: 2_000 })).toEqual({ lost: 'timeout' })
  })

  test('to a server that speaks no TLS: it is not the proxy that is at fault', async () => {
    const { channel } = await proxyThat(
      {
        request: (socket) => socket.write(head(200)),
        connection: (socket) => socket.on('data', (bytes) => bytes[0] === 22 && socket.end('nothing')),
      },
      'https://api.example.com',
    )
    const answer = await channel.send(post, { timeoutMs: 2_000 })
    expect(answer).toEqual({ lost: 'unreachable', cause: expect.stringMatching(/^(?!PROXY).*SSL/) })
  })
})

describe('the local address', () => {
  test.each(['127.0.0.2', '127.0.0.1'])('%s is the one that calls come from', async (localAddress) => {
    let from: string | undefined
    const { server } = await serve({
      connection: (socket) => {
        from = socket.remoteAddress
      },
      request: (socket) => socket.write(ok('{}')),
    })
    const channel = openChannel({
      baseUrl: `http://localhost:${server.port}`,
      authHeaders: {},
      secrets: [],
      maxConcurrency: 1,
      egress: { localAddress },
    })
    closing.push(() => channel.close())
    expect(await channel.send(post, { timeoutMs: 2_000 })).toEqual(answered(200, '{}'))
    expect(from).toBe(localAddress)
    expect(channel.calledFrom?.()).toBe(localAddress)
  })

  test('one that this machine does not have: nothing was sent', async () => {
    const channel = openChannel({
      baseUrl: 'http://127.0.0.1:9',
      authHeaders: {},
      secrets: [],
      maxConcurrency: 1,
      egress: { localAddress: '203.0.113.7' },
    })
    closing.push(() => channel.close())
    expect(await channel.send(post, { timeoutMs: 2_000 })).toEqual({ lost: 'unreachable', cause: 'EADDRNOTAVAIL' })
  })
})

function head(status: number): string {
  return `HTTP/1.1 ${status} Some\r\n\r\n`
}
