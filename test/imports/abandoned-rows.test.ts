import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { YieldToCallers } from '../../src/imports/rows/yield-to-callers.ts'
import { findAbandoned } from '../../src/imports/work/find-abandoned.ts'
import { type ImportWorkers, startImportWorkers } from '../../src/imports/work/import-workers.ts'
import { type Store, StoreUnavailable } from '../../src/services/store-port.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { recordOf, untilStatus } from '../conformance/import-store-under-test.ts'
import { nobodySuppressed } from '../support/nobody-suppressed.ts'

const payload = readFileSync(new URL('../fixtures/block-of-version-0.1.0.bin', import.meta.url))
const rows = 7

describe('rows of an account that was taken out of the configuration while the gateway was down', () => {
  let store: Store
  let workers: ImportWorkers
  const logged: string[] = []
  beforeEach(() => {
    store = openSqliteStore({ dataDir: ':memory:' })
    logged.length = 0
  })
  const start = () => {
    const write = (fields: object, message: string) => void logged.push(`${JSON.stringify(fields)} ${message}`)
    workers = startImportWorkers({
      store: store.imports,
      catalog: { accounts: new Map(), lists: new Map() },
      rights: { of: () => 'go' },
      keeper: undefined as never,
      log: { debug: write, warn: write, error: write } as never,
      yielding: new YieldToCallers(),
      watch: async () => nobodySuppressed,
      leaseMs: 10_000,
      lookEveryMs: 50,
    })
  }
  afterEach(async () => {
    await workers.close()
    await store.close()
  })

  test('end as failed, and the log says why', async () => {
    const record = recordOf({ accounts: ['gone-account'] })
    const draft = await store.imports.begin(record)
    await draft.appendBlock(payload, rows)
    await draft.publish()
    start()
    const { progress } = await untilStatus(store, record.id, 'completed_with_errors')
    expect(progress['gone-account']).toMatchObject({ pending: 0, skipped: 4, failed: 2, rejected: 1 })
    expect(logged).toEqual([expect.stringMatching(/"account":"gone-account".*The account was removed/)])
  })
})

describe('what waits for an account that is not configured here', () => {
  async function lookAt(backlogs: readonly (Readonly<Record<string, number>> | 'away')[]): Promise<readonly string[]> {
    const found: string[] = []
    const looks = [...backlogs]
    const ended = Promise.withResolvers<void>()
    const watch = findAbandoned({
      store: {
        backlog: async () => {
          const next = looks.shift()
          // What the last one tells is told before it would look again.
          if (looks.length === 0) setTimeout(ended.resolve, 50)
          if (next === undefined || next === 'away') throw new StoreUnavailable('away')
          return { queued: 0, running: 1, rows: new Map(Object.entries(next)) }
        },
      },
      isServed: (account) => account === 'ours' || found.includes(account),
      found: (account) => void found.push(account),
      everyMs: 1,
    })
    // One that has nothing more to look for does not look again.
    await Promise.race([ended.promise, new Promise((resolve) => setTimeout(resolve, 1_000))])
    watch.close()
    return found
  }

  test.each<[name: string, looks: Parameters<typeof lookAt>[0], found: readonly string[]]>([
    ['is abandoned when a minute later it is the same', [{ gone: 5 }, { gone: 5 }, { gone: 5 }], ['gone']],
    ['is left to who works it off elsewhere', [{ theirs: 9 }, { theirs: 6 }, { theirs: 3 }, {}], []],
    ['is judged anew after somebody stopped', [{ theirs: 9 }, { theirs: 6 }, { theirs: 6 }], ['theirs']],
    ['is left alone when it came later: other replicas may know the account already', [{}, { new: 5 }, { new: 5 }], []],
    [
      'is left alone when it came later than another',
      [{ gone: 5 }, { gone: 4, new: 5 }, { gone: 4, new: 5 }],
      ['gone'],
    ],
    ['is not judged by a store that is away', [{ gone: 5 }, 'away', { gone: 5 }], []],
    ['is no account of ours that stands still', [{ ours: 5 }, { ours: 5 }, { ours: 5 }], []],
  ])('%s', async (_name, looks, found) => {
    expect(await lookAt(looks)).toEqual(found)
  })
})
