import { expect, test } from 'vitest'
import { counts, type ImportStoreUnderTest, payloadOf, publish, recordOf, stateOf } from './import-store-under-test.ts'

const minuteMs = 60_000

/** From the upload to the import. */
export function testImportDrafts(subject: () => ImportStoreUnderTest): void {
  const imports = () => subject().store.imports

  test('a draft is seen by nobody', async () => {
    const record = recordOf()
    const draft = await imports().begin(record)
    await draft.appendBlock(payloadOf(0), 10)
    expect(await imports().get(record.id)).toBeUndefined()
    expect(await imports().list(record.client, 10, undefined)).toEqual([])
    expect(await imports().countUnfinished(record.client)).toBe(0)
    expect(await imports().cancel(record.id)).toBe(false)
  })

  test('what is published is there as it was given, for every process, and queued', async () => {
    const record = recordOf({ accounts: ['one', 'two'], validateOnly: true, options: { mapping: { Né: null } } })
    await publish(subject().store, record, [1000, 1000, 17])
    const other = await subject().another()
    expect(await other.imports.get(record.id)).toEqual({
      ...record,
      status: 'queued',
      rows: 2017,
      blocks: 3,
      progress: { one: counts({ pending: 2017 }), two: counts({ pending: 2017 }) },
      losses: {},
      skippedBecause: {},
      calls: {},
      waitedMs: {},
      startedAt: undefined,
      finishedAt: undefined,
      version: 1,
    })
    expect(await other.imports.countUnfinished(record.client)).toBe(1)
  })

  test('without rows it is completed at once', async () => {
    const id = await publish(subject().store, recordOf(), [])
    const state = await stateOf(subject().store, id)
    expect(state).toMatchObject({ status: 'completed', rows: 0, finishedAt: expect.any(String) })
  })

  test('a block must have rows', async () => {
    const draft = await imports().begin(recordOf())
    for (const rows of [0, -1, 1.5, Number.NaN]) await expect(draft.appendBlock(payloadOf(0), rows)).rejects.toThrow()
  })

  test.for([0, 3])('discarding a draft of %i blocks leaves nothing', async (blocks) => {
    const record = recordOf()
    const draft = await imports().begin(record)
    for (let block = 0; block < blocks; block += 1) await draft.appendBlock(payloadOf(block), 10)
    expect(await subject().traces(record.id)).toBeGreaterThan(0)
    await draft.discard()
    expect(await subject().traces(record.id)).toBe(0)
    await draft.discard()
  })

  test('discarding what may have been published takes it back', async () => {
    const record = recordOf()
    const draft = await imports().begin(record)
    await draft.appendBlock(payloadOf(0), 10)
    await draft.publish()
    await draft.discard()
    expect(await imports().get(record.id)).toBeUndefined()
    expect(await imports().countUnfinished(record.client)).toBe(0)
    expect(await imports().list(record.client, 10, undefined)).toEqual([])
  })

  test('an upload that stops is gone after an hour, and each block gives it another hour', async () => {
    const record = recordOf()
    const draft = await imports().begin(record)
    for (let block = 0; block < 3; block += 1) {
      await subject().pass(record.id, 50 * minuteMs)
      await draft.appendBlock(payloadOf(block), 10)
    }
    await subject().pass(record.id, 61 * minuteMs)
    await expect(draft.appendBlock(payloadOf(3), 10)).rejects.toThrow('too long')
    await expect(draft.publish()).rejects.toThrow('too long')
    expect(await imports().get(record.id)).toBeUndefined()
    expect(await subject().traces(record.id)).toBe(0)
  })

  test('2,000 blocks at three accounts are published within seconds', { timeout: 60_000 }, async () => {
    const record = recordOf({
      accounts: [recordOf(), recordOf(), recordOf()].map(({ accounts }) => String(accounts[0])),
    })
    const draft = await imports().begin(record)
    for (let block = 0; block < 2000; block += 1) await draft.appendBlock(payloadOf(block), 1000)
    const begun = performance.now()
    await draft.publish()
    expect(performance.now() - begun).toBeLessThan(10_000)
    expect(await stateOf(subject().store, record.id)).toMatchObject({ status: 'queued', rows: 2_000_000 })
    await draft.discard()
  })
}
