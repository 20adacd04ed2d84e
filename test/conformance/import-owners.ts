import { expect, onTestFinished, test } from 'vitest'
import { type ImportJob, JobLost } from '../../src/services/import-store-port.ts'
import { type Marks, startImportProcess } from '../store/start-import-process.ts'
import { chunk } from './import-chunk.ts'
import {
  counts,
  gate,
  type ImportStoreUnderTest,
  options,
  publish,
  recordOf,
  untilStatus,
} from './import-store-under-test.ts'

const leaseMs = 600

/** Workers die, stall and wake up again; in each block of six rows, two are committed and two more in flight. */
export function testImportOwners(subject: () => ImportStoreUnderTest): void {
  const store = () => subject().store

  /** A process that is in the second chunk of a job. */
  async function inSecondChunk(marks: Marks) {
    const record = recordOf()
    const [account = ''] = record.accounts
    const id = await publish(store(), record, [6])
    const stalled = startImportProcess(subject().openedBy, account, leaseMs, marks)
    onTestFinished(() => void stalled.child.kill('SIGKILL'))
    await stalled.printed('in chunk')
    return { id, account, process: stalled }
  }

  /** Takes the job over; the rows that were in flight are unknown where they were marked. */
  async function takeOver(id: string, account: string) {
    const jobs: ImportJob[] = []
    const worker = store().imports.work(
      account,
      async (job, _payload, lease) => {
        jobs.push(job)
        const { committed, markedUpTo } = job
        if (markedUpTo !== undefined) await lease.commit(chunk(markedUpTo, { unknown: markedUpTo - committed }))
        await lease.commit(chunk(6, { created: 6 - (markedUpTo ?? committed) }))
      },
      { ...options, leaseMs },
    )
    await expect.poll(async () => (await store().imports.get(id))?.finishedAt, { timeout: 10_000 }).toBeDefined()
    await worker.close()
    return jobs
  }

  test.for(['apart', 'with the commit'] as const)(
    'the job of a worker that was killed is taken over, with its mark (made %s)',
    async (marks) => {
      const { id, account, process } = await inSecondChunk(marks)
      process.child.kill('SIGKILL')
      const jobs = await takeOver(id, account)
      expect(jobs).toEqual([{ importId: id, account, block: 0, committed: 2, markedUpTo: 4, wasLeft: true }])
      const { progress } = await untilStatus(store(), id, 'completed_with_errors')
      expect(progress[account]).toEqual(counts({ created: 4, unknown: 2 }))
    },
  )

  test('the job of a worker that was killed is taken over, where nothing was marked', async () => {
    const { id, account, process } = await inSecondChunk('not')
    process.child.kill('SIGKILL')
    const jobs = await takeOver(id, account)
    expect(jobs).toEqual([{ importId: id, account, block: 0, committed: 2, markedUpTo: undefined, wasLeft: true }])
    const { progress } = await untilStatus(store(), id, 'completed')
    expect(progress[account]).toEqual(counts({ created: 6 }))
  })

  test('a worker that slept through its lease has lost the job when it wakes up', async () => {
    const { id, account, process } = await inSecondChunk('apart')
    process.child.kill('SIGSTOP')
    await takeOver(id, account)
    process.child.kill('SIGCONT')
    process.goOn()
    await process.printed('JobLost')
    const { progress } = await untilStatus(store(), id, 'completed_with_errors')
    expect(progress[account]).toEqual(counts({ created: 4, unknown: 2 }))
  })

  test('a lease is renewed while its worker lives, however long a chunk takes', async () => {
    const record = recordOf()
    const [account = ''] = record.accounts
    const id = await publish(store(), record, [1])
    const mayGoOn = gate()
    let begun = 0
    const handler = async (
      _job: ImportJob,
      _payload: Buffer,
      lease: { commit: (one: ReturnType<typeof chunk>) => unknown },
    ) => {
      begun += 1
      await mayGoOn.promise
      await lease.commit(chunk(1, { created: 1 }))
    }
    const short = { ...options, leaseMs: 1000 }
    const other = await subject().another()
    const workers = [store(), other].map(({ imports }) => imports.work(account, handler, short))
    // Several leases long, that nobody else gets the job is what is awaited.
    await new Promise((resolve) => setTimeout(resolve, 2500))
    mayGoOn.resolve()
    await untilStatus(store(), id, 'completed')
    await Promise.all(workers.map((worker) => worker.close()))
    expect(begun).toBe(1)
  })

  test('a worker whose import was taken back has lost its job, and works on', async () => {
    const record = recordOf()
    const [account = ''] = record.accounts
    const draft = await store().imports.begin(record)
    await draft.appendBlock(Buffer.from('block'), 2)
    await draft.publish()
    const errors: unknown[] = []
    const lost = gate()
    const worker = store().imports.work(
      account,
      async (job, _payload, lease) => {
        if (job.importId === record.id) {
          await draft.discard()
          for (const attempt of [() => lease.mark(2), () => lease.commit(chunk(2, { created: 2 }))])
            errors.push(await attempt().catch((error: unknown) => error))
          lost.resolve()
        }
        await lease.commit(chunk(2, { created: 2 }))
      },
      options,
    )
    await lost.promise
    expect(errors).toEqual([expect.any(JobLost), expect.any(JobLost)])
    await untilStatus(store(), await publish(store(), { ...record, id: recordOf().id }, [2]), 'completed')
    await worker.close()
    expect(await store().imports.get(record.id)).toBeUndefined()
  })
}
