import { type Delivery, deliveryKeptMs, type Payload, type StoredDelivery } from '../services/event-store-port.ts'

/** When stores look at a delivery again, and until when they keep it; -1: never, and for as long as it waits. */
export function timesOf({ state, nextTryAt, endedAt, createdAt }: Delivery) {
  const isPending = state === 'pending'
  return {
    tryAt: isPending ? (nextTryAt ?? createdAt) : -1,
    keptUntil: isPending ? -1 : (endedAt ?? createdAt) + deliveryKeptMs,
  }
}

/** What is kept of a payload when its delivery has ended; `undefined`: it stays as it is. */
export function payloadAtEnd({ state }: Delivery, { afterwards }: Payload): Payload | undefined {
  return state === 'pending' || afterwards === undefined ? undefined : { body: afterwards }
}

/** A delivery that is to be tried once more, whatever became of it. One that waits anyway goes on as before if that fails. */
export function triedOnceMore(delivery: Delivery, now: number): Delivery {
  if (delivery.state === 'pending') return { ...delivery, nextTryAt: now }
  const { endedAt: _, ...rest } = delivery
  return { ...rest, state: 'pending', nextTryAt: now, isLastTry: true }
}

/** A delivery whose endpoint is not configured any more. */
export function dropped({ nextTryAt: _, ...delivery }: Delivery, now: number): Delivery {
  return { ...delivery, state: 'given_up', lastFailure: 'endpoint_gone', endedAt: now }
}

export function isOver({ delivery }: StoredDelivery, now: number): boolean {
  const { keptUntil } = timesOf(delivery)
  return keptUntil >= 0 && keptUntil <= now
}
