import { DelayedError, type Job, Worker } from 'bullmq'
import type { Cluster, Redis } from 'ioredis'
import type {
  DeliveryHandler,
  DeliveryWorkOptions,
  EndpointName,
  EventWorker,
} from '../../../services/event-store-port.ts'
import { jobRetryDelayMs } from '../../import-lifetimes.ts'
import { toWorkerError } from '../worker-error.ts'
import type { RedisDeliveries } from './deliveries.ts'
import { deliveryQueueName, type QueuedDelivery } from './delivery-queues.ts'
import { deliveryQueuePrefix } from './event-keys.ts'

/** How long BullMQ may take, after the running tries have ended, to part from a Redis that may be away. */
const farewellMs = 2_000

/** Works off the queue of an endpoint. BullMQ says who tries, and when; what became of it is with the delivery. */
export function startDeliveryWorker(
  deliveries: RedisDeliveries,
  patient: Redis | Cluster,
  { id: endpoint }: EndpointName,
  handler: DeliveryHandler,
  { concurrency, leaseMs, onError }: DeliveryWorkOptions,
): EventWorker {
  const running = new Set<Promise<void>>()
  let closing = false

  const later = async (job: Job<QueuedDelivery>, token: string | undefined, at: number): Promise<never> => {
    await job.moveToDelayed(at, token)
    throw new DelayedError()
  }
  const tryOnce = async (job: Job<QueuedDelivery>, token: string | undefined): Promise<void> => {
    const { client, id } = job.data
    if (closing) return later(job, token, Date.now())
    const stored = await deliveries.get(client, id)
    if (stored?.delivery.state !== 'pending') return
    const { nextTryAt = 0 } = stored.delivery
    if (nextTryAt > Date.now()) return later(job, token, nextTryAt)
    const after = await handler(stored.delivery, stored.payload.body)
    const kept = await deliveries.settle(client, id, () => after)
    if (kept?.state === 'pending') return later(job, token, kept.nextTryAt ?? Date.now())
  }
  const tryOrFail = async (job: Job<QueuedDelivery>, token: string | undefined): Promise<void> => {
    try {
      await tryOnce(job, token)
    } catch (error) {
      if (error instanceof DelayedError) throw error
      onError(error as Error)
      // What BullMQ keeps of an error must tell nothing of the event.
      throw new Error('to be tried again')
    }
  }

  const worker = new Worker<QueuedDelivery>(
    deliveryQueueName,
    (job, token) => {
      const done = tryOrFail(job, token)
      const settled = done.catch(() => {}).finally(() => running.delete(settled))
      running.add(settled)
      return done
    },
    {
      connection: patient,
      prefix: deliveryQueuePrefix(endpoint),
      skipVersionCheck: true,
      concurrency,
      lockDuration: leaseMs,
      stalledInterval: Math.ceil(leaseMs / 2),
      // Every death must be survivable.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      runRetryDelay: 1000,
      settings: { backoffStrategy: (attempt) => jobRetryDelayMs(attempt) },
    },
  )
  worker.on('error', (error) => {
    if (!closing) onError(toWorkerError(error))
  })
  return {
    async close() {
      closing = true
      const closed = worker.close()
      await Promise.all(running)
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, farewellMs).unref())])
    },
  }
}
