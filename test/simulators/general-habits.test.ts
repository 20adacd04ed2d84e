import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { oblicQuirks } from '../../src/simulators/oblic.ts'
import { octopushQuirks } from '../../src/simulators/octopush-errors.ts'
import { type Amount, type Habit, isPlain, type QuirkTable, valuesOf } from '../../src/simulators/quirk-table.ts'
import { type RefusalName, refusals } from '../../src/simulators/refusals.ts'
import type { Simulator } from '../../src/simulators/simulator.ts'
import { vobizQuirks } from '../../src/simulators/vobiz-errors.ts'
import {
  misbehave,
  oblicAddPath,
  oblicHeaders,
  octopushHeaders,
  type ProviderCase,
  providerCases,
  send,
  vobizKeyPair,
} from './provider-calls.ts'

describe.each(providerCases)('$name', (provider) => {
  let simulator: Simulator
  const write = (headers = provider.headers) => send(simulator.baseUrl + provider.path, 'POST', headers, provider.body)

  beforeEach(async () => {
    simulator = provider.create()
    await simulator.listen()
  })
  afterEach(() => simulator.close())

  it.each(Object.keys(refusals) as RefusalName[])(
    'refuses every call because of "%s" in its own form',
    async (refuses) => {
      await misbehave(simulator, { quirks: { refuses } })
      const { status, body } = await write()
      expect(status).toBe(refusals[refuses].status)
      expect(JSON.stringify(body)).toContain(refusals[refuses].message)
      expect(simulator.counts().total).toBe(0)
      expect(simulator.requests()).toMatchObject([{ applied: false }])
    },
  )

  it('refuses only the operation of a rule', async () => {
    const match = { operation: 'elsewhere' }
    await misbehave(simulator, { rules: [{ match, quirks: { refuses: 'gone' } }] })
    expect((await send(`${simulator.url}/x`, 'GET', provider.headers)).status).toBe(410)
    expect((await write()).status).toBe(provider.status)
  })

  it('looks at the credentials first', async () => {
    await misbehave(simulator, { quirks: { refuses: 'balance' } })
    expect((await write({ 'content-type': 'application/json' })).status).toBe(401)
  })

  it.each([
    ['413', 413, /./],
    ['own-code', 400, /Too many contacts/],
    ['400-words', 400, /Too many contacts in one request/],
    ['422-words', 422, /Too many contacts in one request/],
    ['403-words', 403, /Too many contacts in one request/],
  ] as const)('refuses a body that is too long as "%s"', async (tooMany, status, words) => {
    await misbehave(simulator, { quirks: { maxBodyBytes: 10, tooMany } })
    const answer = await write()
    expect(answer.status).toBe(status)
    expect(JSON.stringify(answer.body)).toMatch(words)
    expect(simulator.counts().total).toBe(0)
  })

  it('refuses a body that is too long with the page of a proxy', async () => {
    await misbehave(simulator, { quirks: { maxBodyBytes: 10, tooMany: '413-page' } })
    const response = await fetch(simulator.baseUrl + provider.path, {
      method: 'POST',
      headers: provider.headers,
      body: JSON.stringify(provider.body),
    })
    expect([response.status, response.headers.get('content-type')]).toEqual([413, 'text/html'])
    expect(await response.text()).toContain('Request Entity Too Large')
  })

  it('takes headers in the case of its documents alone, when it is told to', async () => {
    const documented: Record<string, string> = {
      authorization: 'Authorization',
      'content-type': 'Content-Type',
      'x-auth-id': 'X-Auth-ID',
      'x-auth-token': 'X-Auth-Token',
    }
    const inCase = Object.fromEntries(
      Object.entries(provider.headers).map(([name, value]) => [documented[name] ?? name, value]),
    )
    const lower = provider.headers
    const upper = Object.fromEntries(Object.entries(inCase).map(([name, value]) => [name.toUpperCase(), value]))
    expect(await rawStatus(lower)).toBe(provider.status)
    simulator.reset()
    await misbehave(simulator, { quirks: { headerCase: 'documented' } })
    expect(await rawStatus(inCase)).toBe(provider.status)
    expect(await rawStatus(upper)).toBe(401)
  })

  /** fetch would write the names of headers in lower case. */
  function rawStatus(headers: Record<string, string>): Promise<number> {
    const { hostname, port, pathname } = new URL(simulator.baseUrl + provider.path)
    const body = JSON.stringify(provider.body)
    const all = { ...headers, Host: hostname, 'Content-Length': String(body.length), Connection: 'close' }
    const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const socket = connect(Number(port), hostname, () =>
      socket.write(`POST ${pathname} HTTP/1.1\r\n${head.join('')}\r\n${body}`),
    )
    socket.once('data', (chunk) => resolve(Number(String(chunk).slice(9, 12))))
    socket.on('error', reject)
    return promise
  }
})

