import { Gauge, type Registry } from 'prom-client'
import type { EventStore } from '../services/event-store-port.ts'
import type { EventObserver } from '../services/events/endpoints.ts'
import { byPair, CountFamily } from './families.ts'

const results = ['delivered', 'failed'] as const
const outcomes = ['delivered', 'given_up', 'dropped'] as const

export type WebhookMetrics = EventObserver & {
  /** Makes the series of clients: the first one is an increase then. */
  expect(clients: Iterable<string>): void
}

/** Events for callers, as this process carries and delivers them. */
export function webhookMetrics(registry: Registry): WebhookMetrics {
  const tries = new CountFamily(registry, {
    name: 'contact_gateway_webhook_tries_total',
    help: 'Tries to deliver an event to an endpoint of a client, by how they ended.',
    labels: ['client', 'result'],
  })
  const ends = new CountFamily(registry, {
    name: 'contact_gateway_webhook_deliveries_total',
    help: 'Deliveries of events that ended: delivered, given up, or dropped because their endpoint left or there were too many.',
    labels: ['client', 'outcome'],
  })
  const off = new CountFamily(registry, {
    name: 'contact_gateway_webhook_endpoints_turned_off_total',
    help: 'Times that an endpoint answered 410, and gets nothing more until its entry in the configuration changes.',
    labels: ['client'],
  })
  const ofTries = byPair((client: string, result: string) => tries.with({ client, result }))
  const ofEnds = byPair((client: string, outcome: string) => ends.with({ client, outcome }))
  return {
    tried: (client, result) => ofTries(client, result).add(),
    ended: (client, outcome, count = 1) => ofEnds(client, outcome).add(count),
    turnedOff: (client) => off.with({ client }).add(),
    expect(clients) {
      for (const client of clients) {
        for (const result of results) ofTries(client, result)
        for (const outcome of outcomes) ofEnds(client, outcome)
        off.with({ client })
      }
    },
  }
}

/** What waits for its next try. While the store cannot be reached there is no such line. */
export function deliveryGauge(registry: Registry, store: Pick<EventStore, 'countPending'>): void {
  new Gauge({
    name: 'contact_gateway_webhook_deliveries_pending',
    help: 'Deliveries of events that wait for a try, of all processes on the store.',
    registers: [registry],
    async collect() {
      const count = await store.countPending().catch(() => undefined)
      if (count === undefined) this.remove()
      else this.set(count)
    },
  })
}
