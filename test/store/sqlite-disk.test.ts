import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { StoreUnavailable } from '../../src/services/store-port.ts'
import { openDatabase } from '../../src/store/sqlite/database.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { logSync } from '../../src/store/sqlite/sync-log.ts'
import { payloadOf, recordOf } from '../conformance/import-store-under-test.ts'
import { watchFiles } from '../support/misbehaving-files.ts'

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-disk-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

function open() {
  const dataDir = makeFolder()
  const told: [works: boolean, reason: string][] = []
  const database = openDatabase(dataDir, (works, reason) => told.push([works, reason]))
  onTestFinished(() => database.close())
  const { connection } = database
  connection.exec('CREATE TABLE kept (name TEXT PRIMARY KEY, bytes BLOB)')
  const insert = connection.prepare('INSERT INTO kept VALUES (?, ?)')
  const put = (name: string, bytes: number) => () => insert.run(name, Buffer.alloc(bytes, name)).changes
  const names = () =>
    connection
      .prepare('SELECT name FROM kept ORDER BY name')
      .all()
      .map((row) => row.name)
  return { database, connection, put, names, told, file: join(dataDir, 'gateway.db') }
}

test('of writes that share a transaction all fail where one finds the disk full, none is there, and all are told', async () => {
  const { database, connection, put, names, told } = open()
  const pages = Number(connection.prepare('PRAGMA page_count').get()?.page_count)
  connection.exec(`PRAGMA max_page_count = ${pages + 5}`)
  const write = () =>
    Promise.allSettled([
      database.writeSoon('written', put('a', 10)),
      database.writeSoon('synced', put('b', 100_000)),
      database.writeSoon('written', put('c', 10)),
    ])
  for (const one of await write()) expect(one).toEqual({ status: 'rejected', reason: expect.any(StoreUnavailable) })
  expect(names()).toEqual([])
  expect(told).toEqual([[false, expect.stringContaining('full')]])
  connection.exec('PRAGMA max_page_count = 1000000')
  expect((await write()).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
  expect(names()).toEqual(['a', 'b', 'c'])
  expect(told.map(([works]) => works)).toEqual([false, true])
})

test('a disk that takes no writes is told once, shows when asked for as long as it lasts, and is over by itself', async () => {
  const { database, connection, put, names, told } = open()
  database.check()
  connection.exec('PRAGMA query_only = 1')
  for (const name of ['a', 'b'])
    await expect(database.writeSoon('written', put(name, 1))).rejects.toThrow(StoreUnavailable)
  expect(() => database.check()).toThrow('readonly')
  expect(() => database.check()).toThrow('readonly')
  connection.exec('PRAGMA query_only = 0')
  database.check()
  expect(await database.writeSoon('written', put('c', 1))).toBe(1)
  expect(names()).toEqual(['c'])
  expect(told).toEqual([
    [false, expect.stringContaining('readonly')],
    [true, expect.any(String)],
  ])
})

test('a transaction that could not be taken back does not keep the next one from beginning', () => {
  const { database, connection, put, names } = open()
  connection.exec('BEGIN')
  put('left over', 1)()
  database.write('synced', put('a', 1))
  expect(names()).toEqual(['a'])
})

test('after a log that could not be synced the next sync brings what it holds into the database', async () => {
  const { connection, put, database, file } = open()
  const log = logSync(connection)
  onTestFinished(() => log.close())
  await log.synced()
  database.write('written', put('a', 1))
  const held = () => {
    const copy = join(makeFolder(), 'copy.db')
    copyFileSync(file, copy)
    const alone = new DatabaseSync(copy)
    const tables = alone.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'kept'").get()?.n
    const rows = tables === 0 ? 0 : alone.prepare('SELECT count(*) AS n FROM kept').get()?.n
    alone.close()
    return rows
  }
  const watched = watchFiles(/gateway\.db-wal$/, { call: 'datasync', how: 'EIO', nth: 1 })
  await expect(log.synced().finally(watched.restore)).rejects.toThrow(StoreUnavailable)
  expect(held()).toBe(0)
  await log.synced()
  expect(held()).toBe(1)
})

test('an upload of which the store has lost a block is not published', async () => {
  const dataDir = makeFolder()
  const store = openSqliteStore({ dataDir })
  onTestFinished(() => store.close())
  const record = recordOf()
  const draft = await store.imports.begin(record)
  await draft.appendBlock(payloadOf(0), 10)
  await draft.appendBlock(payloadOf(1), 10)
  const other = new DatabaseSync(join(dataDir, 'gateway.db'))
  other.prepare('DELETE FROM import_blocks WHERE import_id = ? AND block = 1').run(record.id)
  other.close()
  await expect(draft.publish()).rejects.toThrow(StoreUnavailable)
  expect(await store.imports.get(record.id)).toBeUndefined()
  await draft.discard()
})
