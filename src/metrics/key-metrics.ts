import { Gauge, type Registry } from 'prom-client'
import type { KeyEnd } from '../domain/client.ts'

const dayMs = 86_400_000

/** How long keys are good, of those that have an end. They are asked for when the metrics are read: a reload changes them. */
export function keyGauge(registry: Registry, keyEnds: () => Iterable<KeyEnd>): void {
  new Gauge({
    name: 'contact_gateway_key_days_left',
    help: 'Days until a client key is refused, of each that has an end; 0 from then on.',
    labelNames: ['client', 'key'],
    registers: [registry],
    collect() {
      this.reset()
      const now = Date.now()
      for (const { client, key, expiresAt } of keyEnds())
        this.set({ client, key }, Math.max(0, (expiresAt - now) / dayMs))
    },
  })
}
