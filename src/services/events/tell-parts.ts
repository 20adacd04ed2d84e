import type { EventStore, ListChange, WaitingEvent } from '../event-store-port.ts'
import type { EventEndpoint } from './endpoints.ts'
import { bodyOf, deliveryIdOf, eventIdOf } from './event-body.ts'
import { type KeepingOptions, keepDeliveries, type WritePayload } from './keep-deliveries.ts'
import { nameOfPart, uniteChanges } from './list-changes.ts'

/** The order by which events are named, and in which none is taken away before those after it are. */
export function inOrder(parts: readonly WaitingEvent[]): readonly WaitingEvent[] {
  return parts.toSorted((one, other) => (nameOfPart(one) < nameOfPart(other) ? -1 : 1))
}

type TellingOptions = KeepingOptions & { readonly store: Pick<EventStore, 'get'> }

/**
 * Tells parts of one write, `inOrder`, as one event. Some of them may have been told before, by somebody who died before they
 * were all taken away, or who had not found the others yet: an event is named by the first of its parts, and says which they
 * are, so that only the others are told in another one.
 */
export async function tellParts(
  options: TellingOptions,
  endpoints: readonly EventEndpoint[],
  parts: readonly WaitingEvent[],
): Promise<void> {
  const [first, ...others] = parts
  if (first === undefined || endpoints.length === 0) return
  const { type } = first.event
  const cause = `${first.event.cause} ${nameOfPart(first)}`
  const names = parts.map(nameOfPart)
  await keepDeliveries(options, endpoints, { type, cause, ...(others.length > 0 && { parts: names }) }, writerOf(parts))
  if (others.length === 0) return
  for (const endpoint of endpoints) {
    const { id, client } = endpoint
    const kept = await options.store.get(client, deliveryIdOf(eventIdOf(client, type, cause), id))
    // One that is not there any more was dropped for others, with all of its parts.
    const told = new Set(kept === undefined ? names : kept.delivery.parts)
    await tellParts(
      options,
      [endpoint],
      others.filter((part) => !told.has(nameOfPart(part))),
    )
  }
}

function writerOf(parts: readonly WaitingEvent[]): WritePayload {
  const { type, at, request } = (parts[0] as WaitingEvent).event
  const { data, withAddresses, isCut } = uniteChanges(parts.map(({ event }) => event.data as ListChange))
  const plain = bodyOf({ type, at, request, data, isCut })
  const whole = withAddresses && bodyOf({ type, at, request, data: withAddresses, isCut })
  return ({ addresses }) => (addresses && whole !== undefined ? { body: whole, afterwards: plain } : { body: plain })
}
