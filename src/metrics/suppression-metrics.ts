import { Gauge, type Registry } from 'prom-client'
import { suppressionReasons } from '../domain/suppression.ts'
import type { SuppressionStore } from '../services/suppression-store-port.ts'
import type { SuppressionObserver } from '../services/suppressions/suppressions.ts'
import { byPair, CountFamily } from './families.ts'

/** What becomes of entries of the suppression list, in this process. */
export function suppressionMetrics(registry: Registry): SuppressionObserver {
  const changes = new CountFamily(registry, {
    name: 'contact_gateway_suppression_changes_total',
    help: 'Entries of the suppression list that were created, updated or removed, by the reason that was said.',
    labels: ['change', 'reason'],
  })
  const series = byPair((change: string, reason: string) => changes.with({ change, reason }))
  for (const change of ['created', 'updated', 'removed'])
    for (const reason of suppressionReasons) series(change, reason)
  return { changed: (change, reason) => series(change, reason).add() }
}

/** How long the list is. While the store cannot be reached there is no such line: 0 would look like a list that was lost. */
export function suppressionGauge(registry: Registry, list: Pick<SuppressionStore, 'count'>): void {
  new Gauge({
    name: 'contact_gateway_suppressions',
    help: 'Entries of the suppression list, of all processes on the store.',
    registers: [registry],
    async collect() {
      const count = await list.count().catch(() => undefined)
      if (count === undefined) this.remove()
      else this.set(count)
    },
  })
}
