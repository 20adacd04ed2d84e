import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { GatewayConfig } from './config/schema.ts'
import type { Erasure } from './domain/erasure.ts'
import { presentEvent } from './http/webhooks/present-event.ts'
import { createLiveEndpoints } from './live-endpoints.ts'
import type { GatewayMetrics } from './metrics/gateway-metrics.ts'
import type { CallObserver, PolicySurroundings } from './providers/policies.ts'
import type { EventStore } from './services/event-store-port.ts'
import { changeOfAccount } from './services/events/account-changes.ts'
import { type EventWorkers, startEventWorkers } from './services/events/event-workers.ts'
import { mostAddresses } from './services/events/list-changes.ts'
import { startReachReporter } from './services/events/reach-reporter.ts'
import { startRelay } from './services/events/relay.ts'
import type { Store } from './services/store-port.ts'
import type { ListNotices } from './services/suppressions/list-notices.ts'

export type EventParts = {
  readonly config: Pick<GatewayConfig, 'clients' | 'leaseMs'>
  readonly store: Pick<Store, 'events' | 'imports'>
  readonly metrics: Pick<GatewayMetrics, 'webhooks' | 'watchDeliveries'>
  readonly heldUntil: (erasure: Erasure) => Promise<number>
  readonly log: FastifyBaseLogger
}

/** Events for callers, as a gateway leaves, carries and delivers them. */
export type OpenEvents = {
  /** For clients that look at their own. */
  readonly deliveries: Pick<EventStore, 'page' | 'get' | 'retry'> & { urlOf(endpoint: string): string | undefined }
  /** For who changes the suppression list. */
  readonly notices: ListNotices
  /** Something was left: it is carried at once. */
  readonly left: () => void
  /** The same of an import that may have ended. */
  readonly importLeft: () => void
  /** Watches calls to providers, beside what counts them. */
  watching(calls: CallObserver): CallObserver
  /** An answer contradicts what was settled of its account. */
  readonly accountChanged: NonNullable<PolicySurroundings['onAccountChanged']>
  /** Delivers from now on. */
  deliver(): void
  /** Takes another configuration over. */
  replace(config: GatewayConfig): void
  /** Ends what delivers, then what carries. */
  close(): Promise<void>
}

export function openEvents({ config, store, metrics, heldUntil, log }: EventParts): OpenEvents {
  const endpoints = createLiveEndpoints(config)
  metrics.webhooks.expect(config.clients.keys())
  metrics.watchDeliveries(store.events)
  const now = () => Date.now()
  const around = { store: store.events, endpoints: endpoints.all, log, observer: metrics.webhooks, now }
  const relay = startRelay({
    ...around,
    describe: (event) => presentEvent(event, { imports: store.imports, heldUntil }),
  })
  const left = () => relay.nudge()
  const reach = startReachReporter({
    store: store.events,
    process: randomUUID(),
    isWanted: () => endpoints.wants('account.unavailable') || endpoints.wants('account.recovered'),
    left,
    log,
    now,
  })
  const changed: NonNullable<CallObserver['shape']> = (...told) => {
    if (!endpoints.wants('account.changed')) return
    // The log has it anyway.
    store.events.put(changeOfAccount(told, now())).then(left, () => log.warn({ event: 'webhook' }, notLeft))
  }
  let workers: EventWorkers | undefined

  const { page, get, retry } = store.events
  return {
    deliveries: { page, get, retry, urlOf: (endpoint) => endpoints.all.get(endpoint)?.url },
    notices: {
      wanted: () =>
        endpoints.wants('suppressions.changed') ? (endpoints.wantAddresses() ? 'addresses' : 'changes') : 'nothing',
      mostAddresses,
      left: (cause) => relay.nudge(cause),
    },
    left,
    importLeft: () => {
      // What nobody waits for is cleared away by the next look.
      if (endpoints.wants('import.finished')) left()
    },
    watching: (calls) => ({
      ...calls,
      attempt(account, operation, outcome, ms) {
        calls.attempt(account, operation, outcome, ms)
        reach.attempt(account, outcome)
      },
      breakerState(account, state) {
        calls.breakerState(account, state)
        reach.breakerState(account, state)
      },
      shape: changed,
    }),
    accountChanged: ({ account, operation, probe, settled, seen }) =>
      changed(account, operation, probe, `${seen}, where it was ${settled}`),
    deliver() {
      workers = startEventWorkers({ ...around, leaseMs: config.leaseMs, random: Math.random })
    },
    replace(next) {
      endpoints.replace(next)
      metrics.webhooks.expect(next.clients.keys())
      workers?.follow()
    },
    async close() {
      await Promise.all([workers?.close(), reach.close(), relay.close()])
      await endpoints.close()
    },
  }
}

const notLeft = 'That an account answers otherwise than before could not be told: the store cannot be used.'
