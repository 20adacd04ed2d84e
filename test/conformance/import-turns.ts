import { expect, test } from 'vitest'
import type { ImportRecord, JobHandler } from '../../src/services/import-store-port.ts'
import { chunk } from './import-chunk.ts'
import {
  freshName,
  type ImportStoreUnderTest,
  options,
  publish,
  recordOf,
  untilStatus,
} from './import-store-under-test.ts'

const ones = (count: number) => Array.from({ length: count }, () => 1)

/** Clients take turns at an account. */
export function testImportTurns(subject: () => ImportStoreUnderTest): void {
  const store = () => subject().store

  /** Creates rows, and notes whose. */
  function noting(names: ReadonlyMap<string, string>, seen: string[]): JobHandler {
    return async (job, _payload, lease) => {
      seen.push(`${names.get(job.importId)}${job.block}`)
      await lease.commit(chunk(1, { created: 1 }))
    }
  }

  test('two blocks of one client are done before fifty that another has published earlier', async () => {
    const accounts = [freshName('account')]
    const [many, few] = [recordOf({ accounts }), recordOf({ accounts })]
    await publish(store(), many, ones(50))
    await publish(store(), few, ones(2))
    const seen: string[] = []
    const names = new Map([
      [many.id, 'many '],
      [few.id, 'few '],
    ])
    const worker = store().imports.work(accounts[0] ?? '', noting(names, seen), options)
    await untilStatus(store(), many.id, 'completed')
    await worker.close()
    expect(seen.slice(0, 5).sort()).toEqual(['few 0', 'few 1', 'many 0', 'many 1', 'many 2'])
    expect(seen.filter((name) => name.startsWith('many'))).toEqual(ones(50).map((_, block) => `many ${block}`))
  })

  test('who comes later alternates with who is half done', async () => {
    const accounts = [freshName('account')]
    const [early, late] = [recordOf({ accounts }), recordOf({ accounts })]
    const names = new Map([
      [early.id, 'early '],
      [late.id, 'late '],
    ])
    const seen: string[] = []
    const note = noting(names, seen)
    await publish(store(), early, ones(20))
    const worker = store().imports.work(
      accounts[0] ?? '',
      async (job, payload, lease) => {
        if (seen.length === 10) await publish(store(), late, ones(10))
        await note(job, payload, lease)
      },
      options,
    )
    for (const { id } of [early, late]) await untilStatus(store(), id, 'completed')
    await worker.close()
    const after = seen.slice(11, 17).map((name) => name.split(' ')[0])
    expect(after.filter((name) => name === 'late')).toHaveLength(3)
  })

  test('clients that publish anew whenever they are done do not hold up one that waits', async () => {
    const accounts = [freshName('account')]
    const waiting = recordOf({ accounts })
    const names = new Map([[waiting.id, 'waiting ']])
    const clients = new Map<string, string>()
    const seen: string[] = []
    const note = noting(names, seen)
    const publishAnew = async (client: string) => {
      const record = recordOf({ accounts, client })
      names.set(record.id, 'busy ')
      clients.set(record.id, client)
      await publish(store(), record, ones(1))
    }
    await publish(store(), waiting, ones(10))
    for (const client of ['busy-1', 'busy-2']) await publishAnew(freshName(client))
    const worker = store().imports.work(
      accounts[0] ?? '',
      async (job, payload, lease) => {
        await note(job, payload, lease)
        const client = clients.get(job.importId)
        if (client !== undefined && seen.length < 60) await publishAnew(client)
      },
      options,
    )
    await untilStatus(store(), waiting.id, 'completed')
    await expect.poll(() => seen.length).toBeGreaterThan(60)
    await worker.close()
    expect(seen.indexOf('waiting 9')).toBeLessThan(35)
  })

  test('what a client had done before does not count against it', async () => {
    const accounts = [freshName('account')]
    const records = Array.from({ length: 3 }, () => recordOf({ accounts }))
    const [earlier, first, second] = records as [ImportRecord, ImportRecord, ImportRecord]
    const again = { ...first, client: earlier.client }
    const names = new Map([
      [earlier.id, 'earlier '],
      [again.id, 'first '],
      [second.id, 'second '],
    ])
    const seen: string[] = []
    const work = () => store().imports.work(accounts[0] ?? '', noting(names, seen), options)
    await publish(store(), earlier, ones(6))
    const before = work()
    await untilStatus(store(), earlier.id, 'completed')
    await before.close()
    await publish(store(), second, ones(5))
    await publish(store(), again, ones(5))
    const worker = work()
    for (const { id } of [again, second]) await untilStatus(store(), id, 'completed')
    await worker.close()
    expect(seen.slice(6, 10).sort()).toEqual(['first 0', 'first 1', 'second 0', 'second 1'])
  })
}
