import type { Delivery, EventStore } from '../../../services/event-store-port.ts'
import { dropped, triedOnceMore } from '../../delivery-times.ts'
import { OpenWorkers } from '../../open-workers.ts'
import type { Database } from '../database.ts'
import type { Wakers } from '../import-worker.ts'
import { toStoreError } from '../store-error.ts'
import { deliveryStatements } from './delivery-statements.ts'
import { type DeliveryTable, startDeliveryWorker } from './delivery-worker.ts'
import { eventLeaver, sqliteOutbox } from './outbox.ts'

export type SqliteEvents = EventStore & {
  /** Ends the workers. */
  close(): Promise<void>
}

/** Events in SQLite: the same behaviour as in Redis, with the table of deliveries for a queue. `now` is the clock (ms). */
export function sqliteEvents(database: Database, now: () => number): SqliteEvents {
  const { connection, writeSoon } = database
  const deliveries = deliveryStatements(connection)
  const names = nameStatements(connection)
  const leave = eventLeaver(connection)
  const workers = new OpenWorkers()
  const wakers: Wakers = new Set()
  const wakeAll = () => {
    for (const wake of wakers) wake()
  }
  const asStore = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw toStoreError(error)
    }
  }
  const write = <T>(work: () => T): T => asStore(() => database.write('written', work))
  const settle = (client: string, id: string, change: (delivery: Delivery) => Delivery): Delivery | undefined => {
    const stored = deliveries.get(client, id, now())
    if (stored === undefined) return undefined
    const after = change(stored.delivery)
    deliveries.put(after, stored.payload)
    return after
  }
  const table: DeliveryTable = {
    take(endpoint, concurrency, owner, leaseMs) {
      const at = now()
      // Most of the time there is nothing: look without taking the lock.
      if (!asStore(() => deliveries.isDue(endpoint, at))) return undefined
      return write(() => deliveries.take(endpoint, concurrency, owner, at, at + leaseMs))
    },
    settle: (client, id, change) => void write(() => settle(client, id, change)),
    renew: (delivery, owner, leaseMs) => write(() => deliveries.renew(delivery, owner, now() + leaseMs)),
    free: (delivery, pauseMs) => write(() => deliveries.free(delivery, now() + pauseMs)),
  }

  return {
    ...sqliteOutbox(database),
    async add(client, added, at) {
      const lost = await writeSoon('synced', () => {
        for (const one of added) {
          deliveries.add(client, one)
          // Where nobody says that it is configured, it is dropped some time.
          names.sayIfUnknown({ id: one.delivery.endpoint, client }, at)
        }
        return deliveries.makeRoom(client, at)
      })
      wakeAll()
      return lost
    },
    get: async (client, id) => asStore(() => deliveries.get(client, id, now())),
    page: async (client, query) => asStore(() => deliveries.page(client, query, now())),
    async retry(client, id, at) {
      const after = await writeSoon('synced', () => settle(client, id, (delivery) => triedOnceMore(delivery, at)))
      wakeAll()
      return after !== undefined
    },
    work: (endpoint, handler, options) =>
      workers.add(startDeliveryWorker(table, wakers, endpoint.id, handler, options)),
    requeue: async () => {},
    noteConfigured: (endpoints, at, goneMs) =>
      writeSoon('written', () => {
        for (const endpoint of endpoints) names.say(endpoint, at)
        return names.unsaidSince(at - goneMs)
      }),
    drop: ({ id }, at) =>
      writeSoon('synced', () => {
        const waiting = deliveries.waitingFor(id)
        for (const { delivery, payload } of waiting) deliveries.put(dropped(delivery, at), payload)
        names.forget(id)
        return waiting.length
      }),
    lessen: (isMeant) =>
      writeSoon('synced', () => {
        for (const { delivery, payload } of deliveries.waitingWithMore())
          if (isMeant(payload.body, delivery.id)) deliveries.lessen(delivery, payload)
      }),
    turnOff: (endpoint, entry) => writeSoon('synced', () => names.turnOff(endpoint, entry)),
    turnedOff: async (endpoint) => asStore(() => names.turnedOff(endpoint)),
    reach: async (account) => asStore(() => names.reach(account)),
    replaceReach: (account, before, after, event) =>
      writeSoon('synced', () => {
        if (names.reach(account) !== before) return false
        names.putReach(account, after)
        if (event !== undefined) leave(event)
        return true
      }),
    countPending: async () => asStore(() => deliveries.countPending()),
    close: () => workers.close(),
  }
}

/** What is kept of endpoints and accounts by their names. */
function nameStatements(connection: Database['connection']) {
  const say = connection.prepare('INSERT OR REPLACE INTO endpoints_configured VALUES (?, ?, ?)')
  const sayIfUnknown = connection.prepare('INSERT OR IGNORE INTO endpoints_configured VALUES (?, ?, ?)')
  const unsaid = connection.prepare('SELECT id, client FROM endpoints_configured WHERE said_at <= ?')
  const forget = connection.prepare('DELETE FROM endpoints_configured WHERE id = ?')
  const forgetOff = connection.prepare('DELETE FROM endpoints_off WHERE id = ?')
  const turnOff = connection.prepare('INSERT OR REPLACE INTO endpoints_off VALUES (?, ?)')
  const turnedOff = connection.prepare('SELECT entry FROM endpoints_off WHERE id = ?')
  const reach = connection.prepare('SELECT state FROM account_reach WHERE account = ?')
  const putReach = connection.prepare('INSERT OR REPLACE INTO account_reach VALUES (?, ?)')
  const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return {
    say: ({ id, client }: { readonly id: string; readonly client: string }, at: number) => void say.run(id, client, at),
    sayIfUnknown: ({ id, client }: { readonly id: string; readonly client: string }, at: number) =>
      void sayIfUnknown.run(id, client, at),
    unsaidSince: (at: number) => unsaid.all(at).map(({ id, client }) => ({ id: String(id), client: String(client) })),
    forget(id: string): void {
      forget.run(id)
      forgetOff.run(id)
    },
    turnOff: (id: string, entry: string) => void turnOff.run(id, entry),
    turnedOff: (id: string) => textOf(turnedOff.get(id)?.entry),
    reach: (account: string) => textOf(reach.get(account)?.state),
    putReach: (account: string, state: string) => void putReach.run(account, state),
  }
}
