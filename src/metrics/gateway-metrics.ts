import { collectDefaultMetrics, Gauge, type Histogram, Registry } from 'prom-client'
import type { AuditObserver } from '../audit/audit-trail.ts'
import type { Build } from '../domain/build.ts'
import type { KeyEnd } from '../domain/client.ts'
import type { LoopDelay } from '../http/hooks/loop-delay.ts'
import type { RequestObserver } from '../http/hooks/observe-requests.ts'
import type { Account } from '../providers/account.ts'
import type { ErasureStore } from '../services/erasure-store-port.ts'
import type { EventStore } from '../services/event-store-port.ts'
import type { Idempotency } from '../services/idempotency/idempotency.ts'
import type { ImportStore } from '../services/import-store-port.ts'
import type { SuppressionStore } from '../services/suppression-store-port.ts'
import type { SuppressionObserver } from '../services/suppressions/suppressions.ts'
import { auditMetrics } from './audit-metrics.ts'
import { backlogGauges } from './backlog-metrics.ts'
import { type CallbackMetrics, callbackMetrics } from './callback-metrics.ts'
import { type ContactMetrics, contactMetrics } from './contact-metrics.ts'
import { erasureGauges } from './erasure-metrics.ts'
import { CountFamily } from './families.ts'
import { idempotencyMetrics } from './idempotency-metrics.ts'
import { importMetrics } from './import-metrics.ts'
import { keyGauge } from './key-metrics.ts'
import { accountGauges, type ProviderMetrics, providerMetrics } from './provider-metrics.ts'
import { requestMetrics } from './request-metrics.ts'
import { suppressionGauge, suppressionMetrics } from './suppression-metrics.ts'
import { deliveryGauge, type WebhookMetrics, webhookMetrics } from './webhook-metrics.ts'

/** What is asked when the metrics are read. */
export type MetricSources = {
  readonly build: Build
  readonly problemCodes: readonly string[]
  /** How late the event loop was since this was asked last. */
  readonly loopDelay: Pick<LoopDelay, 'read'>
  /** Rejects when the store cannot be used. */
  readonly pingStore: () => Promise<void>
}

/** All metrics of a gateway: observers for its layers, and the text of `GET /metrics`. */
export type GatewayMetrics = {
  readonly requests: RequestObserver
  readonly calls: ProviderMetrics
  /** Adds what is read from the accounts themselves; they are asked when the metrics are read. */
  readonly watchAccounts: (accounts: ReadonlyMap<string, Account>) => void
  /** Adds how long client keys are good; they are asked for when the metrics are read. */
  readonly watchKeys: (keyEnds: () => Iterable<KeyEnd>) => void
  /** Adds what waits in the store; it is asked when the metrics are read. */
  readonly watchBacklog: (imports: Pick<ImportStore, 'backlog'>, accounts: ReadonlyMap<string, unknown>) => void
  /** Adds erasures that are not completed; they are asked for when the metrics are read. */
  readonly watchErasures: (erasures: Pick<ErasureStore, 'unfinished'>) => void
  /** Adds how long the suppression list is; it is asked when the metrics are read. */
  readonly watchSuppressions: (list: Pick<SuppressionStore, 'count'>) => void
  /** Adds how many events wait to be delivered; it is asked when the metrics are read. */
  readonly watchDeliveries: (events: Pick<EventStore, 'countPending'>) => void
  readonly webhooks: WebhookMetrics
  readonly suppressions: SuppressionObserver
  readonly audit: AuditObserver
  readonly contacts: ContactMetrics
  readonly callbacks: CallbackMetrics
  /** The same mechanism, counted. */
  readonly idempotency: (idempotency: Idempotency) => Idempotency
  /** The same store, counted. */
  readonly imports: (store: ImportStore) => ImportStore
  /** The configuration was read again: applied, or refused as a whole. */
  readonly reloaded: (result: 'applied' | 'refused') => void
  /** Explanations of requests that nobody will find. */
  readonly explanationsLost: (count: number) => void
  /** Something stored could not be opened. */
  readonly unreadable: (kind: string) => void
  readonly contentType: string
  /** In the Prometheus text format. */
  read(): Promise<string>
}

