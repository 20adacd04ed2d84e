import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { StoreUnavailable } from '../../src/services/store-port.ts'
import { openStore } from '../../src/store/open-store.ts'
import { migrations } from '../../src/store/sqlite/schema.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { answerOf, claimOf, finish, freshKey } from '../conformance/store-under-test.ts'

let folder: string
let dataDir: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'contact-gateway-store-'))
  dataDir = join(folder, 'made', 'by us')
})
afterEach(() => rmSync(folder, { recursive: true }))

function openFile(): DatabaseSync {
  const database = new DatabaseSync(join(dataDir, 'gateway.db'))
  onTestFinished(() => database.close())
  return database
}

test('makes a folder that only its owner may read, and keeps what it holds from one start to the next', async () => {
  const key = freshKey()
  const first = await openStore({ dataDir })
  await finish(first, key, answerOf('kept'))
  expect(statSync(dataDir).mode & 0o777).toBe(0o700)
  expect(await first.diagnose()).toEqual([])
  await first.ping()
  await first.close()
  const second = await openStore({ dataDir })
  expect(await second.idempotency.claim(claimOf(key))).toEqual({ kind: 'done', answer: answerOf('kept') })
  await second.close()
})

test.each([
  ['a folder that was there before', 0o755, 0o600],
  ['a file that was there before', 0o700, 0o644],
])('%s, and that others may read, is told of', async (_what, ofFolder, ofFile) => {
  mkdirSync(dataDir, { recursive: true })
  chmodSync(dataDir, ofFolder)
  writeFileSync(join(dataDir, 'gateway.db'), '')
  chmodSync(join(dataDir, 'gateway.db'), ofFile)
  const store = await openStore({ dataDir })
  expect(await store.diagnose()).toEqual([expect.stringMatching(/mode (755|644).*open to other users.*chmod -R go=/)])
  await store.close()
})

test('every commit is synced to a write-ahead log', async () => {
  const store = openSqliteStore({ dataDir })
  expect(openFile().prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
  await store.close()
})

test('a file of a newer version is refused, unchanged, with what to do', async () => {
  await openSqliteStore({ dataDir }).close()
  const database = openFile()
  database.exec('PRAGMA user_version = 99')
  await expect(openStore({ dataDir })).rejects.toThrow(
    `${join(dataDir, 'gateway.db')} was written by a newer version of the gateway (schema 99, this version knows ${migrations.length}). ` +
      'Start that version, or give DATA_DIR another folder.',
  )
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 })
})

test('a DATA_DIR that cannot be used, or holds another file, is refused with its place', async () => {
  writeFileSync(join(folder, 'made'), 'a file')
  await expect(openStore({ dataDir })).rejects.toThrow(/^DATA_DIR: .*gateway\.db cannot be used: .*ENOTDIR/)
  writeFileSync(join(folder, 'gateway.db'), 'this is no database, but long enough to be one'.repeat(100))
  await expect(openStore({ dataDir: folder })).rejects.toThrow(
    /^DATA_DIR: .*gateway\.db cannot be used: .*not a database/,
  )
})

test('a file that another process has locked is StoreUnavailable within about 1 s, and works again afterwards', async () => {
  const store = openSqliteStore({ dataDir })
  const other = openFile()
  other.exec('BEGIN IMMEDIATE')
  const begun = performance.now()
  await expect(store.idempotency.claim(claimOf(freshKey()))).rejects.toThrow(StoreUnavailable)
  expect(performance.now() - begun).toBeLessThan(1500)
  await expect(store.idempotency.claim(claimOf(freshKey()))).rejects.toThrow('database is locked')
  other.exec('ROLLBACK')
  expect(await store.idempotency.claim(claimOf(freshKey()))).toEqual({ kind: 'claimed' })
  await store.close()
})

test('after close, and closing twice', async () => {
  const store = openSqliteStore({ dataDir })
  await store.close()
  await store.close()
  await expect(store.ping()).rejects.toThrow(StoreUnavailable)
  await expect(store.idempotency.claim(claimOf(freshKey()))).rejects.toThrow(StoreUnavailable)
})

test('a sweep deletes what has expired, all of it, and nothing else', async () => {
  let passed = 0
  const store = openSqliteStore({ dataDir, now: () => Date.now() + passed })
  const running = claimOf(freshKey(), { leaseMs: 10_000, keepMs: 100_000 })
  await store.idempotency.claim(running)
  await store.idempotency.mark(running.key, running.owner, 'kept')
  const done = claimOf(freshKey())
  await store.idempotency.claim(done)
  await store.idempotency.mark(done.key, done.owner, 'goes when it is done')
  await store.idempotency.complete(done.key, done.owner, answerOf('short'), 10_000)
  for (let count = 0; count < 450; count += 1) await finish(store, freshKey(), answerOf('short'), 10_000)
  await finish(store, freshKey(), answerOf('long'), 100_000)
  for (let count = 0; count < 250; count += 1) {
    const dead = claimOf(freshKey(), { leaseMs: 5_000, keepMs: 5_000 })
    await store.idempotency.claim(dead)
    await store.idempotency.mark(dead.key, dead.owner, 'gone')
  }
  const names = Buffer.from([1, 2, 3, 4])
  for (const leaseMs of [10_000, 100_000]) {
    const turn = { account: `account ${leaseMs}`, owner: 'owner', names }
    await store.writers.takeOne(turn, leaseMs, 1_000)
    await store.writers.takeGroup(turn, leaseMs)
  }
  passed = 50_000
  await store.sweep()
  const database = openFile()
  const counts = ['runs', 'marks', 'answers', 'writers', 'writer_groups'].map((table) =>
    database.prepare(`SELECT count(*) AS n FROM ${table}`).get(),
  )
  expect(counts).toEqual(counts.map(() => ({ n: 1 })))
  expect(await store.idempotency.claim(claimOf(running.key))).toMatchObject({ kind: 'resumed', marks: ['kept'] })
  await store.close()
})
