import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type {
  ExplanationLimits,
  ExplanationPage,
  ExplanationQuery,
  ExplanationStore,
  KeptExplanation,
} from '../../services/explanation-store-port.ts'
import { type FoundHead, isSought } from '../explanation-codec.ts'
import type { Database } from './database.ts'
import { toStoreError } from './store-error.ts'

/** Explanations that are looked through for a page. */
const mostLooked = 200
/** What a row takes beside its texts, roughly. */
const overhead = 160

/** Explanations of requests in SQLite. `now` is the clock (ms). */
export function sqliteExplanations({ connection, writeSoon }: Database, now: () => number): ExplanationStore {
  const rows = statements(connection)

  const put = (client: string, one: KeptExplanation, keepMs: number): void => {
    const { id, at, status, list = null, head, accounts } = one
    const before = rows.find.get(client, id, now())
    if (before !== undefined && Number(before.at) > at) {
      rows.count.run(client, id)
      return
    }
    const bytes = Buffer.byteLength(head) + Buffer.byteLength(accounts) + 2 * id.length + overhead
    rows.drop.run(client, id)
    rows.put.run(
      client,
      id,
      Math.round(at),
      Number(before?.same ?? 0) + 1,
      status,
      list,
      head,
      accounts,
      bytes,
      now() + keepMs,
    )
  }
  const trim = (client: string, { most, mostBytes }: ExplanationLimits): void => {
    const total = rows.total.get(client)
    let [left, bytes] = [Number(total?.entries ?? 0), Number(total?.bytes ?? 0)]
    while (left > most || bytes > mostBytes) {
      const [oldest] = rows.oldest.all(client)
      if (oldest === undefined) return
      rows.drop.run(client, oldest.id as string)
      left -= 1
      bytes -= Number(oldest.bytes)
    }
  }

  return {
    keep: (client, explanations, limits) =>
      writeSoon('written', () => {
        for (const one of explanations) put(client, one, limits.keepMs)
        trim(client, limits)
      }),
    get: async (client, id) =>
      asStore(() => {
        const row = rows.find.get(client, id, now())
        return row && { ...toFound(row), accounts: String(row.accounts) }
      }),
    page: async (client, query) =>
      asStore(() => readPage(query, (from) => rows.page.all(client, ...from, query.since ?? 0, now(), mostLooked))),
  }
}

function statements(connection: DatabaseSync) {
  const alive = 'client = ? AND id = ? AND expires_at > ?'
  return {
    find: connection.prepare(`SELECT * FROM explanations WHERE ${alive}`),
    put: connection.prepare('INSERT INTO explanations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    count: connection.prepare('UPDATE explanations SET same = same + 1 WHERE client = ? AND id = ?'),
    drop: connection.prepare('DELETE FROM explanations WHERE client = ? AND id = ?'),
    total: connection.prepare('SELECT entries, bytes FROM explanation_totals WHERE client = ?'),
    oldest: connection.prepare('SELECT id, bytes FROM explanations WHERE client = ? ORDER BY at, id LIMIT 1'),
    page: connection.prepare(
      `SELECT id, at, same, status, list, head FROM explanations
       WHERE client = ? AND (at, id) < (?, ?) AND at >= ? AND expires_at > ? ORDER BY at DESC, id DESC LIMIT ?`,
    ),
  }
}

type Row = Record<string, SQLOutputValue>

const last = '\uffff'

function readPage(
  { limit, from, ...sought }: ExplanationQuery,
  read: (from: [number, string]) => Row[],
): ExplanationPage {
  const [at = String(Number.MAX_SAFE_INTEGER), id = last] = from?.split(' ') ?? []
  const found = read([Number(at), id])
  const items: FoundHead[] = []
  for (const [place, row] of found.entries()) {
    const one = toFound(row)
    if (isSought(one, sought)) items.push(one)
    const isLast = place === found.length - 1
    if (items.length < limit && !isLast) continue
    return { items, next: !isLast || found.length === mostLooked ? `${one.at} ${one.id}` : undefined }
  }
  return { items, next: undefined }
}

function toFound(row: Row): FoundHead {
  return {
    id: String(row.id),
    at: Number(row.at),
    sameId: Number(row.same),
    status: Number(row.status),
    list: row.list === null ? undefined : String(row.list),
    head: String(row.head),
  }
}

function asStore<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw toStoreError(error)
  }
}
