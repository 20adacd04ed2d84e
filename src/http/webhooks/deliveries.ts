import { Type } from 'typebox'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { commonProblems, problemResponses } from '../problems/problem-schema.ts'
import { cursorSchema, defaultPageSize, limitSchema, nextLink } from '../requests/paging.ts'
import type { RouteOptions, Services } from '../services.ts'
import { DeliveryPageSchema, deliveryStateSchema } from './delivery-schema.ts'
import { presentDelivery } from './present-delivery.ts'

const querystring = Type.Object(
  {
    limit: Type.Optional(limitSchema),
    cursor: Type.Optional(cursorSchema),
    state: Type.Optional(deliveryStateSchema),
    payload: Type.Optional(Type.Boolean({ default: false, description: 'Show the events themselves too.' })),
  },
  { additionalProperties: false },
)

const path = '/webhooks/deliveries'

/** `GET /webhooks/deliveries`. */
export function listDeliveriesRoute(
  app: Routes,
  { deliveries, cursors }: Pick<Services, 'deliveries' | 'cursors'>,
  { publicUrl }: Pick<RouteOptions, 'publicUrl'>,
): void {
  app.get(
    path,
    {
      config: { scope: 'any', answers: { 200: ['Link'] } },
      schema: {
        operationId: 'listDeliveries',
        summary: 'List what was sent to your webhooks',
        description:
          'The events of the client itself, the newest first: how often each was tried, what the endpoint answered and when it is tried again. Kept for 7 days after their end, 10,000 per client. With payload=true whoever cannot be called reads the events here. A page may have fewer deliveries than its limit and be followed by others, where state lets few through.',
        tags: ['Webhooks'],
        querystring,
        response: {
          200: {
            description: 'One page. The header Link leads to the next.',
            content: { 'application/json': { schema: DeliveryPageSchema } },
          },
          ...problemResponses(...commonProblems, 'invalid-cursor', 'validation-failed', 'store-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const { limit = defaultPageSize, cursor, state, payload = false } = request.query
      const client = clientOf(request).id
      const binding = [client, path, state, String(payload), limit]
      const from = cursor === undefined ? undefined : String(await cursors.read(cursor, binding))
      const { items, next } = await deliveries.page(client, { limit, from, state })
      const nextCursor = next === undefined ? null : await cursors.issue(next, binding)
      if (nextCursor !== null) {
        const query = { limit, state, ...(payload && { payload: 'true' }), cursor: nextCursor }
        reply.header('link', nextLink(publicUrl(), path, query))
      }
      const shown = items.map((one) => presentDelivery(one, deliveries.urlOf(one.delivery.endpoint), payload))
      return { items: shown, nextCursor }
    },
  )
}
