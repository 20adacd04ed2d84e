import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { commonProblems, problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import type { Services } from '../services.ts'
import { DeliverySchema, deliveryIdParams } from './delivery-schema.ts'
import { presentDelivery } from './present-delivery.ts'

/** `POST /webhooks/deliveries/{deliveryId}/retry`. */
export function retryDeliveryRoute(app: Routes, { deliveries }: Pick<Services, 'deliveries'>): void {
  app.post(
    '/webhooks/deliveries/:deliveryId/retry',
    {
      config: { scope: 'any', keyed: false, audit: 'webhook.retry' },
      schema: {
        operationId: 'retryDelivery',
        summary: 'Send an event once more',
        description:
          'It is sent now, with the same webhook-id, whatever became of it. One that waits goes on as before if that fails; one that had ended is given up again.',
        tags: ['Webhooks'],
        params: deliveryIdParams,
        response: {
          202: {
            description: 'It is in the queue of its endpoint.',
            content: { 'application/json': { schema: DeliverySchema } },
          },
          ...problemResponses(...commonProblems, 'not-found', 'store-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const { deliveryId } = request.params
      const client = clientOf(request).id
      const before = await deliveries.get(client, deliveryId)
      if (before === undefined) throw new Problem('not-found')
      if (before.delivery.state === 'kept') throw new Problem('not-found', { detail: nobodyCalled })
      if (deliveries.urlOf(before.delivery.endpoint) === undefined)
        throw new Problem('not-found', { detail: endpointGone })
      const isThere = await deliveries.retry(client, deliveryId, Date.now())
      const stored = isThere ? await deliveries.get(client, deliveryId) : undefined
      if (stored === undefined) throw new Problem('not-found')
      return reply.code(202).send(presentDelivery(stored, deliveries.urlOf(stored.delivery.endpoint), false))
    },
  )
}

const nobodyCalled =
  'This event is for nobody to be called: its entry in the configuration names no endpoint. Read it with GET /webhooks/deliveries?payload=true.'
const endpointGone =
  'The endpoint of this event is not in the configuration any more, so that it cannot be sent there. Read the event with GET /webhooks/deliveries?payload=true.'
