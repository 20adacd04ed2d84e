import { Pool } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createOblicSimulator } from '../../src/simulators/oblic.ts'
import type { Simulator } from '../../src/simulators/simulator.ts'
import { misbehave, oblicAddPath, oblicHeaders, providerCases, send } from './provider-calls.ts'

describe.each(providerCases)('the /_sim routes of $name', (provider) => {
  let simulator: Simulator
  const write = () => send(simulator.baseUrl + provider.path, 'POST', provider.headers, provider.body)
  const control = (method: string, path: string, body?: unknown) =>
    send(`${simulator.url}/_sim${path}`, method, {}, body)

  beforeEach(async () => {
    simulator = provider.create()
    await simulator.listen()
  })
  afterEach(() => simulator.close())

  it('show the behaviour as it was set', async () => {
    expect((await control('GET', '/behaviour')).body).toEqual({})
    await misbehave(simulator, { status: 503, times: 3 })
    await write()
    expect((await control('GET', '/behaviour')).body).toEqual({ status: 503, times: 3 })
    expect(simulator.behaviour()).toEqual({ status: 503, times: 3 })
  })

  it.each([
    ['a misspelt member', { latency: 5 }, 'behaviour.latency is not known here; known are: match, times, latencyMs'],
    [
      'a misspelt inner member',
      { match: { url: 'x' } },
      'behaviour.match.url is not known here; known are: operation, method, path',
    ],
    ['an unknown quirk', { quirks: { nonsense: true } }, 'behaviour.quirks.nonsense is not known here; known are: '],
    ['a member of Object.prototype', { constructor: 1 }, 'behaviour.constructor is not known here'],
    ['a wrong type', { latencyMs: '5' }, 'behaviour.latencyMs must be a whole number, 0 or more'],
    ['a wrong value', { hang: 'later' }, 'behaviour.hang must be one of "before", "after"'],
    ['an impossible status', { status: 99 }, 'behaviour.status must be a status from 200 to 599'],
    ['zero times', { times: 0 }, 'behaviour.times must be a whole number, 1 or more'],
    ['two faults at once', { status: 500, hang: 'before' }, 'behaviour has status and hang: one fault at a time'],
    ['a redirect to nowhere', { redirect: { status: 302 } }, 'behaviour.redirect needs a location'],
    ['half a drip', { drip: { bytes: 1 } }, 'behaviour.drip needs bytes and intervalMs'],
    ['an unknown operation', { match: { operation: 'adds' } }, 'behaviour.match.operation must be one or more of "'],
    ['no operation at all', { match: { operation: [] } }, 'behaviour.match.operation must be one or more of "'],
    [
      'an unknown step',
      { answer: { envelop: 'data' } },
      'behaviour.answer.envelop is not known here; known are: status,',
    ],
    [
      'a step with a wrong value',
      { answer: [{ status: 200 }, { times: 'soon' }] },
      'behaviour.answer[1].times must be',
    ],
    ['a step without its place', { answer: { remove: true } }, 'behaviour.answer.remove needs at, a JSON pointer'],
    ['a place for a step that has none', { answer: { status: 200, at: '/x' } }, 'behaviour.answer.at has no meaning'],
    [
      'a place that is no pointer',
      { answer: { remove: true, at: 'items' } },
      'behaviour.answer.at must be a JSON pointer',
    ],
    ['two steps in one', { answer: { status: 200, envelope: 'data' } }, 'behaviour.answer must have one step'],
    ['an empty step', { answer: {} }, 'behaviour.answer must have one step'],
    ['a step that is none', { answer: ['gzip'] }, 'behaviour.answer[0] must be an object'],
    ['an answer that is none', { answer: 'gzip' }, 'behaviour.answer must be a step such as'],
    ['chance without a seed', { random: { steps: 2 } }, 'behaviour.random needs a seed'],
    ['an impossible share', { random: { seed: 1, share: 2 } }, 'behaviour.random.share must be a number from 0 to 1'],
    ['an unknown group of steps', { random: { seed: 1, only: ['wires'] } }, 'behaviour.random.only must be a list of'],
    ['an unknown form of a 429', { rateLimit: { as: 'body' } }, 'behaviour.rateLimit.as must be one of "header"'],
    [
      'an unknown habit',
      { quirks: { refuses: 'all' } },
      'behaviour.quirks.refuses must be one of "nothing", "balance"',
    ],
    ['a negative amount', { quirks: { maxBatch: -1 } }, 'behaviour.quirks.maxBatch must be a whole number, 0 or more'],
    ['rules that are none', { rules: {} }, 'behaviour.rules must be an array'],
    ['a bad rule', { rules: [{}, { statuss: 500 }] }, 'behaviour.rules[1].statuss is not known here'],
    ['rules inside rules', { rules: [{ rules: [] }] }, 'behaviour.rules[0].rules is not known here'],
    [
      'a fault beside rules',
      { rules: [], status: 500 },
      'behaviour.rules stands alone or with quirks, not with status',
    ],
    ['an array', [], 'behaviour must be an object'],
    ['null', null, 'behaviour must be an object'],
    ['broken JSON', '{"status":', 'the behaviour must be a JSON object'],
  ])('refuse %s and keep the behaviour in force', async (_name, behaviour, text) => {
    await misbehave(simulator, { status: 503 })
    const { status, body } = await control('PUT', '/behaviour', behaviour)
    expect(status).toBe(400)
    expect((body as { error: string }).error).toContain(text)
    expect(simulator.behaviour()).toEqual({ status: 503 })
  })

  it('describe every name that a behaviour may have, and what is assumed', async () => {
    const { body, headers } = await control('GET', '/behaviour')
    expect([body, headers.get('link')]).toEqual([{}, '</_sim/behaviour/schema>; rel="describedby"'])
    const schema = (await control('GET', '/behaviour/schema')).body as Schema
    const refusal = (await control('PUT', '/behaviour', { nonsense: 1 })).body as { error: string }
    const known = refusal.error.split('known are: ')[1]?.split(', ') ?? []
    expect(Object.keys(schema.properties).sort()).toEqual(known.sort())
    const { answer, random, quirks } = schema.properties
    for (const described of [answer, random, quirks?.properties?.refuses, quirks?.properties?.tooMany])
      expect(described?.description).toMatch(/^Assumed \(no document says so\)\. /)
    expect(quirks?.properties?.refuses?.description).toContain('wrong blame')
  })

  it('refuse an unknown member in process as well', () => {
    expect(() => simulator.setBehaviour({ stats: 500 } as never)).toThrow('behaviour.stats is not known here')
  })

  it('show each request exactly as it was received, credentials included', async () => {
    await write()
    await send(`${simulator.baseUrl}${provider.path}?q=%2B1`, 'POST', { 'x-other': 'a' }, 'not json')
    const { body } = await control('GET', '/requests')
    expect(body).toEqual({
      total: 2,
      requests: [
        {
          at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
          operation: provider.operation,
          method: 'POST',
          path: new URL(simulator.baseUrl + provider.path).pathname,
          headers: expect.objectContaining(provider.headers),
          body: provider.body,
          applied: true,
        },
        expect.objectContaining({
          path: `${new URL(simulator.baseUrl + provider.path).pathname}?q=%2B1`,
          headers: expect.objectContaining({ 'x-other': 'a' }),
          body: 'not json',
          applied: false,
        }),
      ],
    })
    expect((body as { requests: unknown }).requests).toEqual(simulator.requests())
  })

  it('show only the newest requests when asked, and do not count themselves', async () => {
    for (const path of ['/a', '/b', '/c']) await send(simulator.url + path, 'GET', provider.headers)
    const { body } = await control('GET', '/requests?limit=2')
    expect(body).toMatchObject({ total: 3, requests: [{ path: '/b' }, { path: '/c' }] })
    expect(simulator.requestTotal()).toBe(3)
  })

  it('show the contacts, or only their number', async () => {
    await write()
    const { body } = await control('GET', '/contacts')
    expect(body).toMatchObject({ total: 1, contacts: [{}] })
    expect((body as { contacts: unknown }).contacts).toEqual(simulator.contacts())
    const count = (await control('GET', '/contacts?count=true')).body
    expect(count).toMatchObject({ total: 1 })
    expect(count).not.toHaveProperty('contacts')
  })

  it.each([
    ['POST', '/reset'],
    ['DELETE', '/state'],
  ])('forget everything with %s %s', async (method, path) => {
    await write()
    await misbehave(simulator, { status: 503 })
    expect((await control(method, path)).status).toBe(204)
    expect([simulator.counts().total, simulator.requests(), simulator.requestTotal()]).toEqual([0, [], 0])
    expect(simulator.behaviour()).toEqual({})
    expect((await write()).status).toBe(provider.status)
    expect(simulator.counts().total).toBe(1)
  })

  it('are not touched by the misbehaviour', async () => {
    await misbehave(simulator, { hang: 'before' })
    expect((await control('GET', '/requests')).status).toBe(200)
  })

  it('count requests without keeping them, or without their bodies, when told so at the start', async () => {
    for (const [options, kept] of [
      [{ recordRequests: false }, []],
      [{ recordBodies: false }, [expect.objectContaining({ method: 'POST', body: null, applied: true })]],
    ] as const) {
      const quiet = provider.create(options)
      await quiet.listen()
      await send(quiet.baseUrl + provider.path, 'POST', provider.headers, provider.body)
      expect(quiet.requests()).toEqual(kept)
      expect(quiet.requestTotal()).toBe(1)
      await quiet.close()
    }
  })

  it('give out no address before it listens', () => {
    expect(() => provider.create().url).toThrow('does not listen yet')
  })

  it('wait for a request that has come or will come', async () => {
    const coming = simulator.waitForRequest((request) => request.applied)
    await write()
    expect(await coming).toMatchObject({ body: provider.body, applied: true })
    expect(await simulator.waitForRequest(({ method }) => method === 'POST')).toMatchObject({ body: provider.body })
  })
})

