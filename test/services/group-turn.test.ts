import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Outcome } from '../../src/domain/outcome.ts'
import type { Account } from '../../src/providers/account.ts'
import { vobiz } from '../../src/providers/vobiz/index.ts'
import { deliver } from '../../src/services/delivery/deliver.ts'
import { createListKeeper } from '../../src/services/delivery/list-keeper.ts'
import { planDelivery } from '../../src/services/delivery/plan-delivery.ts'
import { createWriterLeases } from '../../src/services/delivery/writer-leases.ts'
import { StoreUnavailable, type WriterStore } from '../../src/services/store-port.ts'
import { createVobizSimulator, defaultVobizCredentials } from '../../src/simulators/vobiz.ts'
import { contact } from '../providers/adapter-cases.ts'
import { accountAt } from '../support/account-at.ts'
import { nobodySuppressed } from '../support/nobody-suppressed.ts'

/** A batch that goes as one file, while others write one of its people. */
const simulator = createVobizSimulator()
const settings = { emailAttribute: 'email', csvImport: true, updateReplaces: false }
const target = { tag: 'newsletter' }
const phoneOf = (index: number) => `+9198765${43_000 + index}`
const people = Array.from({ length: 500 }, (_, index) => ({
  contact: contact({ name: `Person ${index}`, phone: phoneOf(index) }),
  warnings: [],
  error: undefined,
}))

let asked: string[] = []
/** `away`: nobody can reach it. */
let isAway = false
const answer = async <Value>(call: string, value: Value) => {
  asked.push(call)
  if (isAway) throw new StoreUnavailable('away')
  return value
}
const store: WriterStore = {
  takeOne: () => answer('takeOne', { endedMsAgo: undefined }),
  endOne: () => answer('endOne', undefined),
  takeGroup: () => answer('takeGroup', []),
  endGroup: () => answer('endGroup', undefined),
}

let account: Account
beforeAll(async () => {
  await simulator.listen()
  account = accountAt(vobiz, simulator.baseUrl, { ...defaultVobizCredentials }, settings, createWriterLeases(store))
})
beforeEach(() => {
  simulator.reset()
  asked = []
  isAway = false
})
afterAll(async () => {
  await account.channel.close()
  await simulator.close()
})

async function sendBatch(deadlineMs = 10_000): Promise<readonly Outcome[]> {
  const at = { account, target, fields: vobiz.fields(settings, target) }
  const plan = planDelivery(at, people, 'update')
  const context = { deadlineAt: performance.now() + deadlineMs, log: { debug() {}, error() {} } }
  return deliver(
    { at, contacts: people, onConflict: 'update', plan, watch: nobodySuppressed },
    createListKeeper(),
    context,
  )
}

const statuses = (outcomes: readonly Outcome[]) => outcomes.map(({ status }) => status)

test('the people of a whole batch have their turn for one call of the store, and one when it ends', async () => {
  expect(new Set(statuses(await sendBatch()))).toEqual(new Set(['created']))
  expect(simulator.requestTotal()).toBe(1)
  expect(asked).toEqual(['takeGroup', 'endGroup'])
})

test('who is being written goes when that has ended', async () => {
  const others = Promise.withResolvers<void>()
  const line = account.policies.writers.inLine(phoneOf(7), Number.POSITIVE_INFINITY, () => others.promise)
  const batch = sendBatch()
  await nextTurn()
  expect(simulator.requestTotal()).toBe(0)
  others.resolve()
  await line
  expect(new Set(statuses(await batch))).toEqual(new Set(['created']))
})

test('who is being written for too long is told so, and the others are sent', async () => {
  const others = Promise.withResolvers<void>()
  const line = account.policies.writers.inLine(phoneOf(7), Number.POSITIVE_INFINITY, () => others.promise)
  const outcomes = await sendBatch(1_000)
  expect(outcomes[7]).toMatchObject({ status: 'failed', error: { code: 'provider_busy', retriable: true } })
  expect(new Set(statuses(outcomes.toSpliced(7, 1)))).toEqual(new Set(['created']))
  expect(simulator.counts().total).toBe(people.length - 1)
  others.resolve()
  await line
})

test('where the replicas cannot agree, whoever was there before is told that another may have written them', async () => {
  isAway = true
  const notAsked = (outcome: Outcome | undefined) =>
    outcome?.warnings.filter(({ detail }) => detail.includes('could not be asked')).length
  const created = await sendBatch()
  expect([created[0]?.status, notAsked(created[0])]).toEqual(['created', 0])
  const updated = await sendBatch()
  expect([updated[0]?.status, notAsked(updated[0])]).toEqual(['updated', 1])
})
