import type { Cluster, Redis } from 'ioredis'
import type { EndpointName, EventStore } from '../../../services/event-store-port.ts'
import { dropped, triedOnceMore } from '../../delivery-times.ts'
import { OpenWorkers } from '../../open-workers.ts'
import type { RedisConnection } from '../connection.ts'
import type { Durably } from '../durability.ts'
import { openPatientClient } from '../patient-client.ts'
import { runScript } from '../scripts.ts'
import { redisDeliveries } from './deliveries.ts'
import { openDeliveryQueues } from './delivery-queues.ts'
import { startDeliveryWorker } from './delivery-worker.ts'
import { configuredKey, ownOutboxKey, reachKey, turnedOffKey } from './event-keys.ts'
import { redisOutbox } from './outbox.ts'

const deliveriesPerStep = 100

export type RedisEvents = EventStore & {
  /** Ends what works and what it is connected by; not the connections it was given. */
  close(): Promise<void>
}

/** Events in Redis: outboxes in the slots of their causes, records of deliveries by client, BullMQ's queues by endpoint. */
export function redisEvents(connection: RedisConnection, durably: Durably): RedisEvents {
  const queues = openDeliveryQueues(connection)
  const deliveries = redisDeliveries(connection, durably)
  const workers = new OpenWorkers()
  let patient: Redis | Cluster | undefined

  return {
    ...redisOutbox(connection, durably),
    get: deliveries.get,
    page: (client, query) => deliveries.page(client, query, Date.now()),
    countPending: deliveries.countPending,
    async add(client, added, now) {
      const lost = await deliveries.add(client, added, now)
      const pending = added.flatMap(({ delivery }) => (delivery.state === 'pending' ? [delivery] : []))
      for (const [endpoint, ofEndpoint] of Map.groupBy(pending, ({ endpoint }) => endpoint)) {
        const jobs = ofEndpoint.map(({ id, nextTryAt = now }) => ({ client, id, delayMs: nextTryAt - now }))
        await queues.add(endpoint, jobs)
      }
      return lost
    },
    async retry(client, id, now) {
      const after = await deliveries.settle(client, id, (delivery) => triedOnceMore(delivery, now))
      if (after !== undefined) await queues.hasten(after.endpoint, { client, id })
      return after !== undefined
    },
    work(endpoint, handler, options) {
      patient ??= openPatientClient(connection.client)
      queues.limit(endpoint.id, options.concurrency).catch(options.onError)
      return workers.add(startDeliveryWorker(deliveries, patient, endpoint, handler, options))
    },
    async requeue(client, now, lateMs) {
      for (let seen = 0; ; seen += deliveriesPerStep) {
        const late = await deliveries.waiting(client, now - lateMs, seen, deliveriesPerStep)
        for (const [endpoint, ofEndpoint] of Map.groupBy(late, ({ endpoint }) => endpoint))
          await queues.add(
            endpoint,
            ofEndpoint.map(({ id }) => ({ client, id, delayMs: 0 })),
          )
        if (late.length < deliveriesPerStep) return
      }
    },
    async noteConfigured(endpoints, now, goneMs) {
      const said = endpoints.map(({ id, client }) => [id, `${now} ${client}`] as const)
      if (said.length > 0) await connection.run((redis) => redis.hset(configuredKey, Object.fromEntries(said)))
      const known = await connection.run((redis) => redis.hgetall(configuredKey))
      return Object.entries(known).flatMap(([id, text]): EndpointName[] => {
        const [saidAt, client = ''] = text.split(' ')
        return Number(saidAt) <= now - goneMs ? [{ id, client }] : []
      })
    },
    async drop({ id: endpoint, client }, now) {
      let count = 0
      for (let seen = 0; ; ) {
        const waiting = await deliveries.waiting(client, Number.MAX_SAFE_INTEGER, seen, deliveriesPerStep)
        for (const { id, endpoint: of } of waiting) {
          const isDropped =
            of === endpoint && (await deliveries.settle(client, id, (delivery) => dropped(delivery, now))) !== undefined
          if (isDropped) count += 1
          else seen += 1
        }
        if (waiting.length < deliveriesPerStep) break
      }
      await queues.remove(endpoint)
      await connection.run((redis) =>
        Promise.all([redis.hdel(configuredKey, endpoint), redis.hdel(turnedOffKey, endpoint)]),
      )
      return count
    },
    async lessen(isMeant) {
      for (const client of await deliveries.clients())
        for (let seen = 0; ; seen += deliveriesPerStep) {
          const waiting = await deliveries.waiting(client, Number.MAX_SAFE_INTEGER, seen, deliveriesPerStep)
          for (const { id } of waiting) await deliveries.lessen(client, id, isMeant)
          if (waiting.length < deliveriesPerStep) break
        }
    },
    async turnOff(endpoint, entry) {
      await durably((redis) => redis.hset(turnedOffKey, endpoint, entry))
    },
    turnedOff: async (endpoint) => (await connection.run((redis) => redis.hget(turnedOffKey, endpoint))) ?? undefined,
    reach: async (account) => (await connection.run((redis) => redis.hget(reachKey, account))) ?? undefined,
    async replaceReach(account, before, after, event) {
      const parts = [account, before ?? '', after, event === undefined ? '' : JSON.stringify(event)]
      return (
        (await connection.run((redis) => runScript(redis, 'reach-replace', reachKey, ownOutboxKey, ...parts))) === 1
      )
    },
    async close() {
      await workers.close()
      await queues.close()
      patient?.disconnect()
    },
  }
}
