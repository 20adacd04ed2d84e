import { Gauge, type Registry } from 'prom-client'
import { erasureStatuses } from '../domain/erasure.ts'
import type { ErasureStore, UnfinishedErasure } from '../services/erasure-store-port.ts'

const secondMs = 1_000
const open = erasureStatuses.filter((status) => status !== 'completed')

/**
 * Erasures that are not completed, asked for once each time that the metrics are read. While the store cannot be reached there
 * are no such lines, and the time that is left is NaN.
 */
export function erasureGauges(registry: Registry, store: Pick<ErasureStore, 'unfinished'>): void {
  const ask = askedOnce(store)
  new Gauge({
    name: 'contact_gateway_erasures_unfinished',
    help: 'Erasures that are not completed, by status, of all processes on the store.',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      const found = await ask()
      this.reset()
      for (const status of found === undefined ? [] : open)
        this.set({ status }, found?.filter((one) => one.status === status).length ?? 0)
    },
  })
  new Gauge({
    name: 'contact_gateway_erasures_oldest_seconds',
    help: 'Age of the oldest erasure that is not completed, by status; 0 where there is none.',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      const found = await ask()
      this.reset()
      const now = Date.now()
      for (const status of found === undefined ? [] : open) {
        const times = found?.filter((one) => one.status === status).map(({ createdAt }) => createdAt) ?? []
        this.set({ status }, (now - Math.min(now, ...times)) / secondMs)
      }
    },
  })
  new Gauge({
    name: 'contact_gateway_erasures_due_seconds',
    help: 'Until the first erasure that is not completed has to be; negative when it is late, +Inf where there is none.',
    registers: [registry],
    async collect() {
      const found = await ask()
      const first = found && Math.min(...found.map(({ dueAt }) => dueAt))
      this.set(first === undefined ? Number.NaN : (first - Date.now()) / secondMs)
    },
  })
}

type Unfinished = readonly UnfinishedErasure[] | undefined

/** Who asks while an answer is on its way gets that one. */
function askedOnce(store: Pick<ErasureStore, 'unfinished'>): () => Promise<Unfinished> {
  let asked: Promise<Unfinished> | undefined
  return () => {
    asked ??= store
      .unfinished()
      .catch(() => undefined)
      .finally(() => {
        asked = undefined
      })
    return asked
  }
}
