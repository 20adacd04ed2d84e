import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { oblic } from '../../src/providers/oblic/index.ts'
import {
  createOblicSimulator,
  defaultOblicCredentials,
  oblicQuirks,
  sampleOblicList,
} from '../../src/simulators/oblic.ts'
import { type Expected, quirkCases, withoutProbe } from './quirk-cases.ts'
import { changedProbes, seenBy, useMovingClock, verify } from './verified-account.ts'

const noReading = 'No call shows who is on a list.'

/** Which probe sees what a simulator may do; where none can, why. */
const expected: Expected<typeof oblicQuirks> = {
  refuses: 'Nothing can be asked: the run says so, and settles nothing.',
  ipNotWhitelisted: 'Nothing can be asked: the run says so, and settles nothing.',
  maxBodyBytes: 'It is not told apart from the number of people.',
  tooMany: 'Only where there is a limit, which has a probe.',
  writeDelayMs: 'A run makes one call at a time, and it takes two.',
  atomic: noReading,
  maxBatch: ['OBL-SIZE', 200],
  headerCase: ['OBL-HEADER-CASE'],
  badContact: ['OBL-ATOMIC', { 'rest-stored': noReading }],
  existing: ['OBL-DUPLICATE', { kept: noReading }],
  invalidEmailStatus: ['OBL-BAD-EMAIL'],
  unknownListStatus: ['OBL-UNKNOWN-LIST'],
  unknownMembers: ['OBL-MEMBERS'],
}

const simulator = createOblicSimulator()
const people = { phones: ['+33612345678'], emails: ['jane@example.com'], list: sampleOblicList, sizes: true }
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
  return verify(oblic, simulator.baseUrl, { ...defaultOblicCredentials }, people)
}

test('everything is settled, and as assumed, where nothing is odd', () => {
  const { probes } = oblic.probes ?? { probes: [] }
  expect(Object.keys(usual).toSorted()).toEqual(probes.map(({ id }) => id).toSorted())
  for (const { id, assumes } of probes) expect(assumes, id).toContain(usual[id])
})

test('nobody is written to but the test person, under addresses of the same box', () => {
  for (const { email } of simulator.contacts()) expect(email).toMatch(/^jane\+cgw-[a-z0-9-]+@example\.com$/)
})

describe('a quirk is seen by the probe that is there for it, and by no other:', () => {
  test.each(quirkCases(oblicQuirks, expected))('%s %s by %s', async (name, value, probe) => {
    expect(changedProbes(usual, seenBy(await run({ [name]: value })))).toEqual([probe])
  })
})

describe('what no probe can see leaves no probe with a false answer:', () => {
  test.each(withoutProbe(oblicQuirks, expected))('%s %s', async (name, value) => {
    expect(changedProbes(usual, seenBy(await run({ [name]: value })))).toEqual([])
  })
})

test.each([401, 403])('from an address that is not listed the run ends, and says so: %i', async (ipNotWhitelisted) => {
  const { stop } = await run({ ipNotWhitelisted })
  expect(stop).toMatchObject({ kind: 'refused', says: expect.stringContaining('the address that was called from') })
})
