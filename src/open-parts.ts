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
import { createLiveCatalog } from './live-catalog.ts'
import { createMetrics } from './metrics/gateway-metrics.ts'
import { openErasures } from './open-erasures.ts'
import { openEvents } from './open-events.ts'
import { createListKeeper } from './services/delivery/list-keeper.ts'
import { createWriterLeases } from './services/delivery/writer-leases.ts'
import { toldImports } from './services/events/told-imports.ts'
import { createIdempotency } from './services/idempotency/idempotency.ts'
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

const answerTtlMs = 24 * 3_600_000

/** Tracing is loaded only where its endpoint is configured. */
async function tracingTo(endpoint: string | undefined, version: string, logger: FastifyBaseLogger) {
  if (endpoint === undefined) return undefined
  const { openTracing } = await import('./tracing/otlp-tracing.ts')
  const onError = () =>
    logger.warn({ event: 'tracing' }, 'Traces could not be delivered. Check OTEL_EXPORTER_OTLP_ENDPOINT.')
  return openTracing({ endpoint, version, onError })
}
