import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ChunkResult, CodeCounts, JobHandler } from '../../src/services/import-store-port.ts'
import { chunk } from './import-chunk.ts'
import {
  freshName,
  gate,
  type ImportStoreUnderTest,
  options,
  publish,
  recordOf,
  stateOf,
  untilStatus,
} from './import-store-under-test.ts'

/** What was lost is counted with the rows that lost it, in one step. */
export function testImportLosses(subject: () => ImportStoreUnderTest): void {
  const store = () => subject().store

  const code = fc.constantFrom('tag_dropped', 'attribute_dropped', 'duplicate_in_file', 'column_merged')
  const codes = fc.dictionary(code, fc.nat({ max: 9 }), { maxKeys: 4, noNullPrototype: true })
  const calls = fc.dictionary(
    fc.constantFrom('addContacts ok', 'addContacts timeout', 'createContact ok'),
    fc.nat({ max: 9 }),
    {
      maxKeys: 3,
      noNullPrototype: true,
    },
  )
  const waitedMs = fc.dictionary(fc.constantFrom('place', 'pace', 'provider'), fc.nat({ max: 100_000 }), {
    maxKeys: 3,
    noNullPrototype: true,
  })
  const scenario = fc.record({
    accounts: fc.integer({ min: 1, max: 3 }),
    blocks: fc.integer({ min: 1, max: 4 }),
    chunks: fc.array(fc.record({ losses: codes, skippedBecause: codes, calls, waitedMs }), {
      minLength: 1,
      maxLength: 5,
    }),
  })

  test('random losses, calls and waits of random chunks add up by account and code, and go with the rows at every moment', {
    timeout: 60_000,
  }, async () => {
    const other = await subject().another()
    await fc.assert(
      fc.asyncProperty(scenario, async ({ accounts, blocks, chunks }) => {
        const record = recordOf({ accounts: Array.from({ length: accounts }, () => freshName('account')) })
        const handler: JobHandler = async (job, _payload, lease) => {
          for (const [index, losses] of chunks.entries()) {
            await lease.commit(chunk(index + 1, { created: 1 }, '', losses))
            const [before = ''] = record.accounts
            if (blocks > 1 || job.account !== before) continue
            const state = await stateOf(other, job.importId)
            expect(state.progress[before]?.created).toBe(index + 1)
            expect(state.losses[before] ?? {}).toEqual(summed(chunks.slice(0, index + 1).map((one) => one.losses)))
          }
        }
        const id = await publish(
          store(),
          record,
          Array.from({ length: blocks }, () => chunks.length),
        )
        const workers = record.accounts.map((account, index) =>
          (index % 2 === 0 ? store() : other).imports.work(account, handler, options),
        )
        const { losses, skippedBecause, ...state } = await untilStatus(store(), id, 'completed')
        await Promise.all(workers.map((worker) => worker.close()))
        const all = Array.from({ length: blocks }, () => chunks).flat()
        expect(losses).toEqual(atEach(record.accounts, summed(all.map((one) => one.losses))))
        expect(skippedBecause).toEqual(atEach(record.accounts, summed(all.map((one) => one.skippedBecause))))
        expect(state.calls).toEqual(atEach(record.accounts, summed(all.map((one) => one.calls))))
        expect(state.waitedMs).toEqual(atEach(record.accounts, summed(all.map((one) => one.waitedMs))))
        expect((await other.imports.list(record.client, 1, undefined))[0]).toMatchObject({ losses, skippedBecause })
      }),
      { numRuns: 15 },
    )
  })

  test('the same chunk again, or one that is refused or comes too late, counts no losses', async () => {
    const record = recordOf()
    const [account = ''] = record.accounts
    const id = await publish(store(), record, [4])
    const lossy = (upTo: number, created: number): ChunkResult =>
      chunk(upTo, { created }, '', { losses: { tag_dropped: 2 }, skippedBecause: { duplicate_in_file: 1 } })
    const refusals: unknown[] = []
    const refused = async (commit: Promise<unknown>) => refusals.push(await commit.catch((error: Error) => error.name))
    const over = gate()
    const worker = store().imports.work(
      account,
      async (_job, _payload, lease) => {
        await lease.commit(lossy(2, 2))
        await lease.commit(lossy(2, 2))
        await refused(lease.commit(lossy(4, 1)))
        await refused(lease.commit(chunk(4, { created: 2 }, '', { losses: { tag_dropped: -1 } })))
        await refused(lease.commit(chunk(4, { created: 2 }, '', { skippedBecause: { tag_dropped: 0.5 } })))
        await lease.commit(lossy(4, 2))
        await lease.commit(lossy(4, 2))
        over.resolve()
      },
      options,
    )
    await over.promise
    const { losses, skippedBecause } = await untilStatus(store(), id, 'completed')
    await worker.close()
    expect(refusals).toEqual(['RangeError', 'RangeError', 'RangeError'])
    expect(losses).toEqual({ [account]: { tag_dropped: 4 } })
    expect(skippedBecause).toEqual({ [account]: { duplicate_in_file: 2 } })
  })

  test('what is lost at one account is not told of another, and an import that lost nothing says so', async () => {
    const record = recordOf({ accounts: [freshName('account'), freshName('account')] })
    const [first = '', second = ''] = record.accounts
    const id = await publish(store(), record, [1])
    expect(await stateOf(store(), id)).toMatchObject({ losses: {}, skippedBecause: {} })
    const workers = record.accounts.map((account) =>
      store().imports.work(
        account,
        async (_job, _payload, lease) => {
          const losses: CodeCounts = account === second ? { tag_dropped: 3, attribute_dropped: 0 } : {}
          await lease.commit(chunk(1, { created: 1 }, '', { losses }))
        },
        options,
      ),
    )
    const state = await untilStatus(store(), id, 'completed')
    await Promise.all(workers.map((worker) => worker.close()))
    expect(state.losses).toEqual({ [second]: { tag_dropped: 3 } })
    expect(state.losses).not.toHaveProperty(first)
    expect(state.skippedBecause).toEqual({})
  })
}

function summed(parts: readonly CodeCounts[]): CodeCounts {
  const sums: Record<string, number> = {}
  for (const part of parts)
    for (const [code, count] of Object.entries(part)) if (count > 0) sums[code] = (sums[code] ?? 0) + count
  return sums
}

function atEach(accounts: readonly string[], counts: CodeCounts): Readonly<Record<string, CodeCounts>> {
  return Object.keys(counts).length === 0 ? {} : Object.fromEntries(accounts.map((account) => [account, counts]))
}
