import { expect, test } from 'vitest'
import type { JobHandler } from '../../src/services/import-store-port.ts'
import { chunk } from './import-chunk.ts'
import {
  freshName,
  type ImportStoreUnderTest,
  options,
  payloadOf,
  publish,
  recordOf,
  stateOf,
  untilStatus,
} from './import-store-under-test.ts'

const dayMs = 24 * 3_600_000

/** What is kept, in which order, and for how long. */
export function testImportReports(subject: () => ImportStoreUnderTest): void {
  const store = () => subject().store

  /** Three chunks of a row each; blocks 1 and 3 have reports, block 3 at the second account only. */
  const reporting =
    (second: string): JobHandler =>
    async (job, _payload, lease) => {
      for (const upTo of [job.committed + 1, job.committed + 2, job.committed + 3]) {
        const reports = upTo !== 2 && (job.block === 1 || (job.block === 3 && job.account === second))
        await lease.commit(chunk(upTo, { rejected: 1 }, reports ? `\0${job.block} ${upTo}` : ''))
      }
    }

  async function reported() {
    const record = recordOf({ accounts: [freshName('account'), freshName('account')] })
    const [one = '', two = ''] = record.accounts
    const id = await publish(store(), record, [3, 3, 3, 3, 3])
    const workers = record.accounts.map((account) => store().imports.work(account, reporting(two), options))
    await untilStatus(store(), id, 'completed_with_errors')
    await Promise.all(workers.map((worker) => worker.close()))
    return { id, one, two }
  }

  test('reports are read by block and account, in the order of the commits, by any process', async () => {
    const { id, one, two } = await reported()
    const { imports } = await subject().another()
    const texts = [Buffer.from('\x001 1'), Buffer.from('\x001 3')]
    expect(await imports.readReports(id, 1)).toEqual(
      new Map([
        [one, texts],
        [two, texts],
      ]),
    )
    expect(await imports.readReports(id, 3)).toEqual(new Map([[two, [Buffer.from('\x003 1'), Buffer.from('\x003 3')]]]))
    expect(await imports.readReports(id, 0)).toEqual(new Map())
    expect(await imports.readReports('nothing', 0)).toEqual(new Map())
  })

  test('a block and its reports are written again, for every process, and counts and the size stay right', async () => {
    const { id, one, two } = await reported()
    const before = await stateOf(store(), id)
    const { imports } = await subject().another()
    await imports.rewriteBlock(id, 1, async (payload) => Buffer.from(`${payload.length} bytes`))
    await imports.rewriteReports(id, 1, async (report, account) =>
      account === two && report.includes('3') ? Buffer.alloc(0) : undefined,
    )
    expect(await store().imports.readBlock(id, 1)).toEqual(Buffer.from(`${payloadOf(1).length} bytes`))
    expect(await store().imports.readBlock(id, 3)).toEqual(payloadOf(3))
    const reports = await store().imports.readReports(id, 1)
    expect(reports.get(one)).toEqual([Buffer.from('\x001 1'), Buffer.from('\x001 3')])
    expect(reports.get(two)).toEqual([Buffer.from('\x001 1'), Buffer.alloc(0)])
    expect(await stateOf(store(), id)).toEqual(before)
    await imports.rewriteBlock(id, 0, () => Promise.reject(new Error('there is no such block any more')))
    await imports.rewriteReports('nothing', 0, () => Promise.reject(new Error('there is no such import')))
  })

  test('two who write a block again at once both see what the other wrote', async () => {
    const id = await publish(store(), recordOf(), [1])
    const { imports } = await subject().another()
    await imports.rewriteBlock(id, 0, async () => Buffer.from('-'))
    const add = (letter: string) => async (payload: Buffer) => Buffer.concat([payload, Buffer.from(letter)])
    const writers = ['a', 'b', 'c', 'd']
    await Promise.all(
      writers.map((letter, at) => (at % 2 === 0 ? imports : store().imports).rewriteBlock(id, 0, add(letter))),
    )
    const payload = String(await store().imports.readBlock(id, 0))
    expect([...payload].sort()).toEqual(['-', ...writers])
  })

  test('the blocks with reports are listed in order and page by page, and only their rows are kept', async () => {
    const { id } = await reported()
    const { imports } = store()
    expect(await imports.blocksWithReports(id, 0, 10)).toEqual([1, 3])
    expect(await imports.blocksWithReports(id, 0, 1)).toEqual([1])
    expect(await imports.blocksWithReports(id, 2, 10)).toEqual([3])
    expect(await imports.blocksWithReports(id, 4, 10)).toEqual([])
    expect(await imports.blocksWithReports('nothing', 0, 10)).toEqual([])
    const kept = await Promise.all([0, 1, 2, 3, 4, 5].map((block) => imports.readBlock(id, block)))
    expect(kept).toEqual([undefined, payloadOf(1), undefined, payloadOf(3), undefined, undefined])
  })

  test('an import is kept for 7 days after its end, then nothing is left', async () => {
    const { id } = await reported()
    await subject().pass(id, 7 * dayMs - 60_000)
    expect(await store().imports.get(id)).toBeDefined()
    expect(await store().imports.readReports(id, 1)).toHaveProperty('size', 2)
    await subject().pass(id, 120_000)
    expect(await store().imports.get(id)).toBeUndefined()
    await store().events.carried(await store().events.waiting())
    expect(await subject().traces(id)).toBe(0)
    expect(await store().imports.readReports(id, 1)).toEqual(new Map())
    expect(await store().imports.blocksWithReports(id, 0, 10)).toEqual([])
  })

  test('one that was canceled is kept for 7 days', async () => {
    const id = await publish(store(), recordOf(), [1])
    await store().imports.cancel(id)
    await subject().pass(id, 7 * dayMs - 60_000)
    expect(await store().imports.get(id)).toBeDefined()
    await subject().pass(id, 120_000)
    expect(await store().imports.get(id)).toBeUndefined()
  })

  test('one that does not go on is kept for 30 days after its last change', async () => {
    const record = recordOf()
    const id = await publish(store(), record, [2])
    await subject().pass(id, 29 * dayMs)
    const worker = store().imports.work(
      record.accounts[0] ?? '',
      async (_job, _payload, lease) => {
        await lease.commit(chunk(1, { created: 1 }))
        throw new Error('and then no more')
      },
      { ...options, onError: () => {} },
    )
    await expect.poll(async () => (await stateOf(store(), id)).version).toBeGreaterThan(2)
    await worker.close()
    await subject().pass(id, 29 * dayMs)
    expect(await stateOf(store(), id)).toMatchObject({ status: 'running' })
    await subject().pass(id, 2 * dayMs)
    expect(await store().imports.get(id)).toBeUndefined()
    expect(await subject().traces(id)).toBe(0)
    expect(await store().imports.countUnfinished(record.client)).toBe(0)
    expect(await store().imports.list(record.client, 10, undefined)).toEqual([])
  })
}