describe('batches that are too large', () => {
  const person = (index: number) => ({ name: 'N', email: `n${index}@example.com` })

  it.each(['oblic', 'octopush', 'vobiz'])(
    'are refused by %s over the size that is set, and taken up to it',
    async (name) => {
      const simulator = (providerCases.find((provider) => provider.name === name) as ProviderCase).create()
      await simulator.listen()
      await misbehave(simulator, { quirks: { maxBatch: 3, tooMany: '413' } })
      const sendOf: Record<string, (count: number) => Promise<{ status: number }>> = {
        oblic: (count) =>
          send(
            simulator.url + oblicAddPath,
            'POST',
            oblicHeaders,
            Array.from({ length: count }, (_, index) => person(index)),
          ),
        octopush: (count) =>
          send(`${simulator.baseUrl}/contact/create`, 'POST', octopushHeaders, {
            contacts: Array.from({ length: count }, (_, index) => ({ phone_number: `+3361234567${index}` })),
          }),
        vobiz: (count) => {
          const rows = Array.from({ length: count }, (_, index) => `+9198765432${10 + index},N\n`)
          const form = new FormData()
          form.set('file', new File([`phone_number,name\n${rows.join('')}`], 'contacts.csv'))
          return fetch(`${simulator.baseUrl}/contacts/import`, { method: 'POST', headers: vobizKeyPair, body: form })
        },
      }
      expect((await sendOf[name]?.(4))?.status).toBe(413)
      expect(simulator.counts().total).toBe(0)
      expect((await sendOf[name]?.(3))?.status).toBeLessThan(300)
      expect(simulator.counts().total).toBe(3)
      await simulator.close()
    },
  )
})

describe.each([
  ['oblic', oblicQuirks],
  ['octopush', octopushQuirks],
  ['vobiz', vobizQuirks],
] as const)('every quirk of %s', (name, table: QuirkTable) => {
  const provider = providerCases.find((each) => each.name === name) as ProviderCase
  const assumed = Object.values(table).filter((quirk): quirk is Habit | Amount => !isPlain(quirk))

  it('that is assumed says where it shows, what it does and what it plays', () => {
    for (const quirk of assumed) {
      expect(quirk.operations.length).toBeGreaterThan(0)
      expect(quirk.does.length).toBeGreaterThan(10)
      expect(quirk.plays.length).toBeGreaterThan(10)
    }
  })

  it('is taken in each of its values, and answers a write and its repetition in HTTP', async () => {
    const simulator = provider.create()
    await simulator.listen()
    for (const [name, quirk] of Object.entries(table))
      for (const value of valuesOf(quirk) ?? [0, 1]) {
        await misbehave(simulator, { quirks: { [name]: value } })
        for (const _ of ['first', 'second']) {
          const response = await fetch(simulator.baseUrl + provider.path, {
            method: 'POST',
            headers: provider.headers,
            body: JSON.stringify(provider.body),
          })
          await response.text()
          expect(response.status, `${name}: ${value}`).toBeGreaterThanOrEqual(200)
        }
        simulator.reset()
      }
    await simulator.close()
  })
})
