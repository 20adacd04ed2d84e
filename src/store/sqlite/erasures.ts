import type { SQLOutputValue } from 'node:sqlite'
import type { Erasure, ErasureStatus } from '../../domain/erasure.ts'
import type { ErasurePage, ErasureQuery, ErasureStore, StoredErasure } from '../../services/erasure-store-port.ts'
import { type ErasureIndex, indexOf, isWanted } from '../erasure-codec.ts'
import type { Database } from './database.ts'
import { emptyLog } from './empty-log.ts'
import { eventLeaver } from './events/outbox.ts'
import { toStoreError } from './store-error.ts'

/** Erasures that are looked through for a page. */
const mostLooked = 500

/** Erasures in SQLite. `now` is the clock (ms). */
export function sqliteErasures({ connection, writeSoon }: Database, now: () => number): ErasureStore {
  const insert = connection.prepare(
    `INSERT INTO erasures (id, created_at, due_at, status, accounts, wake_at, version, record)
     VALUES (?, ?, ?, ?, ?, ?, 1, ?)`,
  )
  const open = connection.prepare('SELECT id FROM erasure_people WHERE people = ?')
  const addPeople = connection.prepare('INSERT OR REPLACE INTO erasure_people VALUES (?, ?)')
  const forgetPeople = connection.prepare('DELETE FROM erasure_people WHERE id = ?')
  const find = connection.prepare('SELECT * FROM erasures WHERE id = ? AND (expires_at IS NULL OR expires_at > ?)')
  const put = connection.prepare(
    `UPDATE erasures SET status = ?, accounts = ?, wake_at = ?, expires_at = ?, version = version + 1, record = ?
     WHERE id = ? AND version = ? RETURNING *`,
  )
  const pageFrom = connection.prepare(
    `SELECT * FROM erasures WHERE (created_at, id) < (?, ?) AND (expires_at IS NULL OR expires_at > ?)
     ORDER BY created_at DESC, id DESC LIMIT ?`,
  )
  const unfinished = connection.prepare(
    `SELECT id, created_at, due_at, status FROM erasures WHERE status <> 'completed'`,
  )
  const due = connection.prepare(
    'SELECT * FROM erasures WHERE wake_at >= 0 AND wake_at <= ? ORDER BY wake_at, id LIMIT 1',
  )
  const anyWork = connection.prepare('SELECT 1 FROM erasures WHERE wake_at >= 0 LIMIT 1')
  const leave = eventLeaver(connection)
  const wake = connection.prepare('UPDATE erasures SET wake_at = ? WHERE id = ? AND wake_at >= 0')

  return {
    begin: (erasure, people) =>
      writeSoon('synced', () => {
        const known = people.map((one) => open.get(one)?.id).find((id) => id !== undefined)
        const row = known && find.get(known, now())
        if (row) return toStored(row)
        const { id, createdAt, dueAt, status, accounts, wakeAt } = indexOf(erasure)
        insert.run(id, createdAt, dueAt, status, JSON.stringify(accounts), wakeAt, JSON.stringify(erasure))
        addPeople.run(people[0] ?? '', id)
        return { erasure, version: 1 }
      }),
    get: async (id) =>
      asStore(() => {
        const row = find.get(id, now())
        return row && toStored(row)
      }),
    replace: ({ version }, after, keepMs, event) =>
      writeSoon('synced', () => {
        const { id, status, accounts, wakeAt } = indexOf(after)
        const isDone = status === 'completed'
        const expiresAt = isDone ? now() + keepMs : null
        const json = JSON.stringify(after)
        const row = put.get(status, JSON.stringify(accounts), isDone ? -1 : wakeAt, expiresAt, json, id, version)
        if (row !== undefined && isDone) forgetPeople.run(id)
        if (row !== undefined && event !== undefined) leave(event)
        return row && toStored(row)
      }),
    page: async (query) => asStore(() => readPage(query, (from) => pageFrom.all(...from, now(), mostLooked))),
    unfinished: async () =>
      asStore(() =>
        unfinished.all().map((row) => ({
          id: String(row.id),
          createdAt: Number(row.created_at),
          dueAt: Number(row.due_at),
          status: row.status as ErasureStatus,
        })),
      ),
    async take(at, leaseMs) {
      // Most of the time there is nothing: look without taking the lock.
      if (asStore(() => due.get(at)) === undefined) return undefined
      return writeSoon('written', () => {
        const row = due.get(at)
        if (row !== undefined) wake.run(at + leaseMs, String(row.id))
        return row && toStored(row)
      })
    },
    hasWork: async () => asStore(() => anyWork.get() !== undefined),
    async hold(id, until) {
      await writeSoon('written', () => wake.run(until, id))
    },
    purge: async () => void (await emptyLog(connection)),
  }
}

type Row = Record<string, SQLOutputValue>

const last = '\uffff'

function readPage({ limit, from, ...wanted }: ErasureQuery, read: (from: [number, string]) => Row[]): ErasurePage {
  const [createdAt = String(Number.MAX_SAFE_INTEGER), id = last] = from?.split(' ') ?? []
  const rows = read([Number(createdAt), id])
  const items: StoredErasure[] = []
  for (const [place, row] of rows.entries()) {
    const index: Pick<ErasureIndex, 'status' | 'accounts'> = {
      status: row.status as ErasureStatus,
      accounts: JSON.parse(String(row.accounts)) as string[],
    }
    if (isWanted(index, wanted)) items.push(toStored(row))
    const isLast = place === rows.length - 1
    if (items.length === limit || isLast) {
      const hasMore = !isLast || rows.length === mostLooked
      return { items, next: hasMore ? `${row.created_at} ${row.id}` : undefined }
    }
  }
  return { items, next: undefined }
}

function toStored(row: Row): StoredErasure {
  return { erasure: JSON.parse(String(row.record)) as Erasure, version: Number(row.version) }
}

function asStore<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw toStoreError(error)
  }
}
