import type { Delivery, DeliveryFailure, EventStore } from '../event-store-port.ts'
import type { Endpoints, EventEndpoint, EventLog, EventObserver, SendResult } from './endpoints.ts'
import { pauseAfter } from './next-try.ts'

export type DelivererOptions = {
  readonly store: Pick<EventStore, 'turnOff' | 'turnedOff'>
  readonly endpoints: Endpoints
  readonly log: EventLog
  readonly observer: EventObserver
  readonly now: () => number
  readonly random: () => number
  /** Rejects when tries are not waited for any more: they are left to others, who make them again. */
  readonly stopped: Promise<never>
}

/** The endpoint was taken out of the configuration of this process: others may still have it. */
const askAgainMs = 60_000
const gone = 410

/** Makes one try of a delivery, and says what it is afterwards. */
export function createDeliverer({ store, endpoints, log, observer, now, random, stopped }: DelivererOptions) {
  const giveUp = (delivery: Delivery, endpoint: EventEndpoint, lastFailure: DeliveryFailure): Delivery => {
    observer.ended(delivery.client, 'given_up')
    const { id, client, type, tries, lastStatus } = delivery
    log.warn(
      {
        event: 'webhook',
        client,
        endpoint: endpoint.place,
        delivery: id,
        type,
        tries,
        status: lastStatus,
        failure: lastFailure,
      },
      'An event was given up: the endpoint did not take it. Its client can still read it, and ask for one more try.',
    )
    const { nextTryAt: _, ...rest } = delivery
    return { ...rest, state: 'given_up', lastFailure, endedAt: now() }
  }
  const turnOff = async ({ id, entry, place, client }: EventEndpoint): Promise<void> => {
    await store.turnOff(id, entry)
    observer.turnedOff(client)
    log.warn(
      { event: 'webhook', client, endpoint: place },
      'An endpoint answered 410 and gets nothing more until its entry in the configuration changes.',
    )
  }

  return async (delivery: Delivery, body: string): Promise<Delivery> => {
    const endpoint = endpoints.get(delivery.endpoint)
    if (endpoint?.send === undefined) return { ...delivery, nextTryAt: now() + askAgainMs }
    if ((await store.turnedOff(endpoint.id)) === endpoint.entry) return giveUp(delivery, endpoint, 'endpoint_off')
    const result = await Promise.race([endpoint.send({ id: delivery.eventId, at: now(), body }), stopped])
    const at = now()
    const tried = withResult({ ...delivery, tries: delivery.tries + 1, lastTryAt: at }, result)
    const isDelivered = tried.lastFailure === undefined
    observer.tried(delivery.client, isDelivered ? 'delivered' : 'failed')
    if (isDelivered) {
      observer.ended(delivery.client, 'delivered')
      const { nextTryAt: _, ...rest } = tried
      return { ...rest, state: 'delivered', endedAt: at }
    }
    if (result.status === gone) await turnOff(endpoint)
    const retryAfter = 'retryAfter' in result ? result.retryAfter : undefined
    const pause =
      result.status === gone || delivery.isLastTry ? undefined : pauseAfter(tried.tries, retryAfter, at, random())
    if (pause === undefined) return giveUp(tried, endpoint, tried.lastFailure ?? 'status')
    return { ...tried, nextTryAt: at + pause }
  }
}

function withResult({ lastStatus: _, lastFailure: __, ...delivery }: Delivery, result: SendResult): Delivery {
  const status = result.status === undefined ? {} : { lastStatus: result.status }
  if ('failure' in result) return { ...delivery, ...status, lastFailure: result.failure }
  const isTaken = result.status >= 200 && result.status < 300
  return { ...delivery, ...status, ...(!isTaken && { lastFailure: 'status' as const }) }
}
