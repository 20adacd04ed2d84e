import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import {
  type Delivery,
  type DeliveryPage,
  type DeliveryQuery,
  mostDeliveries,
  type NewDelivery,
  type Payload,
  type StoredDelivery,
} from '../../../services/event-store-port.ts'
import { payloadAtEnd, timesOf } from '../../delivery-times.ts'

type Row = Record<string, SQLOutputValue>

const notYet = String(Number.MAX_SAFE_INTEGER)
const last = '\uffff'
const never = -1

/** The statements on deliveries, prepared once. All but `get` and `page` are for the inside of a transaction. */
export function deliveryStatements(connection: DatabaseSync) {
  const insert = connection.prepare(
    `INSERT OR IGNORE INTO deliveries (client, id, endpoint, state, created_at, try_at, kept_until, version, record, payload)
     VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`,
  )
  const expire = connection.prepare('DELETE FROM deliveries WHERE kept_until >= 0 AND kept_until <= ?')
  const surplus = connection.prepare(
    `SELECT id, state FROM deliveries WHERE client = ? ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ${mostDeliveries}`,
  )
  const remove = connection.prepare('DELETE FROM deliveries WHERE client = ? AND id = ?')
  const find = connection.prepare(
    'SELECT * FROM deliveries WHERE client = ? AND id = ? AND (kept_until < 0 OR kept_until > ?)',
  )
  const put = connection.prepare(
    `UPDATE deliveries SET state = ?, try_at = ?, kept_until = ?, free_at = 0, owner = NULL, version = version + 1,
     record = ?, payload = ? WHERE client = ? AND id = ?`,
  )
  const pageFrom = connection.prepare(
    `SELECT * FROM deliveries WHERE client = ?1 AND (state = ?2 OR ?2 IS NULL) AND (created_at, id) < (?3, ?4)
     AND (kept_until < 0 OR kept_until > ?5) ORDER BY created_at DESC, id DESC LIMIT ?6`,
  )
  const held = connection.prepare(
    'SELECT count(*) AS count FROM deliveries WHERE endpoint = ? AND try_at >= 0 AND free_at > ?',
  )
  const due = connection.prepare(
    `SELECT * FROM deliveries WHERE endpoint = ?1 AND try_at >= 0 AND try_at <= ?2 AND free_at <= ?2
     ORDER BY try_at, id LIMIT 1`,
  )
  const hold = connection.prepare('UPDATE deliveries SET owner = ?, free_at = ? WHERE client = ? AND id = ?')
  const renew = connection.prepare('UPDATE deliveries SET free_at = ? WHERE client = ? AND id = ? AND owner = ?')
  const waiting = connection.prepare('SELECT * FROM deliveries WHERE endpoint = ? AND try_at >= 0')
  const waitingWithMore = connection.prepare(
    `SELECT * FROM deliveries WHERE try_at >= 0 AND payload ->> 'afterwards' IS NOT NULL`,
  )
  const lessen = connection.prepare('UPDATE deliveries SET payload = ? WHERE client = ? AND id = ?')
  const pending = connection.prepare('SELECT count(*) AS count FROM deliveries WHERE try_at >= 0')

  return {
    get(client: string, id: string, now: number): StoredDelivery | undefined {
      const row = find.get(client, id, now)
      return row && toStored(row)
    },
    add(client: string, { delivery, payload }: NewDelivery): void {
      const { id, endpoint, state, createdAt } = delivery
      const { tryAt, keptUntil } = timesOf(delivery)
      const [record, body] = [JSON.stringify(delivery), JSON.stringify(payload)]
      insert.run(client, id, endpoint, state, createdAt, tryAt, keptUntil, record, body)
    },
    /** Takes out what is kept no longer, or too much of a client; how many that were pending had to go. */
    makeRoom(client: string, now: number): number {
      expire.run(now)
      const gone = surplus.all(client)
      for (const { id } of gone) remove.run(client, String(id))
      return gone.filter(({ state }) => state === 'pending').length
    },
    put(after: Delivery, payload: Payload): void {
      const { tryAt, keptUntil } = timesOf(after)
      const kept = JSON.stringify(payloadAtEnd(after, payload) ?? payload)
      put.run(after.state, tryAt, keptUntil, JSON.stringify(after), kept, after.client, after.id)
    },
    page(client: string, { limit, from, state }: DeliveryQuery, now: number): DeliveryPage {
      const [createdAt = notYet, id = last] = from?.split(' ') ?? []
      const rows = pageFrom.all(client, state ?? null, Number(createdAt), id, now, limit + 1)
      const items = rows.slice(0, limit).map(toStored)
      const end = items.at(-1)?.delivery
      return { items, next: rows.length > limit && end ? `${end.createdAt} ${end.id}` : undefined }
    },
    isDue: (endpoint: string, now: number): boolean => due.get(endpoint, now) !== undefined,
    /** The next one that is due, held for `owner`; not where as many are held as may be. */
    take(endpoint: string, concurrency: number, owner: string, now: number, until: number): StoredDelivery | undefined {
      if (Number(held.get(endpoint, now)?.count) >= concurrency) return undefined
      const row = due.get(endpoint, now)
      if (row === undefined) return undefined
      hold.run(owner, until, String(row.client), String(row.id))
      return toStored(row)
    },
    renew: ({ client, id }: Delivery, owner: string, until: number): void => void renew.run(until, client, id, owner),
    free: ({ client, id }: Delivery, at: number): void => void hold.run(null, at, client, id),
    waitingFor: (endpoint: string): readonly StoredDelivery[] => waiting.all(endpoint).map(toStored),
    /** Those that wait, and hold more than is kept of them afterwards. */
    waitingWithMore: (): readonly StoredDelivery[] => waitingWithMore.all().map(toStored),
    lessen({ client, id }: Delivery, { afterwards = '' }: Payload): void {
      lessen.run(JSON.stringify({ body: afterwards }), client, id)
    },
    countPending: (): number => Number(pending.get()?.count ?? never),
  }
}

export type DeliveryStatements = ReturnType<typeof deliveryStatements>

function toStored(row: Row): StoredDelivery {
  return {
    delivery: JSON.parse(String(row.record)) as Delivery,
    payload: JSON.parse(String(row.payload)) as Payload,
    version: Number(row.version),
  }
}
