import type { Static } from 'typebox'
import type { StoredDelivery } from '../../services/event-store-port.ts'
import type { DeliverySchema } from './delivery-schema.ts'

/** A delivery as it is shown. `url`: of its endpoint, where that is configured. */
export function presentDelivery(
  { delivery, payload }: StoredDelivery,
  url: string | undefined,
  withPayload: boolean,
): Static<typeof DeliverySchema> {
  const { id, eventId, type, state, tries, createdAt, lastTryAt, lastStatus, lastFailure, nextTryAt, endedAt } =
    delivery
  return {
    id,
    eventId,
    type,
    ...(url !== undefined && { url }),
    state,
    tries,
    createdAt: timeOf(createdAt),
    ...(lastTryAt !== undefined && { lastTryAt: timeOf(lastTryAt) }),
    ...(lastStatus !== undefined && { lastStatus }),
    ...(lastFailure !== undefined && { lastFailure }),
    ...(nextTryAt !== undefined && { nextTryAt: timeOf(nextTryAt) }),
    ...(endedAt !== undefined && { endedAt: timeOf(endedAt) }),
    ...(withPayload && { payload: JSON.parse(payload.body) as unknown }),
  }
}

function timeOf(at: number): string {
  return new Date(at).toISOString()
}
