import { Gauge, type Registry } from 'prom-client'
import { erasureStatuses } from '../domain/erasure.ts'
import type { ErasureStore } from '../services/erasure-store-port.ts'

const secondMs = 1_000
const open = erasureStatuses.filter((status) => status !== 'completed')

/**
 * Erasures that are not completed, asked for when the metrics are read. While the store cannot be reached there are no such
 * lines.
 */
export function erasureGauges(
  registry: Registry,
  { unfinished }: Pick<ErasureStore, 'unfinished'>,
  now: () => number = Date.now,
): void {
  new Gauge({
    name: 'contact_gateway_erasures_unfinished',
    help: 'Erasures that are not completed, by status, of all processes on the store.',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      const found = await unfinished().catch(() => undefined)
      for (const gauge of [this, oldest, due]) gauge.reset()
      if (found === undefined) return
      for (const status of open) {
        const those = found.filter((one) => one.status === status)
        this.set({ status }, those.length)
        const createdAt = Math.min(now(), ...those.map((one) => one.createdAt))
        oldest.set({ status }, (now() - createdAt) / secondMs)
      }
      if (found.length > 0) due.set((Math.min(...found.map(({ dueAt }) => dueAt)) - now()) / secondMs)
    },
  })
  const oldest = new Gauge({
    name: 'contact_gateway_erasures_oldest_seconds',
    help: 'Age of the oldest erasure that is not completed, by status; 0 where there is none.',
    labelNames: ['status'],
    registers: [registry],
  })
  const due = new Gauge({
    name: 'contact_gateway_erasures_due_seconds',
    help: 'Seconds until the first erasure that is not completed has to be; negative when it is late. Absent where there is none.',
    registers: [registry],
  })
}
