import { expect, test } from 'vitest'
import type { JobHandler } from '../../src/services/import-ports.ts'
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

  test('a client that always has something new waiting does not hold up one that waits', async () => {
    const accounts = [freshName('account')]
    const [waiting, busy] = [recordOf({ accounts }), recordOf({ accounts })]
    const ids = Array.from({ length: 20 }, () => recordOf().id)
    const names = new Map([...ids.map((id) => [id, 'busy '] as const), [waiting.id, 'waiting '] as const])
    const seen: string[] = []
    const note = noting(names, seen)
    await publish(store(), waiting, ones(10))
    await publish(store(), { ...busy, id: ids.pop() ?? '' }, ones(2))
    const worker = store().imports.work(
      accounts[0] ?? '',
      async (job, payload, lease) => {
        const id = ids.pop()
        if (id !== undefined) await publish(store(), { ...busy, id }, ones(2))
        await note(job, payload, lease)
      },
      options,
    )
    await untilStatus(store(), waiting.id, 'completed')
    await worker.close()
    expect(seen.indexOf('waiting 9')).toBeLessThan(25)
  })
}
