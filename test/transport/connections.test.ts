import type { Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { beforeEach, describe, expect, test } from 'vitest'
import type { TransportAnswer, Unsent } from '../../src/providers/account.ts'
import { startTurnClock } from '../support/turn-clock.ts'
import { answered, ok, open, post, serve, timeoutMs } from './channel.ts'
import { selfSigned } from './self-signed.ts'

describe('unreachable: certainly nothing was sent', () => {
  const cases = [
    { name: 'nobody listens', url: () => 'http://127.0.0.1:1', cause: 'ECONNREFUSED' },
    {
      name: 'a name that does not exist',
      url: () => 'http://does-not-exist.invalid',
      cause: /^(ENOTFOUND|EAI_AGAIN)$/,
    },
    { name: 'a server that speaks no TLS', url: (port: number) => `https://127.0.0.1:${port}`, cause: /SSL/ },
  ]
  test.each(cases)('$name', async ({ url, cause }) => {
    const { server } = await serve({
      connection: (socket) => socket.once('data', () => socket.end('HTTP/1.1 400\r\n\r\n')),
    })
    const answer = await open(url(server.port)).send(post, { timeoutMs: 3_000 })
    expect(answer).toEqual({ lost: 'unreachable', cause: expect.stringMatching(cause) })
    expect(server.received()).not.toContain('Jane')
  })

  test('a certificate that nobody vouches for', async () => {
    let received = ''
    const server = createTlsServer(selfSigned, (socket) => socket.on('data', (bytes) => (received += bytes)))
    server.on('tlsClientError', () => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    expect(await open(`https://localhost:${port}`).send(post, { timeoutMs: 2_000 })).toEqual({
      lost: 'unreachable',
      cause: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
    expect(received).toBe('')
    await new Promise((resolve) => server.close(resolve))
  })

  test('a server that accepts and never ends the TLS handshake: within the timeout', async () => {
    const { server } = await serve({})
    const clock = startTurnClock()
    const answer = await open(`https://127.0.0.1:${server.port}`).send(post, { timeoutMs })
    expect(answer).toEqual({ lost: 'unreachable' })
    expect(clock.stop()).toBeLessThan(timeoutMs + 200)
  })

  test('a channel that was closed', async () => {
    const { channel } = await serve({})
    await channel.close()
    expect(await channel.send(post, { timeoutMs })).toEqual({ lost: 'unreachable' })
  })

  test('a request that gave up before its turn is never sent, and leaves the connection to the next', async () => {
    const { server, channel } = await serve({
      request: (socket, text) => void setTimeout(() => socket.write(ok('{}')), text.includes('slow') ? 200 : 0),
    })
    const slow = channel.send({ method: 'GET', path: '/slow' }, { timeoutMs: 1_000 })
    expect(await channel.send(post, { timeoutMs: 50 })).toEqual({ lost: 'unreachable' })
    expect(await slow).toEqual(answered(200, '{}'))
    expect(await channel.send({ method: 'GET', path: '/next' }, { timeoutMs: 1_000 })).toEqual(answered(200, '{}'))
    expect(server.received()).not.toContain('Jane')
    expect(server.connections().opened).toBe(1)
  })
})

describe('a connection that was kept and is closed by the server', () => {
  const ways = ['end', 'resetAndDestroy'] as const
  let seen: string[]
  beforeEach(() => {
    seen = []
  })

  test.each(ways)(
    'by %s at any moment: no request is sent twice, and none that was seen counts as unsent',
    async (way) => {
      const { channel } = await serve({
        request: (socket, text) => {
          const number = Number(/\/n\/(\d+)/.exec(text)?.[1])
          seen.push(String(number))
          socket.write(ok('{}'))
          // At once, within the same turn of the loop, or about when the next request is written.
          if (number % 4 === 0) socket[way]()
          else if (number % 4 === 1) setImmediate(() => socket[way]())
          else if (number % 4 === 2) setTimeout(() => socket[way](), 1)
        },
      })
      const results = new Map<string, TransportAnswer | Unsent>()
      for (let number = 0; number < 400; number++) {
        results.set(
          String(number),
          await channel.send({ method: 'POST', path: `/n/${number}`, json: {} }, { timeoutMs: 1_000 }),
        )
        if (number % 3 === 0) await new Promise((resolve) => setTimeout(resolve, number % 5))
      }
      expect(new Set(seen).size).toBe(seen.length)
      for (const [number, answer] of results) {
        if (!('lost' in answer)) expect(seen).toContain(number)
        else if (seen.includes(number)) expect(answer, number).toEqual({ lost: 'timeout' })
      }
      expect([...results.values()].filter((answer) => !('lost' in answer)).length).toBeGreaterThan(150)
    },
  )

  test('a GET is not sent again by the transport either', async () => {
    const { server, channel } = await serve({ request: (socket) => socket.resetAndDestroy() })
    expect(await channel.send({ method: 'GET', path: '/contacts' }, { timeoutMs })).toEqual({ lost: 'timeout' })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(server.received().split('GET ')).toHaveLength(2)
  })
})

describe('no request leaves the base URL of its account', () => {
  test.each([
    '//evil.example/x',
    'http://evil.example/x',
    'contacts',
    '',
    '/a/../admin',
    '/a/%2e%2E/admin',
    '/..',
    '/./x',
    '/a\\..\\b',
    '/a b',
    '/a\r\nhost: evil',
    '/é',
    '/a#b',
  ])('the path %j is a defect', async (path) => {
    const { server, channel } = await serve({ request: (socket) => socket.write(ok('{}')) })
    await expect(channel.send({ method: 'GET', path }, { timeoutMs })).rejects.toThrow('could leave the base URL')
    expect(server.connections().opened).toBe(0)
  })

  test.each([
    '/contacts?search=http%3A%2F%2Fevil.example',
    '/http://evil.example/x',
    '/@evil.example/',
    '/contacts/..x?a=..',
  ])('the path %j is one below the base URL', async (path) => {
    const { server } = await serve({ request: (socket) => socket.write(ok('{}')) })
    const channel = open(`http://127.0.0.1:${server.port}/v1`)
    expect(await channel.send({ method: 'GET', path }, { timeoutMs })).toEqual(answered(200, '{}'))
    expect(server.received()).toMatch(`GET /v1${path} HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\n`)
  })

  test.each([301, 302, 303, 307, 308])('%i to another origin carries nothing there', async (status) => {
    const { server: other } = await serve({ request: (socket) => socket.write(ok('{}')) })
    const { channel } = await serve({
      request: (socket) =>
        socket.write(
          `HTTP/1.1 ${status} x\r\nlocation: http://127.0.0.1:${other.port}/steal\r\ncontent-length: 0\r\n\r\n`,
        ),
    })
    expect(await channel.send(post, { timeoutMs })).toEqual({ lost: 'redirected', status })
    expect(other.connections().opened).toBe(0)
  })
})

describe('a connection that was idle', () => {
  const keeping = (keepAlive: string) => ({
    request: (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\n${keepAlive}content-length: 2\r\n\r\n{}`),
  })

  test.each(['', 'keep-alive: timeout=60\r\n'])(
    'for more than a second is used no more: some servers and firewalls forget it without a word (%j)',
    async (keepAlive) => {
      const { server, channel } = await serve(keeping(keepAlive))
      await channel.send(post, { timeoutMs })
      await channel.send(post, { timeoutMs })
      expect(server.connections().opened).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 1_050))
      await channel.send(post, { timeoutMs })
      expect(server.connections().opened).toBe(2)
    },
  )
})
