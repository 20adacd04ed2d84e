import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { migrations } from '../../src/store/sqlite/schema.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { chunk } from '../conformance/import-chunk.ts'
import { counts, options, payloadOf, recordOf, stateOf, untilStatus } from '../conformance/import-store-under-test.ts'

test('an import of a file of the version before losses were counted goes on, and counts those of the rows that are left', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'contact-gateway-store-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true }))
  const record = recordOf()
  const [account = ''] = record.accounts
  const before = new DatabaseSync(join(dataDir, 'gateway.db'))
  for (const migration of migrations.slice(0, 2)) before.exec(migration)
  before.exec('PRAGMA user_version = 2')
  const now = Date.now()
  before
    .prepare(`INSERT INTO imports VALUES (?, ?, ?, 'running', 3, 1, 4, ?, ?, NULL, ?)`)
    .run(record.id, record.client, JSON.stringify(record), now, record.createdAt, now + 3_600_000)
  before.prepare('INSERT INTO import_accounts (import_id, number, accepted) VALUES (?, 0, 1)').run(record.id)
  before.prepare('INSERT INTO import_blocks VALUES (?, 0, 3, ?)').run(record.id, payloadOf(0))
  before
    .prepare(
      'INSERT INTO import_jobs (import_id, account_number, block, account, turn, free_at, committed) VALUES (?, 0, 0, ?, 1, 0, 1)',
    )
    .run(record.id, account)
  before.close()

  const store = openSqliteStore({ dataDir })
  onTestFinished(() => store.close())
  expect(await stateOf(store, record.id)).toMatchObject({ status: 'running', losses: {}, skippedBecause: {} })
  const worker = store.imports.work(
    account,
    async ({ committed }, _payload, lease) => {
      await lease.commit(chunk(3, { accepted: 3 - committed }, '', { losses: { tag_dropped: 2 } }))
    },
    options,
  )
  const { progress, losses } = await untilStatus(store, record.id, 'completed')
  await worker.close()
  expect(progress).toEqual({ [account]: counts({ accepted: 3 }) })
  expect(losses).toEqual({ [account]: { tag_dropped: 2 } })
})
