import { connect, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

const note = 'x'.repeat(950)
const person = { email: 'jane@example.com', name: 'Jane' }
/** Of nearly two megabytes. */
const many = {
  contacts: Array.from({ length: 900 }, (_, at) => ({ email: `p${at}@example.com`, attributes: { a: note, b: note } })),
}

let gateway: TestGateway
const sockets: Socket[] = []
beforeAll(async () => {
  gateway = await startGateway({ clients: { greedy: {}, other: {}, third: {}, fourth: {}, fifth: {} } })
})
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})
afterAll(() => gateway.close())

/** Begins a body of this length, or one of no length, and does not go on. */
async function begin(client: string, length: number | 'chunked'): Promise<void> {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1').on('error', () => {})
  sockets.push(socket)
  const size = length === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`
  socket.write(
    `POST /lists/newsletter/contacts HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer ${gateway.key(client)}\r\nContent-Type: application/json\r\n${size}\r\n\r\n`,
  )
  // Of a body that does not say its length as much counts as came.
  const much = ' '.repeat(1_900_000)
  socket.write(length === 'chunked' ? `${much.length.toString(16)}\r\n${much}\r\n` : '{')
  await new Promise((resolve) => setTimeout(resolve, 5))
}

const add = (client: string, contacts: object = many) =>
  gateway.call('POST', '/lists/newsletter/contacts?validateOnly=true', { body: contacts, key: gateway.key(client) })

test.each([1_900_000, 'chunked'] as const)(
  'bodies of %s bytes that are begun and not ended are a few for each client, and the others go on',
  async (length) => {
    for (let at = 0; at < 20; at++) await begin('greedy', length)
    const refused = await add('greedy')
    expect([refused.status, refused.body.code]).toEqual([429, 'rate-limited'])
    expect(refused.body.detail).toContain('Send fewer at a time.')
    expect(refused.headers.get('retry-after')).toBe('1')
    expect((await add('greedy', { contacts: [person] })).status).toBe(207)
    expect((await add('other')).status).toBe(207)
  },
)

test('many clients together fill no more than the process has for bodies; what ended has room again', async () => {
  for (const client of ['greedy', 'third', 'fourth', 'fifth', 'crm'])
    for (let at = 0; at < 20; at++) await begin(client, 1_900_000)
  const refused = await add('other')
  expect([refused.status, refused.body.code]).toEqual([503, 'overloaded'])
  for (const socket of sockets.splice(0)) socket.destroy()
  await expect.poll(async () => (await add('other')).status).toBe(207)
  await expect.poll(async () => (await add('greedy')).status).toBe(207)
})

test('a large body counts as many requests of the quota, whatever comes of it', async () => {
  const own = await startGateway(
    { clients: { frugal: { rateLimit: { requests: 100, windowSeconds: 60 } } } },
    gateway.simulators,
  )
  const left = async (body: unknown) => {
    const answer = await own.call('POST', '/lists/newsletter/contacts?validateOnly=true', {
      body,
      key: own.key('frugal'),
    })
    return [answer.status, Number(/r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1])]
  }
  expect(await left({ contacts: [person] })).toEqual([207, 99])
  expect(await left(many)).toEqual([207, 98])
  const bytes = JSON.stringify(many).length
  const afterOne = 97 - Math.floor(bytes / 65_536)
  expect(await left({ contacts: [person] })).toEqual([207, afterOne])
  const refused = { contacts: Array.from({ length: 60_000 }, () => ({})) }
  expect((await left(refused))[0]).toBe(413)
  expect((await left({ contacts: [person] }))[1]).toBeLessThan(afterOne - 1)
  for (let n = 0; n < 4; n++) await left(many)
  expect((await left({ contacts: [person] }))[0]).toBe(429)
  await own.close()
})

test('many small bodies that do not say their length are taken at once', async () => {
  const send = async () => {
    const answer = await fetch(`${gateway.url}/lists/newsletter/contacts?validateOnly=true`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key('other')}`, 'content-type': 'application/json' },
      body: new Blob([JSON.stringify({ contacts: [person] })]).stream(),
      duplex: 'half',
    } as RequestInit)
    return answer.status
  }
  expect(new Set(await Promise.all(Array.from({ length: 60 }, send)))).toEqual(new Set([207]))
})
