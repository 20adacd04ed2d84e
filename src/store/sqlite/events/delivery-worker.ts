import { randomUUID } from 'node:crypto'
import type {
  Delivery,
  DeliveryHandler,
  DeliveryWorkOptions,
  EventWorker,
  StoredDelivery,
} from '../../../services/event-store-port.ts'
import { jobRetryDelayMs } from '../../import-lifetimes.ts'
import type { Wakers } from '../import-worker.ts'

/** How often the worker looks for what has become due, or what another process has added. */
const pollMs = 1_000

/** What a worker does with the table of deliveries, each in one transaction. They fail with `StoreUnavailable`. */
export type DeliveryTable = {
  take(endpoint: string, concurrency: number, owner: string, leaseMs: number): StoredDelivery | undefined
  settle(client: string, id: string, change: (delivery: Delivery) => Delivery): void
  renew(delivery: Delivery, owner: string, leaseMs: number): void
  /** It is tried again after a pause. */
  free(delivery: Delivery, pauseMs: number): void
}

/** Works off the deliveries to an endpoint, a few at a time, with a lease on each that is renewed while it is tried. */
export function startDeliveryWorker(
  table: DeliveryTable,
  wakers: Wakers,
  endpoint: string,
  handler: DeliveryHandler,
  { concurrency, leaseMs, onError }: DeliveryWorkOptions,
): EventWorker {
  const owner = randomUUID()
  const running = new Map<Delivery, Promise<void>>()
  let failures = 0
  let closing = false

  const tell = (work: () => void) => {
    try {
      work()
    } catch (error) {
      onError(error as Error)
    }
  }
  const look = () =>
    tell(() => {
      while (!closing && running.size < concurrency) {
        const stored = table.take(endpoint, concurrency, owner, leaseMs)
        if (stored === undefined) return
        running.set(stored.delivery, tryOnce(stored))
      }
    })
  const tryOnce = async ({ delivery, payload }: StoredDelivery): Promise<void> => {
    try {
      // Not before `running` has it.
      await undefined
      const after = await handler(delivery, payload.body)
      table.settle(delivery.client, delivery.id, () => after)
      failures = 0
    } catch (error) {
      onError(error as Error)
      failures += 1
      tell(() => table.free(delivery, jobRetryDelayMs(failures)))
    }
    running.delete(delivery)
    look()
  }

  const polling = setInterval(look, pollMs).unref()
  const renewAll = () => {
    for (const delivery of running.keys()) table.renew(delivery, owner, leaseMs)
  }
  const renewing = setInterval(() => tell(renewAll), leaseMs / 3).unref()
  wakers.add(look)
  setImmediate(look)
  return {
    async close() {
      closing = true
      wakers.delete(look)
      clearInterval(polling)
      await Promise.all(running.values())
      clearInterval(renewing)
    },
  }
}
