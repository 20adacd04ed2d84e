import { expect, onTestFinished, test } from 'vitest'
import type { ListChange, OutboxEvent, WaitingEvent } from '../../../src/services/event-store-port.ts'
import { changeOfAccount } from '../../../src/services/events/account-changes.ts'
import type { EventEndpoint } from '../../../src/services/events/endpoints.ts'
import { startEventWorkers } from '../../../src/services/events/event-workers.ts'
import { startRelay } from '../../../src/services/events/relay.ts'
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'

function endpointOf(id: string, client: string, more: Partial<EventEndpoint> = {}): EventEndpoint {
  return {
    id,
    client,
    url: `https://${client}.example/`,
    place: `clients.${client}.webhooks[0]`,
    entry: `entry of ${id}`,
    events: new Set(['account.changed', 'import.finished', 'suppressions.changed']),
    addresses: false,
    mayUseAccount: () => true,
    send: async () => ({ status: 204 }),
    ...more,
  }
}

/** A relay on a store of its own, in virtual time. */
function surroundings(endpoints: readonly EventEndpoint[], described: 'gone' | 'broken' | object = { id: 'x' }) {
  const clock = { now: Date.parse('2026-11-30T10:00:00Z') }
  const now = () => clock.now
  const { events, close } = openSqliteStore({ dataDir: ':memory:', now })
  const lines: string[] = []
  const counted: string[] = []
  const log = (_fields: object, message: string) => void lines.push(message)
  const around = {
    store: events,
    endpoints: new Map(endpoints.map((endpoint) => [endpoint.id, endpoint])),
    log: { info: log, warn: log, error: log },
    observer: {
      tried: () => {},
      ended: (client: string, outcome: string, count = 1) => void counted.push(`${client} ${outcome} ${count}`),
      turnedOff: () => {},
    },
    now,
  }
  const relay = startRelay({
    ...around,
    everyMs: 20,
    describe: async () => {
      if (described === 'broken') throw new Error('cannot be read')
      return described === 'gone' ? undefined : (described as Record<string, unknown>)
    },
  })
  onTestFinished(async () => {
    await relay.close()
    await close()
  })
  const carried = () => expect.poll(() => events.waiting()).toEqual([])
  const of = async (client: string) =>
    (await events.page(client, { limit: 100 })).items.map(({ delivery, payload }) => ({
      ...delivery,
      body: JSON.parse(payload.body),
    }))
  return { events, relay, carried, of, lines, counted, clock, around }
}

const changed = changeOfAccount(
  ['sms', 'addContacts', 'number_as_text', '{id: string}'],
  Date.parse('2026-11-30T09:00Z'),
)
const finished: OutboxEvent = { type: 'import.finished', cause: 'i', at: 1, client: 'crm', data: { id: 'i' } }

test('an event of an account goes to each client that may use it, once a day for each account, operation and form', async () => {
  const { events, carried, of } = surroundings([
    endpointOf('1', 'crm'),
    endpointOf('2', 'erp', { mayUseAccount: (account) => account !== 'sms' }),
    endpointOf('3', 'shop', { events: new Set(['import.finished']) }),
  ])
  const later = changeOfAccount(['sms', 'addContacts', 'number_as_text', '{id: string}'], changed.at + 3_600_000)
  const tomorrow = changeOfAccount(['sms', 'addContacts', 'number_as_text', '{id: string}'], changed.at + 86_400_000)
  for (const one of [changed, later, tomorrow]) await events.put(one)
  await carried()
  const told = await of('crm')
  expect(told).toHaveLength(2)
  expect(told[0]?.body.data).toEqual({
    account: 'sms',
    operation: 'addContacts',
    change: 'number_as_text',
    shape: '{id: string}',
  })
  expect(await of('erp')).toEqual([])
  expect(await of('shop')).toEqual([])
})

test('an event that was written twice is one delivery at each endpoint of its client, with one id', async () => {
  const { events, carried, of } = surroundings([endpointOf('1', 'crm'), endpointOf('2', 'crm'), endpointOf('3', 'erp')])
  await events.put(finished)
  await carried()
  await events.put(finished)
  await carried()
  const told = await of('crm')
  expect(told.map(({ endpoint }) => endpoint).sort()).toEqual(['1', '2'])
  expect(new Set(told.map(({ eventId }) => eventId)).size).toBe(1)
  expect(await of('erp')).toEqual([])
})

test.each(['gone', 'broken'] as const)(
  'an event of something that is %s is told to nobody, does not hold up others, and the log says so',
  async (how) => {
    const { events, carried, of, lines } = surroundings([endpointOf('1', 'crm')], how)
    await events.put(finished)
    await events.put(changed)
    await carried()
    expect((await of('crm')).map(({ type }) => type)).toEqual(['account.changed'])
    expect(lines).toHaveLength(1)
  },
)

test('an event for an endpoint that is turned off is kept as given up', async () => {
  const { events, carried, of, counted } = surroundings([endpointOf('1', 'crm')])
  await events.turnOff('1', 'entry of 1')
  await events.put(changed)
  await carried()
  expect(await of('crm')).toMatchObject([{ state: 'given_up', lastFailure: 'endpoint_off', tries: 0 }])
  expect(counted).toEqual(['crm given_up 1'])
})

