import { Redis } from 'ioredis'
import type { EventStore, OutboxEvent, WaitingEvent } from '../../../services/event-store-port.ts'
import { type ImportRecord, isUnfinished } from '../../../services/import-store-port.ts'
import type { RedisConnection } from '../connection.ts'
import type { Durably } from '../durability.ts'
import { importKeys, unfinishedKey } from '../imports/import-keys.ts'
import { runScript } from '../scripts.ts'
import { listParts } from '../suppression-parts.ts'
import { erasureOutboxKey, listOutboxKey, ownOutboxKey } from './event-keys.ts'

/** Events of one place that are carried at a time. */
const mostOfPlace = 100
const importsPerStep = 100
const lists = [ownOutboxKey, erasureOutboxKey, ...listParts.map(listOutboxKey)]
/** The place of events that imports have in their records. */
const inImport = 'import'

/** Where causes leave their events: lists in the slots of the causes, and a mark in the record of an import that has ended. */
export function redisOutbox(
  connection: RedisConnection,
  durably: Durably,
): Pick<EventStore, 'put' | 'waiting' | 'carried'> {
  return {
    async put(event) {
      await durably((client) => client.rpush(ownOutboxKey, JSON.stringify(event)))
    },
    async waiting() {
      const found = await connection.run((client) =>
        Promise.all(lists.map((key) => client.lrange(key, 0, mostOfPlace - 1))),
      )
      const ofLists = found.flatMap((entries, index) =>
        entries.map((entry): WaitingEvent => {
          return { place: lists[index] as string, entry, event: JSON.parse(entry) as OutboxEvent }
        }),
      )
      return [...ofLists, ...(await endedImports(connection))]
    },
    async carried(events) {
      const remove = ({ place, entry }: WaitingEvent) =>
        connection.run<unknown>((client) =>
          place === inImport
            ? runScript(client, 'import-told', importKeys(entry).record)
            : client.lrem(place, 1, entry),
        )
      // What goes over one connection is done in its order; a cluster has several.
      if (connection.client instanceof Redis) await Promise.all(events.map(remove))
      else for (const event of events) await remove(event)
    },
  }
}

/** Of the imports that the reconciler has not put away yet. */
async function endedImports(connection: RedisConnection): Promise<readonly WaitingEvent[]> {
  const ended: WaitingEvent[] = []
  for (let seen = 0; ; seen += importsPerStep) {
    const last = seen + importsPerStep - 1
    const ids = await connection.run((client) => client.zrange(unfinishedKey, String(seen), String(last)))
    if (ids.length === 0) return ended
    const records = await connection.run((client) =>
      Promise.all(ids.map((id) => client.hmget(importKeys(id).record, 's', 'e', 't1', 'r'))),
    )
    for (const [index, [status, event, finishedAt, record]] of records.entries()) {
      if (!event || !record || status === 'draft' || isUnfinished(status)) continue
      ended.push(endOf(ids[index] as string, JSON.parse(record) as ImportRecord, finishedAt ?? undefined))
    }
    if (ids.length < importsPerStep) return ended
  }
}

function endOf(id: string, { client, createdAt, request }: ImportRecord, finishedAt: string | undefined): WaitingEvent {
  const at = Date.parse(finishedAt ?? createdAt)
  return {
    place: inImport,
    entry: id,
    event: { type: 'import.finished', cause: id, at, request, client, data: { id } },
  }
}
