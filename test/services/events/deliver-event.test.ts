import { describe, expect, onTestFinished, test } from 'vitest'
import type { Delivery } from '../../../src/services/event-store-port.ts'
import { createDeliverer } from '../../../src/services/events/deliver-event.ts'
import type { EventEndpoint, SendResult } from '../../../src/services/events/endpoints.ts'
import { pauseAfter, pausesMs } from '../../../src/services/events/next-try.ts'
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'

const start = Date.parse('2026-11-30T10:00:00Z')
const [minuteMs, hourMs] = [60_000, 3_600_000]

const pending: Delivery = {
  id: 'd',
  eventId: 'e',
  client: 'crm',
  endpoint: 'one',
  type: 'test',
  createdAt: start,
  state: 'pending',
  tries: 0,
  nextTryAt: start,
}

/** Deliveries at an endpoint that answers so, in virtual time. */
function surroundings(answer: (event: { id: string; at: number; body: string }) => SendResult | Promise<SendResult>) {
  const store = openSqliteStore({ dataDir: ':memory:' })
  onTestFinished(() => store.close())
  const clock = { now: start }
  const lines: unknown[] = []
  const log = (fields: object, message: string) => void lines.push([fields, message])
  const counted: string[] = []
  const sent: { id: string; at: number; body: string }[] = []
  const endpoint: EventEndpoint = {
    id: 'one',
    client: 'crm',
    url: 'https://crm.example/token-in-the-path',
    place: 'clients.crm.webhooks[0]',
    entry: 'entry',
    events: new Set(),
    addresses: false,
    mayUseAccount: () => true,
    async send(event) {
      sent.push(event)
      return answer(event)
    },
  }
  const endpoints = new Map([[endpoint.id, endpoint]])
  const stop = Promise.withResolvers<never>()
  stop.promise.catch(() => {})
  const deliver = createDeliverer({
    store: store.events,
    endpoints,
    log: { info: log, warn: log, error: log },
    observer: {
      tried: (client, result) => void counted.push(`${client} ${result}`),
      ended: (client, outcome) => void counted.push(`${client} ${outcome}`),
      turnedOff: (client) => void counted.push(`${client} off`),
    },
    now: () => clock.now,
    random: () => 0,
    stopped: stop.promise,
  })
  /** Tries until it has ended; the pauses between. */
  const whole = async (delivery = pending) => {
    const pauses: number[] = []
    let one = delivery
    while (one.state === 'pending') {
      const before = clock.now
      one = await deliver(one, 'secret body')
      if (one.nextTryAt === undefined) break
      pauses.push(one.nextTryAt - before)
      clock.now = one.nextTryAt
    }
    return { pauses, delivery: one }
  }
  return { store, clock, deliver, whole, sent, lines, counted, endpoints, endpoint, stop }
}

describe('A delivery', () => {
  test('is tried after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, then given up, logged and counted', async () => {
    const { whole, sent, lines, counted } = surroundings(() => ({ status: 500 }))
    const { pauses, delivery } = await whole()
    const hours = [2, 5, 10, 14, 20, 24].map((count) => count * hourMs)
    expect(pauses).toEqual([5_000, 5 * minuteMs, 30 * minuteMs, ...hours])
    expect(delivery).toMatchObject({ state: 'given_up', tries: 10, lastStatus: 500, lastFailure: 'status' })
    expect(new Set(sent.map(({ id }) => id))).toEqual(new Set(['e']))
    expect(counted).toEqual([...Array(10).fill('crm failed'), 'crm given_up'])
    expect(lines).toHaveLength(1)
    for (const secret of ['secret body', 'token-in-the-path']) expect(JSON.stringify(lines)).not.toContain(secret)
  })

  test('is signed with the time of each try', async () => {
    const { whole, sent } = surroundings(() => ({ status: 503 }))
    const { pauses } = await whole()
    expect(sent.map(({ at }, index) => at - (sent[index - 1]?.at ?? start))).toEqual([0, ...pauses])
  })

  test('has ended with any 2xx', async () => {
    for (const status of [200, 202, 204, 299]) {
      const { whole, counted } = surroundings(() => ({ status }))
      expect((await whole()).delivery).toMatchObject({
        state: 'delivered',
        tries: 1,
        lastStatus: status,
        endedAt: start,
      })
      expect(counted).toEqual(['crm delivered', 'crm delivered'])
    }
  })

  test.each([
    [{ failure: 'timeout' }, { lastFailure: 'timeout' }],
    [
      { failure: 'redirected', status: 307 },
      { lastFailure: 'redirected', lastStatus: 307 },
    ],
    [{ failure: 'address_refused' }, { lastFailure: 'address_refused' }],
    [{ failure: 'unreachable' }, { lastFailure: 'unreachable' }],
  ] as const)('that ends with %j goes on', async (result, shown) => {
    const { deliver } = surroundings(() => result)
    expect(await deliver(pending, '')).toMatchObject({ state: 'pending', nextTryAt: start + 5_000, ...shown })
  })

  test('ends with 410, which turns the endpoint off until its entry is another one', async () => {
    const { whole, store, sent, endpoints, endpoint, counted } = surroundings(() => ({ status: 410 }))
    expect((await whole()).delivery).toMatchObject({ state: 'given_up', tries: 1, lastStatus: 410 })
    expect(await store.events.turnedOff('one')).toBe('entry')
    expect((await whole()).delivery).toMatchObject({ state: 'given_up', tries: 0, lastFailure: 'endpoint_off' })
    expect(sent).toHaveLength(1)
    expect(counted).toContain('crm off')
    endpoints.set('one', { ...endpoint, entry: 'another entry' })
    await whole()
    expect(sent).toHaveLength(2)
  })

  test('that somebody asked for once more ends with that try', async () => {
    const { whole } = surroundings(() => ({ status: 500 }))
    const { pauses, delivery } = await whole({ ...pending, tries: 2, isLastTry: true })
    expect(pauses).toEqual([])
    expect(delivery).toMatchObject({ state: 'given_up', tries: 3 })
  })

  test('is left as it is where its endpoint is not configured here, or the process ends', async () => {
    const { deliver, endpoints, stop, sent } = surroundings(() => new Promise(() => {}))
    const trying = deliver(pending, '')
    await expect.poll(() => sent).toHaveLength(1)
    stop.reject(new Error('stopped'))
    await expect(trying).rejects.toThrow('stopped')
    endpoints.clear()
    expect(await deliver(pending, '')).toEqual({ ...pending, nextTryAt: start + minuteMs })
  })
})

describe('The pause before the next try', () => {
  test.each([
    ['60', 60_000],
    ['3', 5_000],
    [new Date(start + 90_000).toUTCString(), 90_000],
    ['999999999', 24 * hourMs],
    ['soon', 5_000],
    ['-5', 5_000],
  ])('after a first failure with Retry-After: %s is %d ms', (header, pause) => {
    expect(pauseAfter(1, header, start, 0)).toBe(pause)
  })

  test('is longer by up to a tenth, by chance', () => {
    for (const [index, pause] of pausesMs.entries()) {
      expect(pauseAfter(index + 1, undefined, start, 0)).toBe(pause)
      expect(pauseAfter(index + 1, undefined, start, 1)).toBe(Math.round(pause * 1.1))
    }
    expect(pauseAfter(pausesMs.length + 1, '5', start, 0)).toBeUndefined()
  })
})
