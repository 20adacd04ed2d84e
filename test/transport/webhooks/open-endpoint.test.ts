import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { LookupAll } from '../../../src/transport/webhooks/checked-lookup.ts'
import { type EndpointOptions, openEndpoint } from '../../../src/transport/webhooks/open-endpoint.ts'

const secret = () => `whsec_${randomBytes(32).toString('base64')}`
const event = () => ({ id: 'a1b2', at: Date.now(), body: '{"type":"test"}' })

async function listen(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

function open(options: Partial<EndpointOptions> & { readonly url: string }) {
  const endpoint = openEndpoint({
    secrets: [secret()],
    egress: {},
    allowPrivate: false,
    allowLoopback: true,
    ...options,
  })
  onTestFinished(() => endpoint.close())
  return endpoint
}

async function read(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

/** Answers with one address after the other, the last one for ever. */
function names(...answers: readonly string[][]): LookupAll & { readonly asked: string[] } {
  const asked: string[] = []
  const lookup: LookupAll = (hostname, _options, callback) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? []
    asked.push(hostname)
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
  return Object.assign(lookup, { asked })
}

describe('An endpoint', () => {
  test("gets an event that Standard Webhooks' own library verifies, by each of its secrets", async () => {
    const secrets = [secret(), secret()]
    const seen: { headers: Record<string, string>; body: string }[] = []
    const port = await listen(async (request, response) => {
      seen.push({ headers: request.headers as Record<string, string>, body: await read(request) })
      response.writeHead(204).end()
    })
    const sent = event()
    const result = await open({ url: `http://127.0.0.1:${port}/events?of=gateway`, secrets }).post(sent)
    expect(result).toEqual({ status: 204, retryAfter: undefined })
    const [{ headers, body } = { headers: {}, body: '' }] = seen
    for (const one of secrets) expect(new Webhook(one).verify(body, headers)).toEqual({ type: 'test' })
    expect(() => new Webhook(secret()).verify(body, headers)).toThrow('No matching signature found')
    expect(headers).toMatchObject({ 'webhook-id': 'a1b2', 'content-type': 'application/json' })
    expect(headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}=$/)
  })

  test('says when it wants the next try', async () => {
    const port = await listen((_request, response) => response.writeHead(503, { 'retry-after': '120' }).end())
    expect(await open({ url: `http://127.0.0.1:${port}/` }).post(event())).toEqual({ status: 503, retryAfter: '120' })
  })

  test('that redirects is not followed', async () => {
    const elsewhere = vi.fn()
    const other = await listen((_request, response) => {
      elsewhere()
      response.end()
    })
    const port = await listen((_request, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${other}/` }).end(),
    )
    expect(await open({ url: `http://127.0.0.1:${port}/` }).post(event())).toEqual({
      failure: 'redirected',
      status: 307,
    })
    expect(elsewhere).not.toHaveBeenCalled()
  })

  test('that answers without end is read for 1 KB, and its connection closed', async () => {
    let written = 0
    const closed = Promise.withResolvers<void>()
    const port = await listen((_request, response) => {
      response.writeHead(200)
      const chunk = Buffer.alloc(16 * 1024)
      const more = () => {
        while (response.write(chunk)) written += chunk.length
      }
      response.on('drain', more).on('close', closed.resolve)
      more()
    })
    expect(await open({ url: `http://127.0.0.1:${port}/` }).post(event())).toEqual({ status: 200 })
    await closed.promise
    expect(written).toBeLessThan(16 * 1024 * 1024)
  })

  test('that never answers is given up after 15 s, whether it takes the request or not', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const arrived = Promise.withResolvers<void>()
    const port = await listen(() => arrived.resolve())
    const posted = open({ url: `http://127.0.0.1:${port}/` }).post(event())
    await arrived.promise
    await vi.advanceTimersByTimeAsync(14_999)
    let result: unknown
    posted.then((it) => {
      result = it
    })
    await Promise.resolve()
    expect(result).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1)
    expect(await posted).toEqual({ failure: 'timeout' })
  })

  test('that refuses connections, or breaks them, is told apart from one that answers', async () => {
    const server = createTcpServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    expect(await open({ url: `http://127.0.0.1:${port}/` }).post(event())).toEqual({ failure: 'timeout' })
    await new Promise((resolve) => server.close(resolve))
    expect(await open({ url: `http://127.0.0.1:${port}/` }).post(event())).toEqual({ failure: 'unreachable' })
  })

  test.each([
    'http://169.254.169.254/latest',
    'http://[::ffff:169.254.169.254]/',
    'http://[fd00:ec2::254]/',
    'http://10.1.2.3/',
  ])('at the address %s is refused before anything is connected', async (url) => {
    expect(await open({ url }).post(event())).toEqual({ failure: 'address_refused' })
  })

  test('whose name leads to a private address is refused; of several addresses the public ones are connected to', async () => {
    const port = await listen((_request, response) => response.writeHead(204).end())
    const url = `http://crm.example:${port}/`
    const refused = { failure: 'address_refused' }
    expect(await open({ url, lookup: names(['10.0.0.1', '169.254.169.254']) }).post(event())).toEqual(refused)
    expect(await open({ url, lookup: names(['127.0.0.1']), allowLoopback: false }).post(event())).toEqual(refused)
    const mixed = names(['169.254.169.254', '127.0.0.1'])
    expect(await open({ url, lookup: mixed }).post(event())).toMatchObject({ status: 204 })
  })

  test('is connected to by the address that was checked: a name is asked for once, whatever it says the next time', async () => {
    const hosts: (string | undefined)[] = []
    const port = await listen((request, response) => {
      hosts.push(request.headers.host)
      response.writeHead(204).end()
    })
    const rebinding = names(['127.0.0.1'], ['169.254.169.254'])
    const url = `http://crm.example:${port}/`
    expect(await open({ url, lookup: rebinding }).post(event())).toMatchObject({ status: 204 })
    expect(rebinding.asked).toEqual(['crm.example'])
    expect(hosts).toEqual([`crm.example:${port}`])
    expect(await open({ url, lookup: rebinding }).post(event())).toEqual({ failure: 'address_refused' })
  })

  test('behind a proxy is reached by the proxy, which looks its name up', async () => {
    const port = await listen((_request, response) => response.writeHead(204).end())
    const asked: (string | undefined)[] = []
    const proxy = createServer()
    proxy.on('connect', ({ url }, socket) => {
      asked.push(url)
      const upstream = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        upstream.pipe(socket).pipe(upstream)
      })
      socket.on('error', () => upstream.destroy())
      onTestFinished(() => void upstream.destroy())
    })
    proxy.listen(0, '127.0.0.1')
    await new Promise((resolve) => proxy.once('listening', resolve))
    onTestFinished(() => void proxy.close())
    const lookup = names(['10.0.0.1'])
    const egress = { proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/` }
    const endpoint = open({ url: 'http://crm.internal:8080/', egress, lookup })
    expect(await endpoint.post(event())).toMatchObject({ status: 204 })
    expect(asked).toEqual(['crm.internal:8080'])
    expect(lookup.asked).toEqual([])
  })

  test('whose name nobody knows is unreachable', async () => {
    const lookup: LookupAll = (_name, _options, callback) =>
      callback(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), [])
    expect(await open({ url: 'http://crm.example/', lookup }).post(event())).toEqual({ failure: 'unreachable' })
  })
})
