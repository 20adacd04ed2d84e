import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { vobiz } from '../../src/providers/vobiz/index.ts'
import { createVobizSimulator, defaultVobizCredentials } from '../../src/simulators/vobiz.ts'
import { vobizQuirks } from '../../src/simulators/vobiz-errors.ts'
import { type Expected, quirkCases, withoutProbe } from './quirk-cases.ts'
import { changedProbes, seenBy, useMovingClock, verify } from './verified-account.ts'

/** Which probe sees what a simulator may do; where none can, why. */
const expected: Expected<typeof vobizQuirks> = {
  refuses: 'Nothing can be asked: the run says so, and settles nothing.',
  maxBatch: 'It takes more people than a run writes to.',
  maxBodyBytes: 'It takes more people than a run writes to.',
  tooMany: 'It takes more people than a run writes to.',
  writeDelayMs: 'A run makes one call at a time, and it takes two.',
  tokenExpired: 'The gateway sends no JWT.',
  headerCase: ['VOB-HEADER-CASE'],
  existing: ['VOB-DUPLICATE'],
  duplicateCreate: ['VOB-DUPLICATE'],
  updatedAfterMs: ['VOB-STAMPS', 5_000],
  tagCase: ['VOB-TAG-CASE'],
  numberForm: ['VOB-NUMBER-FORM'],
  idForm: ['VOB-ID-FORM'],
  searchLagCalls: ['VOB-LAG', 3],
  searchLagMs: ['VOB-LAG', 5_000],
  searchFinds: ['VOB-SEARCH'],
  search: ['VOB-SEARCH'],
  tagFilter: ['VOB-TAG-FILTER'],
  nobodyFound: ['VOB-NOBODY'],
  pastEnd: ['VOB-PAST-END'],
  // What an update does to tags is a question of its own.
  update: ['VOB-UPDATE', { 'tags-added': 'VOB-UPDATE-TAGS' }],
  attributesUpdate: ['VOB-UPDATE-ATTRIBUTES'],
  emptyUpdate: ['VOB-EMPTY-UPDATE'],
  stores: ['VOB-KEEPS'],
  deletion: ['VOB-DELETE'],
  notThere: ['VOB-NOT-THERE'],
  importRowForm: ['VOB-IMPORT-ROW'],
  importRow: ['VOB-IMPORT-ROW'],
  importNumber: ['VOB-IMPORT-NUMBER'],
  importErrors: ['VOB-IMPORT-ERRORS'],
  importCounts: ['VOB-IMPORT-COUNTS'],
  importStatus: ['VOB-IMPORT-STATUS'],
  importBadRow: ['VOB-IMPORT-BAD-ROW'],
  importTags: ['VOB-IMPORT-TAGS'],
  listShape: ['VOB-LIST-SHAPE'],
  validationStatus: ['VOB-VALIDATION'],
  errorShape: ['VOB-ERROR-SHAPE'],
  outOfRange: ['VOB-PAGE-LIMIT'],
  extraFields: ['VOB-EXTRA'],
}

const simulator = createVobizSimulator()
const people = { phones: ['+919876543210', '+919876543211'] }
const { authId, authToken } = defaultVobizCredentials
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

const run = (quirks: object, phones = people.phones) => {
  simulator.reset()
  simulator.setBehaviour({ quirks })
  return verify(vobiz, simulator.baseUrl, { authId, authToken }, { phones })
}

test('everything is settled, and as assumed, where nothing is odd', () => {
  const { probes } = vobiz.probes ?? { probes: [] }
  expect(Object.keys(usual).toSorted()).toEqual(probes.map(({ id }) => id).toSorted())
  for (const { id, assumes } of probes) expect(assumes, id).toContain(usual[id])
})

describe('a quirk is seen by the probe that is there for it, and by no other:', () => {
  test.each(quirkCases(vobizQuirks, expected))('%s %s by %s', async (name, value, probe) => {
    const { settled, calls } = await run({ [name]: value })
    expect(changedProbes(usual, seenBy({ settled }))).toEqual([probe])
    expect(calls.length).toBeLessThanOrEqual(60)
  })
})

describe('what no probe can see leaves no probe with a false answer:', () => {
  test.each(withoutProbe(vobizQuirks, expected))('%s %s', async (name, value) => {
    expect(changedProbes(usual, seenBy(await run({ [name]: value })))).toEqual([])
  })
})
