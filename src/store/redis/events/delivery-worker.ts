import type { Cluster, Redis } from 'ioredis'
import type {
  DeliveryHandler,
  DeliveryWorkOptions,
  EndpointName,
  EventWorker,
} from '../../../services/event-store-port.ts'
import { startQueueWorker } from '../queue-worker.ts'
import type { RedisDeliveries } from './deliveries.ts'
import { deliveryQueueName, type QueuedDelivery } from './delivery-queues.ts'
import { deliveryQueuePrefix } from './event-keys.ts'

/** Works off the queue of an endpoint. BullMQ says who tries, and when; what became of it is with the delivery. */
export function startDeliveryWorker(
  deliveries: RedisDeliveries,
  patient: Redis | Cluster,
  { id: endpoint }: EndpointName,
  handler: DeliveryHandler,
  { concurrency, leaseMs, onError }: DeliveryWorkOptions,
): EventWorker {
  return startQueueWorker<QueuedDelivery>({
    name: deliveryQueueName,
    prefix: deliveryQueuePrefix(endpoint),
    patient,
    concurrency,
    leaseMs,
    onError,
    async work({ client, id }) {
      const stored = await deliveries.get(client, id)
      if (stored?.delivery.state !== 'pending') return undefined
      const { nextTryAt = 0 } = stored.delivery
      if (nextTryAt > Date.now()) return nextTryAt
      const after = await handler(stored.delivery, stored.payload.body)
      const kept = await deliveries.settle(client, id, () => after)
      return kept?.state === 'pending' ? (kept.nextTryAt ?? Date.now()) : undefined
    },
  })
}
