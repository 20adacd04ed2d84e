import { expect, test } from 'vitest'
import type { ImportJob, JobHandler } from '../../src/services/import-store-port.ts'
import { chunk } from './import-chunk.ts'
import {
  counts,
  creating,
  freshName,
  gate,
  type ImportStoreUnderTest,
  options,
  payloadOf,
  publish,
  recordOf,
  stateOf,
  untilStatus,
} from './import-store-under-test.ts'

/** How jobs are worked off while nothing goes wrong but the handler. */
export function testImportWork(subject: () => ImportStoreUnderTest): void {
  const store = () => subject().store

  test('blocks are handed out in order, each whole, and the import ends with the last', async () => {
    const record = recordOf()
    const [account = ''] = record.accounts
    const id = await publish(store(), record, [3, 3, 2])
    const seen: { job: ImportJob; payload: Buffer }[] = []
    const statuses: string[] = []
    const worker = store().imports.work(
      account,
      async (job, payload, lease) => {
        seen.push({ job, payload: Buffer.from(payload) })
        const { status, startedAt, finishedAt } = await stateOf(store(), id)
        statuses.push(`${status} ${typeof startedAt} ${typeof finishedAt}`)
        if (job.block === 2) expect(await lease.commit(chunk(2, { skipped: 2 }))).toBe('stop')
        else {
          expect(await lease.commit(chunk(1, { created: 1 }))).toBe('continue')
          expect(await lease.commit(chunk(3, { created: 1, updated: 1 }))).toBe('stop')
        }
      },
      options,
    )
    const ended = await untilStatus(store(), id, 'completed')
    await worker.close()
    const job = { importId: id, account, committed: 0, markedUpTo: undefined, wasLeft: false }
    expect(seen).toEqual([0, 1, 2].map((block) => ({ job: { ...job, block }, payload: payloadOf(block) })))
    expect(statuses).toEqual(Array.from({ length: 3 }, () => 'running string undefined'))
    expect(ended.progress[account]).toEqual(counts({ created: 4, updated: 2, skipped: 2 }))
    expect(ended.finishedAt).toEqual(expect.any(String))
    expect(await store().imports.countUnfinished(record.client)).toBe(0)
  })

  test.for(['rejected', 'failed', 'unknown'] as const)(
    'an import with %s rows is completed_with_errors',
    async (status) => {
      const record = recordOf()
      const id = await publish(store(), record, [2])
      const handler: JobHandler = async (_job, _payload, lease) => {
        await lease.commit(chunk(2, { created: 1, [status]: 1 }))
      }
      const worker = store().imports.work(record.accounts[0] ?? '', handler, options)
      await untilStatus(store(), id, 'completed_with_errors')
      await worker.close()
    },
  )

  test('each account works off all blocks, and the import ends with the last of them', async () => {
    const record = recordOf({ accounts: [freshName('account'), freshName('account')] })
    const id = await publish(store(), record, [2, 2])
    const [one = '', two = ''] = record.accounts
    const first = store().imports.work(one, creating(2), options)
    await expect.poll(async () => (await stateOf(store(), id)).progress[one]).toEqual(counts({ created: 4 }))
    expect(await stateOf(store(), id)).toMatchObject({ status: 'running', progress: { [two]: counts({ pending: 4 }) } })
    const second = store().imports.work(two, creating(2), options)
    await untilStatus(store(), id, 'completed')
    await Promise.all([first.close(), second.close()])
  })

  test('work that is published later, by another process, is found', async () => {
    const record = recordOf()
    const worker = store().imports.work(record.accounts[0] ?? '', creating(2), options)
    const other = await subject().another()
    await untilStatus(other, await publish(other, record, [2]), 'completed')
    await untilStatus(other, await publish(store(), { ...record, id: recordOf().id }, [2]), 'completed')
    await worker.close()
  })

  test('as many jobs run at once as is allowed, and no more', async () => {
    const record = recordOf()
    const id = await publish(store(), record, [1, 1, 1, 1, 1, 1])
    let running = 0
    const { promise: three, resolve } = gate()
    const handler: JobHandler = async (_job, _payload, lease) => {
      running += 1
      expect(running).toBeLessThanOrEqual(3)
      if (running === 3) resolve()
      await three
      await lease.commit(chunk(1, { created: 1 }))
      running -= 1
    }
    const worker = store().imports.work(record.accounts[0] ?? '', handler, { ...options, concurrency: 3 })
    await untilStatus(store(), id, 'completed')
    await worker.close()
  })

  test('a handler that throws, or ends too early, is tried again from its last commit', async () => {
    const record = recordOf()
    const id = await publish(store(), record, [4])
    const errors: string[] = []
    const seen: ImportJob[] = []
    const handler: JobHandler = async (job, _payload, lease) => {
      seen.push(job)
      if (seen.length === 1) {
        await lease.commit(chunk(1, { created: 1 }))
        throw new Error('a hiccup')
      }
      if (seen.length === 2) {
        await lease.mark(3)
        return
      }
      await lease.commit(chunk(4, { created: 3 }))
    }
    const onError = (error: Error) => void errors.push(error.message)
    const worker = store().imports.work(record.accounts[0] ?? '', handler, { ...options, onError })
    const { progress } = await untilStatus(store(), id, 'completed')
    await worker.close()
    expect(seen.map(({ committed, markedUpTo }) => [committed, markedUpTo])).toEqual([
      [0, undefined],
      [1, undefined],
      [1, 3],
    ])
    expect(errors).toEqual(['a hiccup', 'The handler left block 0 of an import before its end.'])
    expect(Object.values(progress)).toEqual([counts({ created: 4 })])
  })

  test('a job is told of an earlier try that may have sent rows without a mark, until its end, and of no other', async () => {
    const record = recordOf()
    const [account = ''] = record.accounts
    const id = await publish(store(), record, [6])
    const seen: (readonly [number, boolean])[] = []
    const handler: JobHandler = async ({ committed, wasLeft }, _payload, lease) => {
      seen.push([committed, wasLeft])
      // Nothing was sent; then what was sent is committed; then it is not.
      if (seen.length === 1) throw new Error('too early')
      lease.sending()
      if (seen.length === 2) await lease.commit(chunk(1, { created: 1 }))
      if (seen.length <= 3) throw new Error('a hiccup')
      await lease.commit(chunk(committed + 1, { created: 1 }))
      if (seen.length === 4) throw new Error('another one')
      await lease.commit(chunk(6, { created: 5 - committed }))
    }
    const worker = store().imports.work(account, handler, { ...options, onError: () => {} })
    // Four tries again, up to 15 s apart in all.
    await untilStatus(store(), id, 'completed', 35_000)
    await worker.close()
    expect(seen).toEqual([
      [0, false],
      [0, false],
      [1, false],
      [1, true],
      [2, true],
    ])
  }, 40_000)

  test('a worker that closes leaves no doubt behind', async () => {
    const record = recordOf()
    const [account = ''] = record.accounts
    const id = await publish(store(), record, [4])
    const mayGoOn = gate()
    const inChunk = gate()
    const first = store().imports.work(
      account,
      async (_job, _payload, lease) => {
        lease.sending()
        inChunk.resolve()
        await mayGoOn.promise
        await lease.commit(chunk(2, { created: 2 }))
      },
      options,
    )
    await inChunk.promise
    const closed = first.close()
    mayGoOn.resolve()
    await closed
    const jobs: ImportJob[] = []
    const next = store().imports.work(
      account,
      async (job, _payload, lease) => {
        jobs.push(job)
        await lease.commit(chunk(4, { created: 2 }))
      },
      options,
    )
    await untilStatus(store(), id, 'completed')
    await next.close()
    expect(jobs.map(({ committed, wasLeft }) => [committed, wasLeft])).toEqual([[2, false]])
  })

  test('closing ends a job at its next commit; what is left is free at once, for any process', async () => {
    const record = recordOf()
    const [account = ''] = record.accounts
    const id = await publish(store(), record, [4, 1])
    const inChunk = gate()
    const mayGoOn = gate()
    const answers: string[] = []
    const worker = store().imports.work(
      account,
      async (_job, _payload, lease) => {
        inChunk.resolve()
        await mayGoOn.promise
        answers.push(await lease.commit(chunk(2, { created: 2 })))
      },
      options,
    )
    await inChunk.promise
    const closed = worker.close()
    mayGoOn.resolve()
    await closed
    expect(answers).toEqual(['stop'])

    const seen: ImportJob[] = []
    const begun = performance.now()
    const next = (await subject().another()).imports.work(
      account,
      async (job, _payload, lease) => {
        seen.push(job)
        const rows = job.block === 0 ? 4 : 1
        await lease.commit(chunk(rows, { created: rows - job.committed }))
      },
      options,
    )
    const { progress } = await untilStatus(store(), id, 'completed')
    expect(performance.now() - begun).toBeLessThan(options.leaseMs / 2)
    await next.close()
    expect(seen.map(({ block, committed }) => [block, committed])).toEqual([
      [0, 2],
      [1, 0],
    ])
    expect(progress[account]).toEqual(counts({ created: 5 }))
  })

  test('closing an idle worker, and closing twice', async () => {
    const worker = store().imports.work(freshName('account'), creating(1), options)
    await worker.close()
    await worker.close()
  })
}
