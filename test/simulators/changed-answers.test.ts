import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AnswerStep } from '../../src/simulators/change-answer.ts'
import type { Simulator } from '../../src/simulators/simulator.ts'
import { misbehave, providerCases, send } from './provider-calls.ts'

describe.each(providerCases)('$name with a changed answer', (provider) => {
  let simulator: Simulator
  const path = () => new URL(simulator.baseUrl + provider.path).pathname

  /** Everything that comes over the connection, as it comes. */
  const rawWrite = (): Promise<Buffer> => {
    const { hostname, port } = new URL(simulator.url)
    const body = JSON.stringify(provider.body)
    const headers = Object.entries({ ...provider.headers, host: hostname, 'content-length': Buffer.byteLength(body) })
    const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
    const chunks: Buffer[] = []
    const socket = connect(Number(port), hostname, () =>
      socket.write(`POST ${path()} HTTP/1.1\r\n${head}connection: close\r\n\r\n${body}`),
    )
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('end', () => resolve(Buffer.concat(chunks)))
    socket.on('error', reject)
    return promise
  }
  const answerTo = async (...answer: AnswerStep[]) => {
    await misbehave(simulator, { answer })
    const bytes = await rawWrite()
    const end = bytes.indexOf('\r\n\r\n')
    return { head: bytes.subarray(0, end).toString(), body: bytes.subarray(end + 4) }
  }

  beforeEach(async () => {
    simulator = provider.create()
    await simulator.listen()
  })
  afterEach(() => simulator.close())

  it('applies the request as usual and says how the answer was changed', async () => {
    const { head, body } = await answerTo({ status: 202 }, { envelope: 'data' })
    expect(head).toMatch(/^HTTP\/1\.1 202 /)
    expect(JSON.parse(body.toString())).toMatchObject({ data: provider.answer })
    expect(simulator.counts().total).toBe(1)
    const changes = [{ status: 202 }, { envelope: 'data' }]
    expect(simulator.requests()).toMatchObject([{ operation: provider.operation, applied: true, changes }])
  })

  it('sends 204 without a body', async () => {
    const { head, body } = await answerTo({ status: 204 })
    expect(head).toMatch(/^HTTP\/1\.1 204 /)
    expect(head).not.toMatch(/content-type/i)
    expect(body).toHaveLength(0)
  })

  it.each([
    ['lower', /\r\ncontent-type: .*\r\ncontent-length: .*\r\ndate: /],
    ['upper', /\r\nCONTENT-TYPE: .*\r\nCONTENT-LENGTH: .*\r\nDATE: /],
    ['title', /\r\nContent-Type: .*\r\nContent-Length: .*\r\nDate: /],
  ] as const)('writes the names of headers in %s case', async (headerCase, expected) => {
    expect((await answerTo({ headerCase })).head).toMatch(expected)
  })

  it('sends other headers as they are given, and leaves out the type', async () => {
    const { head } = await answerTo({ headers: { 'X-RateLimit-Reset': '5' } }, { contentType: null })
    expect(head).toContain('\r\nX-RateLimit-Reset: 5\r\n')
    expect(head).not.toMatch(/content-type/i)
  })

  it('sends another type', async () => {
    const { head, body } = await answerTo({ contentType: 'text/html' })
    expect(head).toContain('\r\ncontent-type: text/html\r\n')
    expect(JSON.parse(body.toString())).toMatchObject(provider.answer)
  })

  it('sends a byte order mark', async () => {
    const { body } = await answerTo({ byteOrderMark: true })
    expect(body.subarray(0, 3).toString('hex')).toBe('efbbbf')
    expect(JSON.parse(body.subarray(3).toString())).toMatchObject(provider.answer)
  })

  it('sends gzip that nobody asked for', async () => {
    const { head, body } = await answerTo({ compress: 'gzip' })
    expect(head).toContain('\r\ncontent-encoding: gzip\r\n')
    expect(JSON.parse(gunzipSync(body).toString())).toMatchObject(provider.answer)
  })

  it.each([
    [100, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 20/],
    [102, /^HTTP\/1\.1 102 Processing\r\n\r\nHTTP\/1\.1 20/],
  ] as const)('sends %i before the answer', async (informational, expected) => {
    await misbehave(simulator, { answer: { informational } })
    expect((await rawWrite()).toString()).toMatch(expected)
  })

  it('sends a page of HTML with any status', async () => {
    const { head, body } = await answerTo({ status: 404 }, { page: 'not-found' })
    expect(head).toMatch(/^HTTP\/1\.1 404 [\s\S]*content-type: text\/html/)
    expect(body.toString()).toContain('<h1>404 Not Found</h1>')
    expect(simulator.counts().total).toBe(1)
  })

  it('changes the error of a status as well, which is not applied', async () => {
    await misbehave(simulator, { status: 422, answer: { problem: 'detail' } })
    const { status, body } = await send(simulator.baseUrl + provider.path, 'POST', provider.headers, provider.body)
    expect({ status, body }).toEqual({ status: 422, body: { detail: expect.any(String) } })
    expect(simulator.counts().total).toBe(0)
  })

  it('changes only the answers of the operation that is named', async () => {
    await misbehave(simulator, {
      rules: [
        { match: { operation: 'elsewhere' }, answer: { body: 'other' } },
        { match: { operation: [provider.operation] }, answer: { body: 'own' } },
      ],
    })
    expect((await send(`${simulator.url}/x`, 'GET', provider.headers)).body).toBe('other')
    expect((await send(simulator.baseUrl + provider.path, 'POST', provider.headers, provider.body)).body).toBe('own')
  })

  it('answers honestly after the behaviour was deleted', async () => {
    await misbehave(simulator, { answer: { status: 500 } })
    expect((await send(`${simulator.url}/_sim/behaviour`, 'DELETE', {})).status).toBe(204)
    expect(simulator.behaviour()).toEqual({})
    const { status, body } = await send(simulator.baseUrl + provider.path, 'POST', provider.headers, provider.body)
    expect(status).toBe(provider.status)
    expect(body).toMatchObject(provider.answer)
    expect(simulator.requests()[0]).not.toHaveProperty('changes')
  })
})

