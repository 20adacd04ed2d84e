import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulators/simulator.ts'
import { misbehave, providerCases, send } from './provider-calls.ts'

describe.each(providerCases)('$name told to misbehave', (provider) => {
  let simulator: Simulator
  const write = () => send(simulator.baseUrl + provider.path, 'POST', provider.headers, provider.body)
  const rawWrite = (init: RequestInit = {}) =>
    fetch(simulator.baseUrl + provider.path, {
      method: 'POST',
      headers: provider.headers,
      body: JSON.stringify(provider.body),
      redirect: 'manual',
      ...init,
    })
  const held = () => simulator.counts().total
  /** The error that the connection ended with, as undici reports it. */
  const failureOf = async (attempt: Promise<unknown>): Promise<string | undefined> => {
    const error = await attempt.then(
      () => undefined,
      (reason: Error) => reason,
    )
    expect(error).toBeInstanceOf(TypeError)
    return (error?.cause as { code?: string } | undefined)?.code
  }
  const wellBehaved = async () => {
    const { status, body } = await write()
    expect(status).toBe(provider.status)
    return body
  }

  beforeEach(async () => {
    simulator = provider.create()
    await simulator.listen()
  })
  afterEach(() => simulator.close())

  it('answers well as long as it is told nothing', async () => {
    expect(await wellBehaved()).toMatchObject(provider.answer)
    expect(held()).toBe(1)
  })

  it.each([400, 401, 403, 404, 409, 422, 500, 502, 503, 504])(
    'answers %i with its own error body and applies nothing',
    async (status) => {
      await misbehave(simulator, { status })
      const answer = await write()
      expect(answer.status).toBe(status)
      expect(answer.body).toMatchObject(provider.ownError(status))
      expect(held()).toBe(0)
      expect(simulator.requests()).toMatchObject([{ applied: false, fault: 'status' }])
    },
  )

  it('answers an error after the write was applied', async () => {
    await misbehave(simulator, { statusAfterApplying: 500 })
    const answer = await write()
    expect(answer.status).toBe(500)
    expect(answer.body).toMatchObject(provider.ownError(500))
    expect(held()).toBe(1)
    expect(simulator.requests()).toMatchObject([{ applied: true, fault: 'statusAfterApplying' }])
  })

  it('is slow but correct', async () => {
    await misbehave(simulator, { latencyMs: 60 })
    const start = performance.now()
    await wellBehaved()
    expect(performance.now() - start).toBeGreaterThanOrEqual(55)
  })

  it.each([
    ['before', 0, false],
    ['after', 1, true],
  ] as const)('hangs %s applying, and only this request', async (hang, contacts, applied) => {
    await misbehave(simulator, { hang, times: 1 })
    const hanging = rawWrite().then(
      () => 'answered',
      () => 'cut off',
    )
    await simulator.waitForRequest((request) => request.fault === 'hang' && request.applied === applied)
    expect(held()).toBe(contacts)
    await send(`${simulator.url}/elsewhere`, 'GET', provider.headers)
    expect(await Promise.race([hanging, Promise.resolve('still waiting')])).toBe('still waiting')
    await simulator.close()
    expect(await hanging).toBe('cut off')
  })

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('resets the connection %s applying', async (reset, contacts) => {
    await misbehave(simulator, { reset, times: 1 })
    expect(await failureOf(rawWrite())).toBe('ECONNRESET')
    expect(held()).toBe(contacts)
    expect(simulator.requests()).toMatchObject([{ applied: contacts === 1, fault: 'reset' }])
  })

  it('cuts the answer in the middle, after applying', async () => {
    await misbehave(simulator, { reset: 'mid-response' })
    const response = await rawWrite()
    expect(response.status).toBe(provider.status)
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0)
    expect(await failureOf(response.text())).toBe('UND_ERR_SOCKET')
    expect(held()).toBe(1)
  })

  it.each([
    [{}, null],
    [{ retryAfter: 7 }, '7'],
    [{ retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' }, 'Wed, 21 Oct 2026 07:28:00 GMT'],
  ])('limits the rate with %j', async (rateLimit, retryAfter) => {
    await misbehave(simulator, { rateLimit })
    const answer = await write()
    expect(answer.status).toBe(429)
    expect(answer.headers.get('retry-after')).toBe(retryAfter)
    expect(answer.body).toMatchObject(provider.ownError(429))
    expect(held()).toBe(0)
  })

  it('answers 200 with a web page before applying, by default', async () => {
    await misbehave(simulator, { garbage: {} })
    const response = await rawWrite()
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(await response.text()).toContain('<html>')
    expect(held()).toBe(0)
  })

  it('answers any text with any status after applying', async () => {
    const garbage = { status: 201, text: '{"items":[', contentType: 'application/json', when: 'after' } as const
    await misbehave(simulator, { garbage })
    const response = await rawWrite()
    expect(response.status).toBe(201)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.text()).toBe('{"items":[')
    expect(held()).toBe(1)
  })

  it.each([undefined, 302, 307, 308] as const)('redirects with status %s', async (status) => {
    const location = 'http://127.0.0.1:1/elsewhere'
    await misbehave(simulator, { redirect: status === undefined ? { location } : { location, status } })
    const response = await rawWrite()
    expect(response.status).toBe(status ?? 307)
    expect(response.headers.get('location')).toBe(location)
    expect(held()).toBe(0)
  })

  it('lets the whole answer drip', async () => {
    await misbehave(simulator, { drip: { bytes: 20, intervalMs: 15 } })
    const start = performance.now()
    const response = await rawWrite()
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject(provider.answer)
    expect(performance.now() - start).toBeGreaterThanOrEqual((Math.ceil(text.length / 20) - 1) * 14)
    expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(text)))
  })

  it('sends a body of exactly the size asked for', async () => {
    await misbehave(simulator, { giantBody: 3_000_001 })
    const response = await rawWrite()
    const text = await response.text()
    expect(text.length).toBe(3_000_001)
    expect(JSON.parse(text)).toHaveProperty('x')
    expect(response.headers.get('transfer-encoding')).toBe('chunked')
  })

  it('sends a body without end, and lives on when the caller leaves', async () => {
    await misbehave(simulator, { giantBody: 'endless', times: 1 })
    const controller = new AbortController()
    const response = await rawWrite({ signal: controller.signal })
    let received = 0
    for await (const chunk of response.body ?? []) {
      received += chunk.length
      if (received > 20_000_000) break
    }
    controller.abort()
    expect(received).toBeGreaterThan(20_000_000)
    simulator.reset()
    await wellBehaved()
  })

  it('misbehaves for so many requests and then well', async () => {
    await misbehave(simulator, { status: 503, times: 2 })
    const statuses = [(await write()).status, (await write()).status, (await write()).status]
    expect(statuses).toEqual([503, 503, provider.status])
  })

  it('misbehaves only for the requests that match, and does not count others', async () => {
    const match = { method: 'post', path: provider.path, body: Object.values(flatten(provider.body))[0] ?? '' }
    await misbehave(simulator, { match, status: 503, times: 1 })
    expect((await send(`${simulator.url}/elsewhere`, 'GET', provider.headers)).status).toBe(404)
    expect((await send(simulator.baseUrl + provider.path, 'POST', provider.headers, { other: 1 })).status).toBeLessThan(
      500,
    )
    expect((await write()).status).toBe(503)
    await wellBehaved()
  })

  it('takes the first rule that matches and is not used up', async () => {
    await misbehave(simulator, {
      rules: [
        { match: { method: 'GET' }, status: 500 },
        { times: 1 },
        { status: 502, times: 1 },
        { rateLimit: {}, times: 1 },
      ],
    })
    const statuses = [await write(), await write(), await write()].map(({ status }) => status)
    expect(statuses).toEqual([provider.status, 502, 429])
    expect((await send(`${simulator.url}/elsewhere`, 'GET', provider.headers)).status).toBe(500)
  })

  it('misbehaves before it looks at the credentials', async () => {
    await misbehave(simulator, { status: 503 })
    expect((await send(simulator.baseUrl + provider.path, 'POST', {}, provider.body)).status).toBe(503)
  })

  it('behaves well again after PUT {}', async () => {
    await misbehave(simulator, { status: 503 })
    await misbehave(simulator, {})
    await wellBehaved()
  })
})

/** The texts in a body, so that one of them can be matched. */
function flatten(value: unknown): string[] {
  return typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(flatten)
}
