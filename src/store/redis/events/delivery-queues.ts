import { type JobsOptions, Queue } from 'bullmq'
import type { RedisConnection } from '../connection.ts'
import { deliveryQueuePrefix } from './event-keys.ts'

/** What a job carries: the rest is with the delivery. */
export type QueuedDelivery = { readonly client: string; readonly id: string }

export type DeliveryQueues = {
  /** Those that are in the queue already stay as they are. */
  add(endpoint: string, deliveries: readonly (QueuedDelivery & { readonly delayMs: number })[]): Promise<void>
  /** Lets one be tried now, wherever it stands in the queue. */
  hasten(endpoint: string, delivery: QueuedDelivery): Promise<void>
  /** How many are tried at a time over all processes. */
  limit(endpoint: string, concurrency: number): Promise<void>
  /** Takes the queue of an endpoint that is not configured any more away. */
  remove(endpoint: string): Promise<void>
  close(): Promise<void>
}

/** The name of each queue: what tells them apart is their prefix. */
export const deliveryQueueName = 'deliveries'

const jobOptions = {
  removeOnComplete: true,
  removeOnFail: true,
  // When a delivery has ended is written in its record.
  attempts: Number.MAX_SAFE_INTEGER,
  backoff: { type: 'capped' },
  stackTraceLimit: 0,
} satisfies JobsOptions

/** The queues of BullMQ, one for each endpoint. */
export function openDeliveryQueues(connection: RedisConnection): DeliveryQueues {
  const queues = new Map<string, Queue<QueuedDelivery>>()
  const queueOf = (endpoint: string) => {
    const known = queues.get(endpoint)
    if (known !== undefined) return known
    const queue = new Queue<QueuedDelivery>(deliveryQueueName, {
      connection: connection.client,
      prefix: deliveryQueuePrefix(endpoint),
      skipVersionCheck: true,
      streams: { events: { maxLen: 100 } },
    })
    // The calls themselves fail with them.
    queue.on('error', () => {})
    queues.set(endpoint, queue)
    return queue
  }
  const add: DeliveryQueues['add'] = async (endpoint, deliveries) => {
    const jobs = deliveries.map(({ client, id, delayMs }) => ({
      name: 'event',
      data: { client, id },
      opts: { ...jobOptions, jobId: id, delay: Math.max(0, delayMs) },
    }))
    await connection.run(() => queueOf(endpoint).addBulk(jobs))
  }
  return {
    add,
    async hasten(endpoint, delivery) {
      const queue = queueOf(endpoint)
      const job = await connection.run(() => queue.getJob(delivery.id))
      if (job === undefined) return add(endpoint, [{ ...delivery, delayMs: 0 }])
      // It may have become due, or be tried, meanwhile.
      if (await connection.run(() => job.isDelayed())) await connection.run(() => job.promote().catch(() => {}))
    },
    limit: async (endpoint, concurrency) => {
      await connection.run(() => queueOf(endpoint).setGlobalConcurrency(concurrency))
    },
    async remove(endpoint) {
      const queue = queueOf(endpoint)
      queues.delete(endpoint)
      await connection.run(() => queue.obliterate({ force: true }))
      await queue.close()
    },
    async close() {
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()))
    },
  }
}
