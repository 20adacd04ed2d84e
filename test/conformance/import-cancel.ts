import { expect, test } from 'vitest'
import type { JobHandler } from '../../src/services/import-store-port.ts'
import { chunk } from './import-chunk.ts'
import {
  counts,
  creating,
  freshName,
  gate,
  type ImportStoreUnderTest,
  options,
  publish,
  recordOf,
  stateOf,
  untilStatus,
} from './import-store-under-test.ts'

/** What was sent stays counted, what was not stays pending. */
export function testImportCancel(subject: () => ImportStoreUnderTest): void {
  const store = () => subject().store

  test('what is queued is never begun', async () => {
    const record = recordOf()
    const [account = ''] = record.accounts
    const id = await publish(store(), record, [2, 2])
    const before = await stateOf(store(), id)
    expect(await store().imports.cancel(id)).toBe(true)
    expect(await store().imports.cancel(id)).toBe(false)
    const canceled = await stateOf(store(), id)
    expect(canceled).toMatchObject({ status: 'canceled', startedAt: undefined, finishedAt: expect.any(String) })
    expect(canceled.version).toBeGreaterThan(before.version)
    expect(await store().imports.countUnfinished(record.client)).toBe(0)

    const seen: string[] = []
    const handler: JobHandler = async (job, _payload, lease) => {
      seen.push(job.importId)
      await lease.commit(chunk(2, { created: 2 }))
    }
    const worker = store().imports.work(account, handler, options)
    const next = await publish(store(), { ...record, id: recordOf().id }, [2])
    await untilStatus(store(), next, 'completed')
    await worker.close()
    expect(seen).toEqual([next])
    expect(await stateOf(store(), id)).toEqual(canceled)
  })

  test('what runs ends at its next commit, which counts', async () => {
    const record = recordOf({ accounts: [freshName('account'), freshName('account')] })
    const [one = '', two = ''] = record.accounts
    const id = await publish(store(), record, [4, 4])
    const inChunk = gate()
    const mayGoOn = gate()
    const answer = gate<string>()
    const worker = store().imports.work(
      one,
      async (_job, _payload, lease) => {
        await lease.commit(chunk(1, { created: 1 }))
        inChunk.resolve()
        await mayGoOn.promise
        answer.resolve(await lease.commit(chunk(3, { updated: 1, rejected: 1 }, 'report')))
      },
      options,
    )
    await inChunk.promise
    expect(await (await subject().another()).imports.cancel(id)).toBe(true)
    const canceled = await stateOf(store(), id)
    expect(canceled.status).toBe('canceled')
    mayGoOn.resolve()
    expect(await answer.promise).toBe('stop')
    await worker.close()
    const after = await stateOf(store(), id)
    expect(after).toMatchObject({ status: 'canceled', finishedAt: canceled.finishedAt })
    expect(after.version).toBeGreaterThan(canceled.version)
    expect(after.progress).toEqual({
      [one]: counts({ created: 1, updated: 1, rejected: 1, pending: 5 }),
      [two]: counts({ pending: 8 }),
    })
    expect(await store().imports.blocksWithReports(id, 0, 10)).toEqual([0])
    expect(await store().imports.readBlock(id, 0)).toBeDefined()
  })

  test('what has ended, and what is not there, cannot be canceled', async () => {
    const record = recordOf()
    const id = await publish(store(), record, [2])
    const worker = store().imports.work(record.accounts[0] ?? '', creating(2), options)
    await untilStatus(store(), id, 'completed')
    await worker.close()
    expect(await store().imports.cancel(id)).toBe(false)
    expect(await stateOf(store(), id)).toMatchObject({ status: 'completed' })
    expect(await store().imports.cancel('nothing')).toBe(false)
  })

  test('blocks that will not be sent and have nothing to report are dropped', async () => {
    const record = recordOf()
    const [account = ''] = record.accounts
    const id = await publish(store(), record, [1, 1, 1])
    const worker = store().imports.work(account, creating(1), { ...options, concurrency: 3 })
    await store().imports.cancel(id)
    const blocks = async () => {
      await subject().traces(id)
      const found = await Promise.all([0, 1, 2].map((block) => store().imports.readBlock(id, block)))
      return found.filter((block) => block !== undefined).length
    }
    await expect.poll(blocks).toBe(0)
    await worker.close()
  })
}
