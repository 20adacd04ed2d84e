import type {
  Delivery,
  EventStore,
  ListChange,
  ListChangeNote,
  Payload,
  StoredDelivery,
} from '../../services/event-store-port.ts'
import { StoredDataUnreadable } from '../../services/store-port.ts'
import type { SealedPlace, Sealer } from './sealer.ts'

/** What stands before a text that is sealed; no address and no body begins with it. */
const mark = 'sealed:'

function sealText(sealer: Sealer, place: SealedPlace, text: string): string {
  return mark + sealer.seal(place, Buffer.from(text)).toString('base64')
}

function openText(sealer: Sealer, place: SealedPlace, text: string): string {
  if (!text.startsWith(mark)) return text
  return String(sealer.open(place, Buffer.from(text.slice(mark.length), 'base64')))
}

/** What a change of the suppression list tells of addresses, sealed before it gets to the outbox. */
export function sealNote(note: ListChangeNote | undefined, sealer: Sealer): ListChangeNote | undefined {
  if (note?.addresses === undefined) return note
  return {
    ...note,
    addresses: eachAddress(note.addresses, (id, text) => sealText(sealer, ['event', note.cause, id], text)),
  }
}

/** Events whose addresses in the outbox, and whose bodies, are sealed. Types, states and times are not. */
export function sealedEvents(store: EventStore, sealer: Sealer): EventStore {
  const sealPayload = (id: string, { body, afterwards }: Payload): Payload => ({
    body: sealText(sealer, ['delivery', id], body),
    ...(afterwards !== undefined && { afterwards: sealText(sealer, ['delivery', id], afterwards) }),
  })
  const open = (stored: StoredDelivery): StoredDelivery => {
    const { body, afterwards } = stored.payload
    const place = ['delivery', stored.delivery.id] as const
    // One that cannot be opened must not hide the others.
    const opened = orNone(() => openText(sealer, place, body)) ?? 'null'
    const less = afterwards === undefined ? undefined : orNone(() => openText(sealer, place, afterwards))
    return { ...stored, payload: { body: opened, ...(less !== undefined && { afterwards: less }) } }
  }
  return {
    ...store,
    async waiting() {
      return (await store.waiting()).map((one) => {
        const { type, cause, data } = one.event
        const { addresses } = type === 'suppressions.changed' ? (data as ListChange) : {}
        if (addresses === undefined) return one
        const opened = orNone(() => eachAddress(addresses, (id, text) => openText(sealer, ['event', cause, id], text)))
        return { ...one, event: { ...one.event, data: { ...(data as ListChange), addresses: opened } } }
      })
    },
    add: (client, deliveries, now) =>
      store.add(
        client,
        deliveries.map(({ delivery, payload }) => ({ delivery, payload: sealPayload(delivery.id, payload) })),
        now,
      ),
    async get(client, id) {
      const stored = await store.get(client, id)
      return stored && open(stored)
    },
    async page(client, query) {
      const { items, next } = await store.page(client, query)
      return { items: items.map(open), next }
    },
    lessen: (isMeant) =>
      store.lessen((body, id) => isMeant(orNone(() => openText(sealer, ['delivery', id], body)) ?? '', id)),
    work: (endpoint, handler, options) =>
      store.work(
        endpoint,
        async (delivery, body) => {
          const opened = orNone(() => openText(sealer, ['delivery', delivery.id], body))
          return opened === undefined ? unreadable(delivery) : handler(delivery, opened)
        },
        options,
      ),
  }
}

/** Nobody can send what cannot be opened; with its key it can be sent once more. */
function unreadable({ nextTryAt: _, ...delivery }: Delivery): Delivery {
  return { ...delivery, state: 'given_up', lastFailure: 'unreadable', endedAt: Date.now() }
}

/** What cannot be opened must not keep others from being told: `undefined`. */
function orNone<Opened>(opening: () => Opened): Opened | undefined {
  try {
    return opening()
  } catch (error) {
    if (error instanceof StoredDataUnreadable) return undefined
    throw error
  }
}

function eachAddress(
  addresses: Readonly<Record<string, string>>,
  change: (id: string, text: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(addresses).map(([id, text]) => [id, change(id, text)]))
}
