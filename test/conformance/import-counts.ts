import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outcomeStatuses } from '../../src/domain/outcome.ts'
import type { ChunkResult, ImportState, JobHandler } from '../../src/services/import-store-port.ts'
import { chunk } from './import-chunk.ts'
import {
  counts,
  freshName,
  gate,
  type ImportStoreUnderTest,
  options,
  publish,
  recordOf,
  stateOf,
  untilStatus,
} from './import-store-under-test.ts'

/** Counts add up, whoever commits and whenever they are read. */
export function testImportCounts(subject: () => ImportStoreUnderTest): void {
  const store = () => subject().store

  const scenario = fc.record({
    accounts: fc.integer({ min: 1, max: 3 }),
    blocks: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
    workers: fc.integer({ min: 1, max: 3 }),
    concurrency: fc.integer({ min: 1, max: 3 }),
    chunkSizes: fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 7 }),
  })

  test('random chunks by several workers: no moment at which they do not add up, and each row once', {
    timeout: 90_000,
  }, async () => {
    const other = await subject().another()
    await fc.assert(
      fc.asyncProperty(scenario, async ({ accounts, blocks, workers, concurrency, chunkSizes }) => {
        const record = recordOf({ accounts: Array.from({ length: accounts }, () => freshName('account')) })
        const committed = new Set<string>()
        const handler: JobHandler = async (job, _payload, lease) => {
          const rows = blocks[job.block] ?? 0
          for (let from = job.committed; from < rows; ) {
            const upTo = Math.min(rows, from + (chunkSizes[(job.block + from) % chunkSizes.length] ?? 1))
            await lease.commit(outcomesOf(job.block, from, upTo))
            for (let row = from; row < upTo; row += 1) {
              const name = `${job.account} ${job.block} ${row}`
              expect(committed).not.toContain(name)
              committed.add(name)
            }
            from = upTo
          }
        }
        const id = await publish(store(), record, blocks)
        const started = record.accounts.flatMap((account) =>
          Array.from({ length: workers }, (_, index) =>
            (index % 2 === 0 ? store() : other).imports.work(account, handler, { ...options, concurrency }),
          ),
        )
        const ended = await readUntilEnded(() => stateOf(other, id))
        await Promise.all(started.map((worker) => worker.close()))
        const rows = blocks.reduce((sum, count) => sum + count, 0)
        expect(committed.size).toBe(rows * accounts)
        for (const account of record.accounts) expect(ended.progress[account]).toEqual(expectedCounts(blocks))
      }),
      { numRuns: 12 },
    )
  })

  test('a chunk whose counts do not add up, that leaves rows out or goes back is refused, and nothing is counted', async () => {
    const record = recordOf()
    const [account = ''] = record.accounts
    const id = await publish(store(), record, [10])
    const wrong: [number, ChunkResult['counts']][] = [
      [4, { created: 1 }],
      [4, { created: 3 }],
      [1, { created: 1, failed: -2 }],
      [3, { created: 1.5 }],
      [11, { created: 9 }],
      [2, {}],
    ]
    const messages: unknown[] = []
    const worker = store().imports.work(
      account,
      async (_job, _payload, lease) => {
        await lease.commit(chunk(2, { created: 2 }))
        for (const [upTo, parts] of wrong.slice(0, -1))
          messages.push(await lease.commit(chunk(upTo, parts)).catch((error: Error) => error.name))
        await lease.commit(chunk(10, { created: 8 }))
      },
      options,
    )
    const { progress } = await untilStatus(store(), id, 'completed')
    await worker.close()
    expect(messages).toEqual(wrong.slice(0, -1).map(() => 'RangeError'))
    expect(progress[account]).toEqual(counts({ created: 10 }))
  })

  test('the same chunk again, by who is not sure whether it arrived, changes nothing and hears the same', async () => {
    const record = recordOf()
    const [account = ''] = record.accounts
    const id = await publish(store(), record, [4])
    const answers: string[] = []
    const worker = store().imports.work(
      account,
      async (_job, _payload, lease) => {
        for (const upTo of [2, 2, 4, 4]) answers.push(await lease.commit(chunk(upTo, { rejected: 2 }, 'report')))
      },
      options,
    )
    const { progress } = await untilStatus(store(), id, 'completed_with_errors')
    await expect.poll(() => answers).toEqual(['continue', 'continue', 'stop', 'stop'])
    await worker.close()
    expect(progress[account]).toEqual(counts({ rejected: 4 }))
    expect((await store().imports.readReports(id, 0)).get(account)).toHaveLength(2)
  })

  test('the version grows with everything that a reader can see', async () => {
    const record = recordOf()
    const id = await publish(store(), record, [3])
    const versions = [(await stateOf(store(), id)).version]
    const ended = gate()
    const worker = store().imports.work(
      record.accounts[0] ?? '',
      async (_job, _payload, lease) => {
        versions.push((await stateOf(store(), id)).version)
        for (const upTo of [1, 2, 3]) {
          await lease.commit(chunk(upTo, { created: 1 }))
          versions.push((await stateOf(store(), id)).version)
        }
        ended.resolve()
      },
      options,
    )
    await ended.promise
    await worker.close()
    expect(versions).toEqual([...new Set(versions)].sort((one, two) => one - two))
    expect(versions).toHaveLength(5)
  })
}

/** Row `row` of a block always has the same outcome. */
function outcomeOf(block: number, row: number) {
  return outcomeStatuses[(block + row) % outcomeStatuses.length] ?? 'created'
}

function outcomesOf(block: number, from: number, upTo: number): ChunkResult {
  const found: Record<string, number> = {}
  for (let row = from; row < upTo; row += 1) found[outcomeOf(block, row)] = (found[outcomeOf(block, row)] ?? 0) + 1
  return chunk(upTo, found)
}

function expectedCounts(blocks: readonly number[]) {
  const expected = counts({}) as Record<string, number>
  for (const [block, rows] of blocks.entries())
    for (let row = 0; row < rows; row += 1) expected[outcomeOf(block, row)] = (expected[outcomeOf(block, row)] ?? 0) + 1
  return expected
}

/** Reads again and again, as fast as it can, and checks each answer. */
async function readUntilEnded(read: () => Promise<ImportState>): Promise<ImportState> {
  const deadline = performance.now() + 20_000
  let version = 0
  for (;;) {
    const state = await read()
    for (const progress of Object.values(state.progress)) {
      const all = Object.values(progress)
      expect(all.reduce((sum, count) => sum + count, 0)).toBe(state.rows)
      expect(Math.min(...all)).toBeGreaterThanOrEqual(0)
    }
    expect(state.version).toBeGreaterThanOrEqual(version)
    version = state.version
    if (state.finishedAt !== undefined) {
      for (const { pending } of Object.values(state.progress)) expect(pending).toBe(0)
      return state
    }
    if (performance.now() > deadline) throw new Error(`not ended: ${JSON.stringify(state)}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