test('an event for nobody to be called is kept to be read: it neither waits nor is given up', async () => {
  const { events, carried, of, counted, lines, around } = surroundings([
    endpointOf('1', 'crm', { url: undefined, send: undefined }),
  ])
  const workers = startEventWorkers({ ...around, random: () => 0, leaseMs: 1_000, everyMs: 20 })
  onTestFinished(() => workers.close())
  await events.put(changed)
  await carried()
  expect(await of('crm')).toMatchObject([{ state: 'kept', tries: 0, body: { type: 'account.changed' } }])
  expect(await events.countPending()).toBe(0)
  expect((await events.page('crm', { limit: 9, state: 'given_up' })).items).toEqual([])
  expect((await events.page('crm', { limit: 9, state: 'kept' })).items).toHaveLength(1)
  expect([counted, lines]).toEqual([[], []])
})

test('parts of a write that are found later are left to who writes for two seconds, and told as they are found', async () => {
  const { events, relay, of, clock } = surroundings([endpointOf('1', 'crm')])
  const part = (id: string): OutboxEvent => ({
    type: 'suppressions.changed',
    cause: 'a-write',
    at: clock.now,
    data: { created: [id], updated: [], removed: [], since: clock.now },
  })
  await events.put(part('first'))
  await events.put(part('second'))
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await of('crm')).toEqual([])
  relay.nudge('a-write')
  await expect.poll(() => of('crm')).toHaveLength(1)
  expect((await of('crm'))[0]?.body.data).toMatchObject({ created: 2, ids: ['first', 'second'] })
  await events.put(part('third'))
  clock.now += 2_000
  await expect.poll(() => of('crm')).toHaveLength(2)
})

/** Leaves parts of one write, each with one entry, which are carried together. */
async function leave({ events, clock }: ReturnType<typeof surroundings>, ids: readonly string[]): Promise<void> {
  for (const id of ids)
    await events.put({
      type: 'suppressions.changed',
      cause: 'a-write',
      at: clock.now,
      data: { created: [id], updated: [], removed: [], since: clock.now },
    })
  clock.now += 2_000
}
const idsTold = (told: readonly { readonly body: { readonly data: { readonly ids: readonly string[] } } }[]) =>
  told.map(({ body }) => body.data.ids.toSorted())

/** Parts are kept for the endpoint of `1` by somebody who then lets `left` of them stand, as one who dies may. */
async function carriedUpTo(left: readonly string[], all: readonly string[]) {
  const around = surroundings([endpointOf('1', 'crm')])
  for (const ids of [all, left]) {
    await leave(around, ids)
    await around.carried()
  }
  return around
}

test.each([
  ['nothing of it', ['a', 'b', 'c']],
  ['one part of it', ['a', 'b']],
  ['all but one part of it', ['a']],
])('a write that was told is not told again when who told it had taken away %s', async (_what, left) => {
  const { of } = await carriedUpTo(left, ['b', 'c', 'a'])
  expect(idsTold(await of('crm'))).toEqual([['a', 'b', 'c']])
})

test('of a write that was told in part only the rest is told, in another event, whoever dies meanwhile', async () => {
  const around = await carriedUpTo(['a', 'c', 'b', 'd'], ['c', 'a'])
  const told = [
    ['a', 'c'],
    ['b', 'd'],
  ]
  expect(idsTold(await around.of('crm')).sort()).toEqual(told)
  for (const left of [
    ['a', 'b', 'c'],
    ['a', 'b'],
  ]) {
    await leave(around, left)
    await around.carried()
  }
  expect(idsTold(await around.of('crm')).sort()).toEqual(told)
})

test('parts are taken away from the last to the first, so that what is left by who dies names the same event', async () => {
  const whole = surroundings([endpointOf('1', 'crm')])
  const { events, around } = whole
  await whole.relay.close()
  const taken: unknown[] = []
  const store = {
    ...events,
    carried: async (given: readonly WaitingEvent[]) => {
      taken.push(...given.map(({ event }) => (event.data as ListChange).created[0]))
      await events.carried(given)
    },
  }
  await leave(whole, ['b', 'c', 'a'])
  const relay = startRelay({ ...around, store, everyMs: 20, describe: async () => undefined })
  onTestFinished(() => relay.close())
  await expect.poll(() => events.waiting()).toEqual([])
  expect(taken).toEqual(['c', 'b', 'a'])
})

test('what waits for an endpoint that left the configuration is dropped after five minutes, logged and counted', async () => {
  const kept = endpointOf('1', 'crm')
  const away = endpointOf('2', 'crm', { send: async () => ({ failure: 'unreachable' }) })
  const { events, carried, of, lines, counted, clock, around } = surroundings([kept, away])
  const random = () => 0
  const workers = startEventWorkers({ ...around, random, leaseMs: 1_000, everyMs: 20 })
  onTestFinished(() => workers.close())
  await events.put(changed)
  await carried()
  const state = async (endpoint: string) => (await of('crm')).find((one) => one.endpoint === endpoint)
  await expect.poll(() => state('1')).toMatchObject({ state: 'delivered' })
  await expect.poll(() => state('2')).toMatchObject({ state: 'pending', tries: 1 })
  around.endpoints.delete('2')
  workers.follow()
  clock.now += 4 * 60_000
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await state('2')).toMatchObject({ state: 'pending' })
  clock.now += 2 * 60_000
  await expect.poll(() => state('2')).toMatchObject({ state: 'given_up', lastFailure: 'endpoint_gone' })
  expect(counted).toContain('crm dropped 1')
  expect(lines.join()).toContain('dropped')
})
