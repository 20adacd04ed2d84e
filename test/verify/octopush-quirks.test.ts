import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { octopush } from '../../src/providers/octopush/index.ts'
import { createOctopushSimulator, defaultOctopushCredentials } from '../../src/simulators/octopush.ts'
import { octopushQuirks } from '../../src/simulators/octopush-errors.ts'
import { type Expected, quirkCases, withoutProbe } from './quirk-cases.ts'
import { changedProbes, seenBy, useMovingClock, verify } from './verified-account.ts'

const noReading = 'No call shows what is kept of somebody.'

/** Which probe sees what a simulator may do; where none can, why. */
const expected: Expected<typeof octopushQuirks> = {
  refuses: 'Nothing can be asked: the run says so, and settles nothing.',
  maxBatch: 'It takes more people than a run writes to.',
  maxBodyBytes: 'It takes more people than a run writes to.',
  tooMany: 'It takes more people than a run writes to.',
  writeDelayMs: 'A run makes one call at a time, and it takes two.',
  skippedJoinsList: noReading,
  headerCase: ['OCT-HEADER-CASE'],
  errorCode: ['OCT-ERROR-CODE'],
  listExists: ['OCT-LIST-EXISTS'],
  listMade: ['OCT-LIST-MADE'],
  listLagCalls: ['OCT-LIST-LAG', 2],
  listLagMs: ['OCT-LIST-LAG', 5_000],
  missingList: ['OCT-CONTRA-4'],
  createsMissingLists: ['OCT-CONTRA-4'],
  existing: ['OCT-EXISTING'],
  doNotOverwrite: ['OCT-CONTRA-1'],
  items: ['OCT-ITEMS'],
  itemStatus: ['OCT-STATUS'],
  stores: [
    'OCT-ITEMS',
    { 'without-lists': 'OCT-CONTRA-4', 'without-tags': noReading, 'without-names': noReading, nothing: 'OCT-EXISTING' },
  ],
  severalTags: ['OCT-CONTRA-5', { first: noReading, none: noReading }],
  severalLists: ['OCT-LIST-NAMES', { first: noReading, none: noReading }],
  email: ['OCT-CONTRA-3'],
  storesEmail: ['OCT-CONTRA-3'],
  optOutFlag: ['OCT-CONTRA-2'],
  numberForm: ['OCT-NUMBER-FORM'],
  answersWithoutPlus: ['OCT-NUMBER-FORM'],
  reversesItems: ['OCT-ORDER'],
  deletion: ['OCT-DELETE'],
  unknownNumber: ['OCT-UNKNOWN-NUMBER'],
  removal: ['OCT-REMOVAL'],
}

const simulator = createOctopushSimulator()
const people = { phones: ['+33612345678', '+33612345679'], emails: ['jane@example.com'], optedOut: '+33612340404' }
let usual: Record<string, string>

beforeAll(async () => {
  await simulator.listen()
  useMovingClock()
  usual = seenBy(await run({}))
})
afterAll(async () => {
  vi.useRealTimers()
  await simulator.close()
})

const run = (quirks: object) => {
  simulator.reset()
  simulator.setBehaviour({ quirks })
  return verify(octopush, simulator.baseUrl, { ...defaultOctopushCredentials }, people)
}

test('everything is settled, and as assumed, where nothing is odd; nobody and no list is left', () => {
  const { probes } = octopush.probes ?? { probes: [] }
  expect(Object.keys(usual).toSorted()).toEqual(probes.map(({ id }) => id).toSorted())
  for (const { id, assumes } of probes) expect(assumes, id).toContain(usual[id])
  expect(simulator.counts()).toMatchObject({ total: 0, lists: 0 })
})

describe('a quirk is seen by the probe that is there for it, and by no other:', () => {
  test.each(quirkCases(octopushQuirks, expected))('%s %s by %s', async (name, value, probe) => {
    const { settled, calls } = await run({ [name]: value })
    expect(changedProbes(usual, seenBy({ settled }))).toEqual([probe])
    expect(calls.length).toBeLessThanOrEqual(60)
  })
})

describe('what no probe can see leaves no probe with a false answer:', () => {
  test.each(withoutProbe(octopushQuirks, expected))('%s %s', async (name, value) => {
    expect(changedProbes(usual, seenBy(await run({ [name]: value })))).toEqual([])
  })
})

test('a number that is there is left as it is', async () => {
  simulator.reset()
  const headers = { 'api-login': 'sandbox@octopush.example', 'api-key': 'octopush-sandbox-key' }
  const body = JSON.stringify({ contacts: [{ phone_number: people.phones[0], first_name: 'Somebody' }] })
  await fetch(`${simulator.baseUrl}/contact/create`, { method: 'POST', headers, body })
  const before = simulator.contacts()
  const { stop, left } = await verify(octopush, simulator.baseUrl, { ...defaultOctopushCredentials }, people)
  expect([stop?.kind, left]).toEqual(['objection', undefined])
  expect(simulator.contacts()).toEqual(before)
})

test('where deletions are answered and not done, the run says who is left', async () => {
  const { left } = await run({ deletion: 'answered-only' })
  expect(left).toContain('delete the test people in the account')
})
