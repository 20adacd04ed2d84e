import type { EventStore, EventWorker } from '../event-store-port.ts'
import { StoreUnavailable } from '../store-port.ts'
import { createDeliverer, type DelivererOptions } from './deliver-event.ts'

export type EventWorkersOptions = Omit<DelivererOptions, 'store' | 'stopped'> & {
  readonly store: EventStore
  readonly leaseMs: number
  readonly everyMs?: number
}

export type EventWorkers = {
  /** Starts and ends workers as endpoints come and go in the configuration. */
  follow(): void
  close(): Promise<void>
}

/** Tries at a time of an endpoint, over all processes. */
const concurrency = 4
const tidyEveryMs = 60_000
/** Replicas may be reloaded one after the other: an endpoint that this one lacks may be new. */
const goneAfterMs = 5 * 60_000
/** A try that has not ended so long after the end began is made again by another process. */
const farewellMs = 2_000

class LeftToOthers extends Error {}

/** Later than this a delivery is put into its queue once more. */
const lateMs = 60_000

/** Delivers to every endpoint that is configured; gives up what waits for those that are not any more. */
export function startEventWorkers(options: EventWorkersOptions): EventWorkers {
  const { store, endpoints, log, observer, now, leaseMs, everyMs = tidyEveryMs } = options
  const workers = new Map<string, EventWorker>()
  const ending = new Set<Promise<void>>()
  const stop = Promise.withResolvers<never>()
  stop.promise.catch(() => {})
  const deliver = createDeliverer({ ...options, stopped: stop.promise })
  let isAway = false
  const onError = (error: Error) => {
    if (error instanceof LeftToOthers) return
    if (!(error instanceof StoreUnavailable)) log.error({ event: 'webhook', err: error }, 'A delivery is tried again.')
    else if (!isAway) log.warn({ event: 'webhook' }, 'The store cannot be used: deliveries wait for it.')
    isAway = error instanceof StoreUnavailable
  }

  const follow = () => {
    for (const { id, client, send } of endpoints.values())
      if (send !== undefined && !workers.has(id))
        workers.set(id, store.work({ id, client }, deliver, { concurrency, leaseMs, onError }))
    for (const [id, worker] of workers) {
      if (endpoints.has(id)) continue
      workers.delete(id)
      const ended = worker.close().finally(() => ending.delete(ended))
      ending.add(ended)
    }
  }
  const tidy = async () => {
    const at = now()
    const names = [...endpoints.values()].map(({ id, client }) => ({ id, client }))
    for (const gone of await store.noteConfigured(names, at, goneAfterMs)) {
      const count = await store.drop(gone, at)
      if (count === 0) continue
      observer.ended(gone.client, 'dropped', count)
      log.warn({ event: 'webhook', client: gone.client, count }, leftBehind)
    }
    for (const client of new Set(names.map((name) => name.client))) await store.requeue(client, at, lateMs)
  }
  let tidying = Promise.resolve()
  const tidySoon = () => {
    tidying = tidying.then(tidy).catch(onError)
  }
  follow()
  tidySoon()
  const timer = setInterval(tidySoon, everyMs).unref()
  return {
    follow,
    async close() {
      clearInterval(timer)
      const stopping = setTimeout(() => stop.reject(new LeftToOthers()), farewellMs)
      await Promise.all([...[...workers.values()].map((worker) => worker.close()), ...ending, tidying])
      clearTimeout(stopping)
    },
  }
}

const leftBehind =
  'What waited for an endpoint that is not in the configuration any more was dropped. Its client can still read it.'
