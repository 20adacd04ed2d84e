import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Outcome } from '../../src/domain/outcome.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import type { openStore } from '../../src/store/open-store.ts'
import { contactSource, freshKey, type TestContact } from '../support/contact-source.ts'
import { type CallFault, FailingStore, failHere, failOnTheWay } from '../support/failing-store.ts'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'
import { type HeldContacts, takeStock } from '../support/held-contacts.ts'
import { isLongRun } from '../support/long-run.ts'
import { sharedRedisUrl } from '../support/redis.ts'
import { accountOf, providers } from '../support/start-fleet.ts'
import { type Answer, startGateway, type TestGateway } from '../support/start-gateway.ts'

/**
 * The store fails at each single one of its calls during a keyed batch to three accounts. What is known of sent contacts
 * is in the answer, nothing that was sent is called not sent, and no repeat sends twice to Oblic, which cannot be asked.
 */
const opening = vi.hoisted(() => ({ failing: undefined as FailingStore | undefined }))
vi.mock('../../src/store/open-store.ts', async (actual) => {
  const module = await actual<{ openStore: typeof openStore }>()
  return {
    ...module,
    openStore: async (options: Parameters<typeof openStore>[0]) => {
      const store = await module.openStore(options)
      return opening.failing?.wrap(store) ?? store
    },
  }
})

/** Small everyday, with as many calls: five chunks to Oblic. */
const size = isLongRun ? 500 : 50
const accounts = isLongRun ? {} : { 'oblic-main': { batchSize: 10 }, 'octopush-fr': { batchSize: 10 } }

type Place = {
  readonly failing: FailingStore
  readonly env: Readonly<Record<string, string>>
  /** Waits until a gateway reaches the store. */
  readonly healed: (gateway: TestGateway) => Promise<void>
}

let way: FaultProxy
let folder: string
let simulators: RunningSimulators
const contacts = contactSource(3_000_000)

beforeAll(async () => {
  way = await startFaultProxy(Number(new URL(sharedRedisUrl()).port))
  folder = mkdtempSync(join(tmpdir(), 'failing-store-'))
  simulators = await startSimulators()
})
afterAll(async () => {
  await simulators?.close()
  await way?.close()
  rmSync(folder, { recursive: true, maxRetries: 5 })
})

const ready = async (gateway: TestGateway) => {
  await expect.poll(async () => (await gateway.call('GET', '/readyz')).status, { timeout: 10_000 }).toBe(200)
}

const places: [name: string, open: () => Place][] = [
  ['SQLite', () => ({ failing: new FailingStore(failHere), env: { DATA_DIR: folder }, healed: async () => {} })],
  [
    'Redis',
    () => ({
      failing: new FailingStore(failOnTheWay(() => way)),
      env: { REDIS_URL: `redis://127.0.0.1:${way.port}`, ROLE: 'api' },
      healed: ready,
    }),
  ],
]

/** Each way of failing. */
const allFaults: [name: string, fault: CallFault & { readonly on: boolean }][] = [
  ['is not done', { does: 'nothing', on: false }],
  ['is done, and not answered', { does: 'all', on: false }],
  ['is not done, and none after it', { does: 'nothing', on: true }],
  ['is done and not answered, and so are all after it', { does: 'all', on: true }],
  ['hangs', { does: 'nothing', late: true, on: false }],
  ['is done and hangs', { does: 'all', late: true, on: false }],
  ['hangs, and all after it', { does: 'nothing', late: true, on: true }],
]

/** The lease of a process that dies: so long another one waits. */
const shortMs = 1_500

/** Everyday the first, one in the middle and the last; which marks come together is up to the machine anyhow. */
const struckCalls = isLongRun ? [1, 2, 3, 4, 5, 6, 7] : [1, 4, 7]

/** A claim, a mark for each chunk to Oblic, and the answer. */
const callsOfABatch = ['claim', 'mark', 'mark', 'mark', 'mark', 'mark', 'complete']

