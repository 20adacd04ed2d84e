import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Nginx, runNginx } from '../support/start-nginx.ts'

/** docker/nginx.conf in a real nginx, in front of a server that tells what arrives. */

const conf = readFileSync(join(import.meta.dirname, '../../docker/nginx.conf'), 'utf8')

type Arrival = { readonly request: IncomingMessage; readonly size: Promise<number> }
let upstream: Server
let nginx: Nginx
let arrived: (arrival: Arrival) => void = () => {}
const nextArrival = () =>
  new Promise<Arrival>((resolve) => {
    arrived = resolve
  })

beforeAll(async () => {
  upstream = createServer((incoming, answer) => {
    const size = text(incoming).then(({ length }) => length)
    arrived({ request: incoming, size })
    if (incoming.url === '/slow') return
    size.then(() => answer.end('{}')).catch(() => answer.destroy())
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => upstream.once('listening', resolve))
  const { port: to } = upstream.address() as AddressInfo
  nginx = await runNginx((port) =>
    conf.replace('listen 8080;', `listen 127.0.0.1:${port};`).replaceAll('$gateway:8080', `127.0.0.1:${to}`),
  )
})
afterAll(async () => {
  await nginx?.stop()
  upstream?.closeAllConnections()
  upstream?.close()
})

const send = (path: string, headers: Record<string, string | number> = {}) =>
  request(nginx.url + path, { method: 'POST', headers })
const statusOf = (sent: ReturnType<typeof request>) =>
  new Promise<number>((resolve, reject) => {
    sent.once('response', (answer) => resolve(answer.resume().statusCode ?? 0)).once('error', reject)
  })

test('an upload is passed on while it comes: nothing of it waits in nginx', async () => {
  const arrival = nextArrival()
  const sent = send('/lists/newsletter/imports', { 'content-length': 1_000_000 })
  const status = statusOf(sent)
  sent.write('x'.repeat(500_000))
  const { request: incoming, size } = await arrival
  expect(incoming.headers['content-length']).toBe('1000000')
  sent.end('x'.repeat(500_000))
  expect(await size).toBe(1_000_000)
  expect(await status).toBe(200)
})

test('a JSON body is read whole first, so that a keyed request can go to another replica', async () => {
  let isThere = false
  const arrival = nextArrival().then((one) => {
    isThere = true
    return one
  })
  const sent = send('/lists/newsletter/contacts', { 'content-length': 2_000, 'idempotency-key': 'a-key-of-a-test' })
  const status = statusOf(sent)
  sent.write('x'.repeat(1_000))
  // What nginx would pass on at once has come by the time that another request has gone through it.
  expect(
    await statusOf(
      request(`${nginx.url}/x`)
        .on('socket', () => {})
        .end(),
    ),
  ).toBe(200)
  expect(isThere).toBe(true)
  const second = nextArrival()
  sent.end('x'.repeat(1_000))
  expect(await (await second).size).toBe(2_000)
  expect((await arrival).request.url).toBe('/x')
  expect(await status).toBe(200)
})

test.each([
  ['JSON', '/lists/newsletter/contacts', 3],
  ['an upload', '/lists/newsletter/imports', 64],
])('%s that is far too large is refused, and nobody is asked', async (_what, path, megabytes) => {
  let isThere = false
  arrived = () => {
    isThere = true
  }
  const sent = send(path, { 'content-length': megabytes * 1024 ** 2 + 1 })
  sent.flushHeaders()
  expect(await statusOf(sent)).toBe(413)
  expect(isThere).toBe(false)
  sent.destroy()
})

test('what a caller says of its own address is replaced', async () => {
  const arrival = nextArrival()
  const sent = send('/lists', { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=203.0.113.7' })
  sent.end()
  const { headers } = (await arrival).request
  expect(headers['x-forwarded-for']).toBe('127.0.0.1')
  expect(headers.forwarded).toBeUndefined()
  expect(await statusOf(sent)).toBe(200)
})

test('more than 100 connections of one address, and more requests than 100 a second, are refused with 429', async () => {
  const slow = Array.from({ length: 100 }, () => request(`${nginx.url}/slow`, { agent: false }).on('error', () => {}))
  const seen = new Set<IncomingMessage>()
  const all = new Promise<void>((resolve) => {
    arrived = ({ request: incoming }) => {
      if (seen.add(incoming).size === slow.length) resolve()
    }
  })
  for (const one of slow) one.end()
  await all
  expect(await statusOf(request(`${nginx.url}/lists`, { agent: false }).end())).toBe(429)
  for (const one of slow) one.destroy()
  const ask = () => statusOf(request(`${nginx.url}/lists`, { agent: false }).end())
  await expect.poll(ask).toBe(200)
  const statuses: number[] = []
  for (let sent = 0; sent < 20; sent++) statuses.push(...(await Promise.all(Array.from({ length: 40 }, ask))))
  expect(statuses).toContain(200)
  expect(statuses).toContain(429)
})
