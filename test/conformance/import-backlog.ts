import { expect, test } from 'vitest'
import { chunk } from './import-chunk.ts'
import { freshName, gate, type ImportStoreUnderTest, options, publish, recordOf } from './import-store-under-test.ts'

/** What waits, of all clients: the store is shared with other tests, which have ended their work or do none. */
export function testImportBacklog(subject: () => ImportStoreUnderTest): void {
  const imports = () => subject().store.imports

  test('counts the rows without an outcome at each account, of all clients, and no drafts', async () => {
    const [first = '', second = ''] = [freshName('account'), freshName('account')]
    const before = await imports().backlog()
    await publish(subject().store, recordOf({ accounts: [first, second] }), [3, 4])
    const other = await publish(subject().store, recordOf({ accounts: [first] }), [5])
    await publish(subject().store, recordOf({ accounts: [first] }), [])
    await (await imports().begin(recordOf({ accounts: [first] }))).appendBlock(Buffer.from('x'), 100)

    const { queued, running, rows } = await imports().backlog()
    expect([queued - before.queued, running - before.running]).toEqual([2, 0])
    expect([rows.get(first), rows.get(second)]).toEqual([12, 7])
    await imports().cancel(other)
    const after = await imports().backlog()
    expect(after.queued - before.queued).toBe(1)
    expect(after.rows.get(first)).toBe(7)
  })

  test('follows the commits of workers, and has nothing of an import that has ended', async () => {
    const account = freshName('account')
    const before = await imports().backlog()
    await publish(subject().store, recordOf({ accounts: [account] }), [4])
    const [committed, goOn] = [gate(), gate()]
    const worker = imports().work(
      account,
      async (_job, _payload, lease) => {
        await lease.commit(chunk(3, { created: 3 }))
        committed.resolve()
        await goOn.promise
        await lease.commit(chunk(4, { rejected: 1 }))
      },
      options,
    )
    await committed.promise
    const half = await imports().backlog()
    expect(half.rows.get(account)).toBe(1)
    expect(half.running - before.running).toBe(1)
    goOn.resolve()
    await expect.poll(async () => (await imports().backlog()).rows.has(account)).toBe(false)
    await worker.close()
    expect(await imports().backlog()).toMatchObject({ queued: before.queued, running: before.running })
  })
}