type Described = { description?: string; properties?: Record<string, Described> }
type Schema = { properties: Record<string, Described> }

describe('a simulator under load', () => {
  it('keeps the newest 10,000 requests and counts all', { timeout: 60_000 }, async () => {
    const simulator = createOblicSimulator()
    await simulator.listen()
    simulator.setBehaviour({ status: 503 })
    const pool = new Pool(simulator.url, { connections: 10, pipelining: 5 })
    const ask = (number: number) => pool.request({ method: 'GET', path: `/${number}` }).then(({ body }) => body.dump())
    for (let round = 0; round < 201; round++)
      await Promise.all(Array.from({ length: 50 }, (_, index) => ask(round * 50 + index)))
    await pool.close()
    expect(simulator.requestTotal()).toBe(10_050)
    expect(simulator.requests()).toHaveLength(10_000)
    expect(Number(simulator.requests(1)[0]?.path.slice(1))).toBeGreaterThanOrEqual(10_000)
    await simulator.close()
  })

  it('pages through its contacts', async () => {
    const simulator = createOblicSimulator()
    await simulator.listen()
    const contacts = Array.from({ length: 5 }, (_, index) => ({ name: 'N', email: `n${index}@example.com` }))
    await send(simulator.url + oblicAddPath, 'POST', oblicHeaders, contacts)
    const { body } = await send(`${simulator.url}/_sim/contacts?limit=2&offset=3`, 'GET', {})
    expect(body).toMatchObject({ total: 5, contacts: [{ email: 'n3@example.com' }, { email: 'n4@example.com' }] })
    await simulator.close()
  })

  it('accepts a body of nearly 10 MB and refuses a larger one in its own way', async () => {
    const simulator = createOblicSimulator({ quirks: { unknownMembers: 'ignored' } })
    await simulator.listen()
    const add = (bytes: number) =>
      send(simulator.url + oblicAddPath, 'POST', oblicHeaders, [{ name: 'x'.repeat(bytes), email: 'n@example.com' }])
    expect((await add(10_000_000)).status).toBe(200)
    const refused = await add(11_000_000)
    expect(refused.status).toBe(413)
    expect(refused.body).toMatchObject({ status: 'error', errors: [{ cd: 'INVALID_REQUEST' }] })
    await simulator.close()
  })
})