describe.each(places)('on %s', (name, open) => {
  // Everyday without those that take long with a real connection.
  const faults = allFaults.filter(([, { late }]) => isLongRun || name === 'SQLite' || late !== true)
  let place: Place
  const start = async (failing: FailingStore | undefined, leaseMs = 10_000): Promise<TestGateway> => {
    opening.failing = failing
    // A busy machine is none of what is looked at here.
    const limits = { overloadDelayMs: 60_000 }
    const gateway = await startGateway({ accounts, store: { leaseMs }, env: place.env, limits }, simulators)
    onTestFinished(() => gateway.close())
    return gateway
  }
  beforeAll(() => {
    place = open()
  })

  test('a batch of five chunks makes these calls', async () => {
    const gateway = await start(place.failing)
    place.failing.heal()
    expect((await add(gateway, contacts(size), freshKey())).status).toBe(207)
    expect(place.failing.calls).toEqual(callsOfABatch)
  })

  test.each(faults)(
    'whichever call %s: the answer is true, and a repeat completes it',
    { timeout: 300_000 },
    async (_fault, fault) => {
      const { failing, healed } = place
      const gateway = await start(failing)
      for (const first of struckCalls) {
        const [batch, key] = [contacts(size), freshKey()]
        failing.strike({ ...fault, first })
        const answer = await add(gateway, batch, key)
        expectTrue(answer, batch, takeStock(simulators))
        if (fault.on) {
          const meanwhile = await add(gateway, batch, key)
          expectTrue(meanwhile, batch, takeStock(simulators))
          // What is known does not get lost by asking again.
          if (answer.status === 207) expect([meanwhile.status, meanwhile.text]).toEqual([207, answer.text])
        }
        failing.heal()
        await healed(gateway)
        const settled = await untilSettled(gateway, batch, key)
        expect(settled.body.summary.outcomes).toEqual({ accepted: size, created: 2 * size })
        expectAllIn(batch, takeStock(simulators))
        const last = await add(gateway, batch, key)
        expect([last.headers.get('idempotency-replayed'), last.headers.get('idempotency-stored')]).toEqual([
          'true',
          null,
        ])
        expect(last.text).toBe(settled.text)
      }
    },
  )

  test.each(faults.filter(([, { on }]) => on))(
    'whichever call %s, and the process dies: another one completes it, and sends nothing twice to Oblic',
    { timeout: 300_000 },
    async (_fault, fault) => {
      const { failing, healed } = place
      const other = await start(undefined, shortMs)
      for (const first of struckCalls) {
        const [batch, key] = [contacts(size), freshKey()]
        const dying = await start(failing, shortMs)
        failing.strike({ ...fault, first })
        expectTrue(await add(dying, batch, key), batch, takeStock(simulators))
        await dying.gateway.close()
        failing.heal()
        await healed(other)
        const settled = await untilSettled(other, batch, key)
        const held = takeStock(simulators)
        for (const contact of batch) {
          expect(held.sends(contact.email)).toBeLessThanOrEqual(1)
          expect([held.holds('octopush', contact), held.holds('vobiz', contact)]).toEqual([true, true])
        }
        for (const { outcomes } of settled.body.results as Results)
          for (const outcome of outcomes)
            if (outcome.account === accountOf.oblic) expect(['accepted', 'unknown']).toContain(outcome.status)
            else expect(['created', 'updated']).toContain(outcome.status)
      }
    },
  )
})

type Results = readonly { readonly outcomes: readonly Outcome[] }[]

function add(gateway: TestGateway, batch: readonly TestContact[], key: string): Promise<Answer> {
  return gateway.call('POST', '/lists/newsletter/contacts', {
    body: { contacts: batch },
    headers: { 'idempotency-key': key },
  })
}

/** The providers are well: of whatever was sent the outcome is known, and whatever was not sent is not there. */
function expectTrue(answer: Answer, batch: readonly TestContact[], held: HeldContacts): void {
  if (answer.status !== 207) {
    expect([answer.status, answer.body.code]).toEqual([503, 'idempotency-unavailable'])
    for (const contact of batch) for (const provider of providers) expect(held.holds(provider, contact)).toBe(false)
    return
  }
  const results = answer.body.results as Results
  batch.forEach((contact, index) => {
    for (const provider of providers) {
      const outcome = results[index]?.outcomes.find(({ account }) => account === accountOf[provider])
      const { status, error } = outcome ?? {}
      const isIn = held.holds(provider, contact)
      const written = provider === 'oblic' ? 'accepted' : 'created'
      expect([isIn, status]).toEqual(isIn ? [true, written] : [false, 'failed'])
      // Who has waited for the store for long asks it anew who is suppressed.
      const codes = isIn ? [undefined] : ['store_unavailable', 'suppressions_unavailable']
      expect(codes).toContain(error?.code)
    }
  })
}

/** Repeats the request, as a caller does, until nothing of it is left to be done. */
async function untilSettled(gateway: TestGateway, batch: readonly TestContact[], key: string): Promise<Answer> {
  let answer: Answer | undefined
  await expect
    .poll(
      async () => {
        answer = await add(gateway, batch, key)
        return answer.status === 207 && !(answer.body.results as Results).some(({ outcomes }) => outcomes.some(isOpen))
      },
      { timeout: 60_000, interval: 100 },
    )
    .toBe(true)
  return answer as Answer
}

function isOpen({ status, error }: Outcome): boolean {
  return status === 'failed' || (status === 'unknown' && error?.retriable === true)
}

function expectAllIn(batch: readonly TestContact[], held: HeldContacts): void {
  for (const contact of batch) {
    expect(held.sends(contact.email)).toBe(1)
    for (const provider of providers) expect(held.holds(provider, contact)).toBe(true)
  }
}
