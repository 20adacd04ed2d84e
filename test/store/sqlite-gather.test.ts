import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { StoreUnavailable } from '../../src/services/store-port.ts'
import { openDatabase } from '../../src/store/sqlite/database.ts'

function open() {
  const dataDir = mkdtempSync(join(tmpdir(), 'gateway-gather-'))
  const database = openDatabase(dataDir)
  database.connection.exec('CREATE TABLE seen (name TEXT PRIMARY KEY)')
  const insert = database.connection.prepare('INSERT INTO seen VALUES (?)')
  const add = (name: string) => database.writeSoon('written', () => insert.run(name).changes)
  const names = () =>
    database.connection
      .prepare('SELECT name FROM seen ORDER BY name')
      .all()
      .map((row) => row.name)
  onTestFinished(() => {
    if (database.connection.isOpen) database.close()
    rmSync(dataDir, { recursive: true })
  })
  return { database, add, names, path: join(dataDir, 'gateway.db') }
}

test('a write with a fault of its own fails alone', async () => {
  const { database, add, names } = open()
  const fault = new Error('a fault')
  const settled = await Promise.allSettled([
    add('a'),
    add('b'),
    add('a'),
    database.writeSoon('synced', () => {
      throw fault
    }),
    add('c'),
  ])
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected', 'fulfilled'])
  expect(settled[3]).toEqual({ status: 'rejected', reason: fault })
  expect(names()).toEqual(['a', 'b', 'c'])
})

test('while another process writes all fail, after one wait', async () => {
  const { add, names, path } = open()
  const other = new DatabaseSync(path)
  other.exec('BEGIN IMMEDIATE')
  const startedAt = performance.now()
  const settled = await Promise.allSettled(['a', 'b', 'c', 'd'].map(add))
  expect(performance.now() - startedAt).toBeLessThan(2_000)
  for (const one of settled) expect(one).toEqual({ status: 'rejected', reason: expect.any(StoreUnavailable) })
  other.exec('COMMIT')
  other.close()
  expect(await add('e')).toBe(1)
  expect(names()).toEqual(['e'])
})

test('what is asked for after a turn, or when the database is closed, has a transaction of its own', async () => {
  const { database, add, names } = open()
  await add('a')
  expect(names()).toEqual(['a'])
  const late = add('b')
  database.close()
  await expect(late).rejects.toBeInstanceOf(StoreUnavailable)
})
