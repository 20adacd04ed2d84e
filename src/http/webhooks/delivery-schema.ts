import { Type } from 'typebox'
import { callerEventTypes } from '../../domain/caller-event.ts'
import { deliveryFailures, deliveryStates } from '../../services/event-store-port.ts'
import { anyJson } from '../openapi/document-schemas.ts'
import { oneOf } from '../openapi/one-of.ts'

const time = (description: string) => Type.String({ format: 'date-time', description: `${description} RFC 3339, UTC.` })

export const deliveryStateSchema = oneOf(
  deliveryStates,
  'pending: it is tried, or waits for its next try. delivered: the endpoint took it. given_up: nothing more is tried, unless somebody asks for it. kept: the entry in the configuration names no endpoint, and it is to be read here.',
  'DeliveryState',
)

export const DeliverySchema = Type.Object(
  {
    id: Type.String({ description: 'Name of the delivery in paths.' }),
    eventId: Type.String({ description: 'The webhook-id that the endpoint gets, the same with every try.' }),
    type: oneOf(callerEventTypes, 'What the event is.', 'EventType'),
    url: Type.Optional(
      Type.String({
        description:
          'Where it goes; absent when it is kept to be read, or the endpoint is not in the configuration any more.',
      }),
    ),
    state: deliveryStateSchema,
    tries: Type.Integer({ description: 'How often it was sent.' }),
    createdAt: time('When the event came up.'),
    lastTryAt: Type.Optional(time('When it was last sent.')),
    lastStatus: Type.Optional(Type.Integer({ description: 'The status that the endpoint answered last.' })),
    lastFailure: Type.Optional(
      oneOf(
        deliveryFailures,
        'Why it is not delivered. status: the answer was no 2xx. address_refused: the name leads to an address that events may not go to. endpoint_off: the endpoint said 410 before. endpoint_gone: it is not in the configuration any more. unreadable: what is stored cannot be opened, for want of its key.',
        'DeliveryFailure',
      ),
    ),
    nextTryAt: Type.Optional(time('When it is sent again.')),
    endedAt: Type.Optional(
      time('When it was delivered, given up, or put here to be read. It is kept for 7 days from then on.'),
    ),
    payload: Type.Optional(Type.Unsafe<unknown>({ ...anyJson, description: 'With payload=true: the event itself.' })),
  },
  { title: 'Delivery', description: 'An event on its way to an endpoint of the client.' },
)

export const DeliveryPageSchema = Type.Object(
  {
    items: Type.Array(DeliverySchema, { description: 'The deliveries, the newest first.' }),
    nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'For the next page; null on the last one.' }),
  },
  { title: 'DeliveryPage', description: 'A page of deliveries.' },
)

export const deliveryIdParams = Type.Object({
  deliveryId: Type.String({ maxLength: 200, description: 'A delivery of the client.' }),
})