/** Makes the metrics of one gateway. Every label value comes from the configuration or from a closed list of words. */
export function createMetrics({ build, problemCodes, loopDelay, pingStore }: MetricSources): GatewayMetrics {
  const registry = new Registry()
  const reloads = new CountFamily(registry, {
    name: 'contact_gateway_configuration_reloads_total',
    help: 'Times that the configuration was read again, and whether it was applied.',
    labels: ['result'],
  })
  const byResult = { applied: reloads.with({ result: 'applied' }), refused: reloads.with({ result: 'refused' }) }
  const unreadable = new CountFamily(registry, {
    name: 'contact_gateway_stored_data_unreadable_total',
    help: 'Times that something stored could not be opened: it was changed, or its key is not in STORE_KEY.',
    labels: ['kind'],
  })
  const explanations = new CountFamily(registry, {
    name: 'contact_gateway_explanations_lost_total',
    help: 'Explanations of requests that were lost: they waited for the store, and there was no room for more.',
    labels: [],
  }).with({})
  buildGauge(registry, build)
  loopGauges(registry, loopDelay)
  storeGauge(registry, pingStore)
  return {
    requests: requestMetrics(registry, problemCodes),
    calls: providerMetrics(registry),
    watchAccounts: (accounts) => accountGauges(registry, accounts),
    watchKeys: (keyEnds) => keyGauge(registry, keyEnds),
    watchBacklog: (imports, accounts) => backlogGauges(registry, imports, accounts),
    watchErasures: (erasures) => erasureGauges(registry, erasures),
    watchSuppressions: (list) => suppressionGauge(registry, list),
    watchDeliveries: (events) => deliveryGauge(registry, events),
    webhooks: webhookMetrics(registry),
    suppressions: suppressionMetrics(registry),
    audit: auditMetrics(registry),
    contacts: contactMetrics(registry),
    callbacks: callbackMetrics(registry),
    idempotency: idempotencyMetrics(registry),
    imports: importMetrics(registry),
    explanationsLost: (count) => explanations.add(count),
    unreadable: (kind) => unreadable.with({ kind }).add(),
    reloaded: (result) => byResult[result].add(),
    contentType: registry.contentType,
    read: async () => `${await registry.metrics()}\n${await processMetrics().metrics()}`,
  }
}

let ofProcess: Registry | undefined

/** By kind of open handle, they would come and go; their totals stay. */
const restless = ['nodejs_active_resources', 'nodejs_active_handles', 'nodejs_active_requests']
const lagSeries = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'].map(
  (of) => `nodejs_eventloop_lag_${of}_seconds`,
)
const neverMs = 2 ** 31 - 1
const collections = ['major', 'minor', 'incremental', 'weakcb']

/**
 * Memory, processor, event loop and garbage collection: one set a process, made when it is first asked for. Their series
 * are all there from the beginning.
 */
function processMetrics(): Registry {
  if (ofProcess !== undefined) return ofProcess
  ofProcess = new Registry()
  // Its own measure of the event loop wakes the process all the time: it gets no time to, and ours stands in (`loopGauges`).
  collectDefaultMetrics({ register: ofProcess, eventLoopMonitoringPrecision: neverMs })
  for (const name of [...restless, ...lagSeries]) ofProcess.removeSingleMetric(name)
  const pauses = ofProcess.getSingleMetric('nodejs_gc_duration_seconds') as Histogram<'kind'> | undefined
  for (const kind of collections) pauses?.zero({ kind })
  return ofProcess
}

function buildGauge(registry: Registry, { version, revision }: Build): void {
  const info = new Gauge({
    name: 'contact_gateway_build_info',
    help: 'Always 1; the version of the gateway, and the commit that it was built from.',
    labelNames: ['version', 'revision'],
    registers: [registry],
  })
  info.set({ version, revision }, 1)
}

/** Under the names that dashboards know, of which these two are kept. The first is collected first, and sets both. */
function loopGauges(registry: Registry, loopDelay: Pick<LoopDelay, 'read'>): void {
  new Gauge({
    name: 'nodejs_eventloop_lag_mean_seconds',
    help: 'How late the event loop was since the last reading, while requests were served: the mean.',
    registers: [registry],
    collect() {
      const { meanMs, p99Ms } = loopDelay.read()
      this.set(meanMs / 1_000)
      p99.set(p99Ms / 1_000)
    },
  })
  const p99 = new Gauge({
    name: 'nodejs_eventloop_lag_p99_seconds',
    help: 'How late the event loop was since the last reading, while requests were served: the 99th percentile.',
    registers: [registry],
  })
}

function storeGauge(registry: Registry, pingStore: () => Promise<void>): void {
  new Gauge({
    name: 'contact_gateway_store_up',
    help: '1 when the store of idempotency keys and imports can be used, else 0.',
    registers: [registry],
    async collect() {
      this.set(
        await pingStore().then(
          () => 1,
          () => 0,
        ),
      )
    },
  })
}
