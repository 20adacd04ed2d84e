import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import { type AuditOptions, openAudit } from './audit/open-audit.ts'
import { auditKey } from './config/audit-key.ts'
import type { GatewayConfig } from './config/schema.ts'
import type { Build } from './domain/build.ts'
import { LoopDelay } from './http/hooks/loop-delay.ts'
import { problemKinds } from './http/problems/problems.ts'
import { isRefusal } from './http/requests/idempotent-writes.ts'
import { heldUntil } from './imports/erase/erase-from-imports.ts'
import { YieldToCallers } from './imports/rows/yield-to-callers.ts'
import { createLiveCatalog, type LiveCatalog } from './live-catalog.ts'
import { createMetrics, type GatewayMetrics } from './metrics/gateway-metrics.ts'
import { durationBounds } from './metrics/provider-metrics.ts'
import { openErasures } from './open-erasures.ts'
import { openEvents } from './open-events.ts'
import { createActivity, type SharedActivity } from './services/activity/activity.ts'
import { createListKeeper } from './services/delivery/list-keeper.ts'
import { createWriterLeases } from './services/delivery/writer-leases.ts'
import { toldImports } from './services/events/told-imports.ts'
import { createExplanations } from './services/explanations/explanations.ts'
import { createIdempotency } from './services/idempotency/idempotency.ts'
import type { Store } from './services/store-port.ts'
import { openLimits } from './store/open-store.ts'
import { openWatchedStore, uploadsOf } from './watched-storage.ts'
import { openSuppressions } from './watched-suppressions.ts'

/** What a gateway is made of, below its app. */
export type Parts = Awaited<ReturnType<typeof openParts>>

/** What the API and the workers of imports stand on, each made of those before it. */
export async function openParts(
  config: GatewayConfig,
  logger: FastifyBaseLogger,
  build: Build,
  standardOutput: AuditOptions['standardOutput'],
) {
  const loopDelay = new LoopDelay()
  const metrics = createMetrics({
    build,
    loopDelay,
    problemCodes: Object.keys(problemKinds),
    pingStore: () => store.ping(),
  })
  const { auditLog } = config
  const audit = openAudit({ auditLog, standardOutput, key: auditKey(config), log: logger, observer: metrics.audit })
  const limits = await openLimits(config.redisUrl?.reveal())
  const tracing = await tracingTo(config.otlpEndpoint, build.version, logger)
  const store = await openWatchedStore(config, logger, ({ kind }) => metrics.unreadable(kind))
  const events = openEvents({
    config,
    store,
    metrics,
    heldUntil: (erasure) => heldUntil(erasure, store.imports, Date.now()),
    log: logger,
  })
  const suppressions = await openSuppressions(config, store, metrics.suppressions, logger, events.notices)
  const catalog = createLiveCatalog(config, {
    observer: events.watching(metrics.calls),
    onAccountChanged: events.accountChanged,
    limits,
    leases: createWriterLeases(store.writers),
  })
  metrics.watchAccounts(catalog.accounts)
  metrics.callbacks.expect(catalog.callbacks.keys())
  metrics.watchKeys(catalog.keyEnds)
  metrics.watchBacklog(store.imports, catalog.accounts)
  metrics.watchSuppressions(store.suppressions)
  const idempotency = createIdempotency(store.idempotency, { leaseMs: config.leaseMs, answerTtlMs }, isRefusal)
  const imports = metrics.imports(toldImports(store.imports, events.importLeft))
  const yielding = new YieldToCallers()
  return {
    loopDelay,
    audit,
    limits,
    tracing,
    store,
    metrics,
    suppressions,
    events,
    catalog,
    idempotency: metrics.idempotency(idempotency),
    imports: audit?.imports(imports) ?? imports,
    uploads: uploadsOf(config, logger),
    keeper: createListKeeper(),
    yielding,
    activity: activityOf(catalog, metrics, limits?.activity),
    explanations: explanationsOf(config, store, metrics),
    erasures: openErasures({
      config,
      store,
      catalog,
      keys: suppressions.keys,
      yielding,
      log: logger,
      audit,
      metrics,
      events,
    }),
  }
}

function activityOf(catalog: LiveCatalog, metrics: GatewayMetrics, shared: SharedActivity | undefined) {
  return createActivity({
    totals: metrics.calls.totals,
    accounts: () =>
      [...catalog.accounts.values()].map(({ id, policies }) => ({
        id,
        waiting: policies.slots.waiting,
        breaker: policies.breaker.state,
      })),
    bounds: durationBounds.map((seconds) => seconds * 1_000),
    shared,
    replica: randomUUID(),
    now: Date.now,
  })
}

const answerTtlMs = 24 * 3_600_000
const hourMs = 3_600_000

function explanationsOf({ limits }: GatewayConfig, { explanations }: Store, metrics: GatewayMetrics) {
  if (limits.explainHours === 0) return undefined
  const keepMs = limits.explainHours * hourMs
  return createExplanations({ store: explanations, keepMs, onLost: metrics.explanationsLost })
}

/** Tracing is loaded only where its endpoint is configured. */
async function tracingTo(endpoint: string | undefined, version: string, logger: FastifyBaseLogger) {
  if (endpoint === undefined) return undefined
  const { openTracing } = await import('./tracing/otlp-tracing.ts')
  const onError = () =>
    logger.warn({ event: 'tracing' }, 'Traces could not be delivered. Check OTEL_EXPORTER_OTLP_ENDPOINT.')
  return openTracing({ endpoint, version, onError })
}