describe.each(providerCases)('a 429 of $name', (provider) => {
  let simulator: Simulator
  beforeEach(async () => {
    simulator = provider.create()
    await simulator.listen()
  })
  afterEach(() => simulator.close())
  const limited = async (as: NonNullable<Parameters<Simulator['setBehaviour']>[0]['rateLimit']>['as'] & string) => {
    await misbehave(simulator, { rateLimit: { retryAfter: 3, as } })
    const { status, body, headers } = await send(
      simulator.baseUrl + provider.path,
      'POST',
      provider.headers,
      provider.body,
    )
    expect(status).toBe(429)
    return { body: body as { error?: { details?: object }; details?: object }, headers }
  }

  it.each([
    ['details', 3],
    ['details-text', '3'],
  ] as const)('has the wait in its %s', async (as, retryAfter) => {
    const { body, headers } = await limited(as)
    expect(body.error?.details ?? body.details).toMatchObject({ retryAfter })
    expect(headers.get('retry-after')).toBeNull()
  })

  it('has the wait as a text in its body', async () => {
    expect((await limited('body-text')).body).toMatchObject({ retry_after: '3' })
  })

  it.each([
    ['reset-seconds', 'x-ratelimit-reset', /^3$/],
    ['reset-epoch', 'x-ratelimit-reset', /^\d{10}$/],
    ['reset-milliseconds', 'x-ratelimit-reset', /^\d{13}$/],
    ['ratelimit', 'ratelimit', /^"default";r=0;t=3$/],
  ] as const)('has the wait in a header alone, as %s', async (as, name, expected) => {
    const { body, headers } = await limited(as)
    expect(headers.get(name)).toMatch(expected)
    expect(headers.get('retry-after')).toBeNull()
    expect(JSON.stringify(body)).not.toContain('retryAfter')
  })
})
