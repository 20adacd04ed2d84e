import type { Delivery, EventStore, NewDelivery, OutboxEvent, Payload } from '../event-store-port.ts'
import type { EventEndpoint, EventLog, EventObserver } from './endpoints.ts'
import { deliveryIdOf, eventIdOf } from './event-body.ts'

/** What is sent to an endpoint. */
export type WritePayload = (endpoint: EventEndpoint) => Payload

export type KeepingOptions = {
  readonly store: Pick<EventStore, 'add' | 'turnedOff'>
  readonly log: EventLog
  readonly observer: EventObserver
  readonly now: () => number
}

type KeptEvent = Pick<OutboxEvent, 'type' | 'cause'> & Pick<Delivery, 'parts'>

/** Keeps an event for each of these endpoints; one that is kept already stays as it is. */
export async function keepDeliveries(
  { store, log, observer, now }: KeepingOptions,
  endpoints: readonly EventEndpoint[],
  { type, cause, parts }: KeptEvent,
  write: WritePayload,
): Promise<void> {
  for (const [client, ofClient] of Map.groupBy(endpoints, (endpoint) => endpoint.client)) {
    const eventId = eventIdOf(client, type, cause)
    const at = now()
    const deliveries: NewDelivery[] = []
    for (const endpoint of ofClient) {
      const { id, entry, send } = endpoint
      const isOff = (await store.turnedOff(id)) === entry
      if (isOff) observer.ended(client, 'given_up')
      const end = send === undefined ? keptAt(at) : isOff ? offAt(at) : pendingAt(at)
      const base = {
        id: deliveryIdOf(eventId, id),
        eventId,
        client,
        endpoint: id,
        type,
        createdAt: at,
        tries: 0,
        parts,
      }
      deliveries.push({ delivery: { ...base, ...end } satisfies Delivery, payload: write(endpoint) })
    }
    const lost = await store.add(client, deliveries, at)
    if (lost === 0) continue
    observer.ended(client, 'dropped', lost)
    log.warn({ event: 'webhook', client, count: lost }, tooMany)
  }
}

const keptAt = (at: number) => ({ state: 'kept', endedAt: at }) as const
const offAt = (at: number) => ({ state: 'given_up', lastFailure: 'endpoint_off', endedAt: at }) as const
const pendingAt = (at: number) => ({ state: 'pending', nextTryAt: at }) as const

const tooMany = 'A client has as many deliveries as are kept: the oldest that still waited were dropped.'
