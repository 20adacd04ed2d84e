import type { DatabaseSync } from 'node:sqlite'
import type { EventStore, ListChange, ListChangeNote, OutboxEvent } from '../../../services/event-store-port.ts'
import type { ImportState } from '../../../services/import-store-port.ts'
import type { Database } from '../database.ts'
import { toStoreError } from '../store-error.ts'

/** Events that are carried at a time. */
const mostAtOnce = 500

/** Leaves an event for those who are to be told of it, in the transaction of its cause. */
export type LeaveEvent = (event: OutboxEvent) => void

export function eventLeaver(connection: DatabaseSync): LeaveEvent {
  const insert = connection.prepare('INSERT INTO event_outbox (event) VALUES (?)')
  return (event) => void insert.run(JSON.stringify(event))
}

/** The end of an import, as its event. */
export function endOfImport(
  { id, client, request }: Pick<ImportState, 'id' | 'client' | 'request'>,
  at: number,
): OutboxEvent {
  return { type: 'import.finished', cause: id, at, request, client, data: { id } }
}

/** True of an import (its id is `imports.id`) whose end waits to be carried. */
export const isUntold = `EXISTS (
  SELECT 1 FROM event_outbox WHERE event ->> '$.cause' = imports.id AND event ->> '$.type' = 'import.finished'
)`

/** Takes the end of an import back, which was none. */
export function endWithdrawer(connection: DatabaseSync): (importId: string) => void {
  const remove = connection.prepare(
    `DELETE FROM event_outbox WHERE event ->> '$.cause' = ? AND event ->> '$.type' = 'import.finished'`,
  )
  return (importId) => void remove.run(importId)
}

/** A change of the suppression list, as its event. */
export function changeOfList({ cause, at, request }: ListChangeNote, data: ListChange): OutboxEvent {
  return { type: 'suppressions.changed', cause, at, request, data }
}

/**
 * The outbox in SQLite: one table, as all causes are in one file. Its numbers are given again once it is empty, so that who
 * takes an event away names it by its text, too: two processes may have found the same one, and another come since.
 */
export function sqliteOutbox({ connection, writeSoon }: Database): Pick<EventStore, 'put' | 'waiting' | 'carried'> {
  const leave = eventLeaver(connection)
  const first = connection.prepare('SELECT id, event FROM event_outbox ORDER BY id LIMIT ?')
  const remove = connection.prepare('DELETE FROM event_outbox WHERE id = ? AND event = ?')
  return {
    put: (event) => writeSoon('synced', () => leave(event)),
    async waiting() {
      try {
        return first.all(mostAtOnce).map(({ id, event }) => {
          return { place: 'outbox', entry: `${id} ${event}`, event: JSON.parse(String(event)) as OutboxEvent }
        })
      } catch (error) {
        throw toStoreError(error)
      }
    },
    async carried(events) {
      await writeSoon('written', () => {
        for (const { entry } of events) {
          const space = entry.indexOf(' ')
          remove.run(Number(entry.slice(0, space)), entry.slice(space + 1))
        }
      })
    },
  }
}
