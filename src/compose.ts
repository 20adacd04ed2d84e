import type { FastifyBaseLogger } from 'fastify'
import { createApp } from './app.ts'
import { type AuditOptions, openAudit } from './audit/open-audit.ts'
import { auditKey } from './config/audit-key.ts'
import { type ConfigurationChanges, compareConfigurations, noConfiguration } from './config/compare-configurations.ts'
import type { Mistake } from './config/mistakes.ts'
import { parseRandomKey } from './config/random-key.ts'
import type { GatewayConfig } from './config/schema.ts'
import type { Build } from './domain/build.ts'
import type { App } from './http/app-type.ts'
import { createFarewell } from './http/hooks/close-gently.ts'
import { LoopDelay } from './http/hooks/loop-delay.ts'
import { problemKinds } from './http/problems/problems.ts'
import { createCursors } from './http/requests/cursors.ts'
import { idempotentWrites, isRefusal } from './http/requests/idempotent-writes.ts'
import { createMetricsListener } from './http/service/metrics-listener.ts'
import { renewIdentity, type TlsIdentity } from './http/service/tls-listener.ts'
import type { Services } from './http/services.ts'
import { type CsvLimits, defaultCsvLimits } from './imports/file/table-of-records.ts'
import { inspectFile } from './imports/inspect-file.ts'
import { YieldToCallers } from './imports/rows/yield-to-callers.ts'
import { startBatchImport } from './imports/start-batch-import.ts'
import { startImport } from './imports/start-import.ts'
import { startImportWorkers } from './imports/work/import-workers.ts'
import { createLiveCatalog } from './live-catalog.ts'
import { createMetrics } from './metrics/gateway-metrics.ts'
import { openErasures } from './open-erasures.ts'
import { sendingServices } from './sending-services.ts'
import { receiveOptOuts } from './services/callbacks/receive-opt-outs.ts'
import { exampleValues } from './services/catalog/example-values.ts'
import { createListKeeper } from './services/delivery/list-keeper.ts'
import { createWriterLeases } from './services/delivery/writer-leases.ts'
import { startErasureWorker } from './services/erasures/erasure-worker.ts'
import { createIdempotency } from './services/idempotency/idempotency.ts'
import type { Store } from './services/store-port.ts'
import { watchSuppressions } from './services/suppressions/watch-suppressions.ts'
import { agreedKey } from './store/agreed-key.ts'
import { openLimits } from './store/open-store.ts'
import { openWatchedStore, storeProblem, uploadProblem, uploadsOf } from './watched-storage.ts'
import { openSuppressions } from './watched-suppressions.ts'

/** A gateway that is put together and does not listen yet. */
export type Gateway = {
  readonly app: App
  /** Listens; the metrics too, where they have a port of their own. Resolves with the addresses. */
  listen(): Promise<{ readonly url: string; readonly metricsUrl: string | undefined }>
  /** Takes over accounts, lists, clients and trusted proxies of another configuration, all at once; tells what they change. */
  reload(config: GatewayConfig): ConfigurationChanges
  /** What the store has against another configuration; `undefined`: nothing. */
  objectionTo(config: GatewayConfig): Mistake | undefined
  /** Counts a configuration that could not be taken over. `places`: where its mistakes are. */
  refuseReload(places: readonly string[]): void
  /** `/readyz` says no from now on; requests are still served. */
  drain(): void
  /** Ends requests in flight, then closes what they used. */
  close(): Promise<void>
  /** Writes the audit events that wait, the last of all; `close` does so too. */
  closeAudit(): Promise<void>
}

export type ComposeOptions = {
  /** The OpenAPI document names accounts and lists in its examples: for the sandbox, which has no secrets. */
  readonly examples?: boolean
  /** Where audit events go with `AUDIT_LOG=stdout`. */
  readonly standardOutput?: AuditOptions['standardOutput']
}

/** The composition root: the only place that knows every layer. */
export async function composeGateway(
  config: GatewayConfig,
  logger: FastifyBaseLogger,
  build: Build,
  { examples = false, standardOutput }: ComposeOptions = {},
): Promise<Gateway> {
  const parts = await openParts(config, logger, build, standardOutput)
  const { catalog, metrics, imports, keeper, yielding, audit } = parts
  let current = config
  const { host, port, metrics: hasMetrics, metricsPort } = config.server
  const metricsListener = hasMetrics && metricsPort !== undefined ? createMetricsListener(metrics, logger) : undefined
  const farewell = createFarewell()
  let draining = false
  let publicUrl = config.server.publicUrl ?? ''

  const app = await createApp(
    servicesOf(config, parts, () => draining),
    {
      build,
      docs: config.server.docs,
      console: config.server.console,
      keepAliveMs: config.server.keepAliveMs,
      examples: examples ? exampleValues(catalog.homes.values(), catalog.lists.values()) : undefined,
      limits: config.limits,
      logger,
      loopDelay: parts.loopDelay,
      farewell,
      publicUrl: () => publicUrl,
      tls: identityOf(config),
    },
  )
  const workers =
    config.role === 'api'
      ? undefined
      : startImportWorkers({
          store: imports,
          catalog,
          rights: catalog.importRights,
          keeper,
          log: logger,
          yielding,
          watch: (people) => watchSuppressions(parts.suppressions.people, people),
          observer: metrics.contacts,
          leaseMs: config.leaseMs,
        })
  const erasing = config.role === 'api' ? undefined : startErasureWorker(parts.erasures, logger)
  let importsEnded: Promise<void> | undefined
  const endImports = () => {
    importsEnded ??= Promise.all([workers?.close(), erasing?.close()]).then(() => {})
    return importsEnded
  }
  app.addHook('preClose', endImports)
  app.addHook('onClose', async () => {
    await parts.idempotency.close()
    await catalog.close()
    await Promise.all([parts.store.close(), parts.limits?.close(), metricsListener?.close(), parts.tracing?.close()])
  })
  return {
    app,
    async listen() {
      const metricsUrl = await metricsListener?.listen(host, metricsPort ?? 0)
      await app.listen({ host, port, listenTextResolver: (address) => `bound to ${address}` })
      publicUrl ||= app.listeningOrigin
      audit?.started(compareConfigurations(noConfiguration, config))
      return { url: app.listeningOrigin, metricsUrl }
    },
    objectionTo: parts.suppressions.objectionTo,
    reload: (next) => {
      parts.suppressions.take(next)
      catalog.replace(next)
      metrics.callbacks.expect(catalog.callbacks.keys())
      const identity = identityOf(next)
      // Whether callers need a certificate is the server's, for as long as it listens.
      if (identity !== undefined && (identity.clientCa === undefined) === (config.server.tls?.clientCa === undefined))
        renewIdentity(app, identity)
      workers?.follow()
      metrics.reloaded('applied')
      const changes = compareConfigurations(current, next)
      current = next
      audit?.reopen()
      audit?.reloaded(changes)
      return changes
    },
    refuseReload: (places) => {
      metrics.reloaded('refused')
      audit?.reopen()
      audit?.reloadRefused(places)
    },
    drain: () => {
      draining = true
    },
    async close() {
      // Imports stop at a batch border while requests in flight end. The hook waits for them, and hears of a failure.
      endImports().catch(() => {})
      await app.close()
      // Until now something may have been told.
      await audit?.close()
    },
    closeAudit: async () => audit?.close(),
  }
}

type Parts = Awaited<ReturnType<typeof openParts>>

/** What the API and the workers of imports stand on, each made of those before it. */
async function openParts(
  config: GatewayConfig,
  logger: FastifyBaseLogger,
  build: Build,
  standardOutput: ComposeOptions['standardOutput'],
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
  const suppressions = await openSuppressions(config, store, metrics.suppressions, logger)
  const catalog = createLiveCatalog(config, {
    observer: metrics.calls,
    limits,
    leases: createWriterLeases(store.writers),
  })
  metrics.watchAccounts(catalog.accounts)
  metrics.callbacks.expect(catalog.callbacks.keys())
  metrics.watchKeys(catalog.keyEnds)
  metrics.watchBacklog(store.imports, catalog.accounts)
  metrics.watchSuppressions(store.suppressions)
  const idempotency = createIdempotency(store.idempotency, { leaseMs: config.leaseMs, answerTtlMs }, isRefusal)
  const imports = metrics.imports(store.imports)
  const yielding = new YieldToCallers()
  return {
    loopDelay,
    audit,
    limits,
    tracing,
    store,
    metrics,
    suppressions,
    catalog,
    idempotency: metrics.idempotency(idempotency),
    imports: audit?.imports(imports) ?? imports,
    uploads: uploadsOf(config, logger),
    keeper: createListKeeper(),
    yielding,
    erasures: openErasures({ config, store, catalog, keys: suppressions.keys, yielding, log: logger, audit, metrics }),
  }
}

function servicesOf(config: GatewayConfig, parts: Parts, isDraining: () => boolean): Services {
  const { limits, tracing, store, metrics, catalog, idempotency, imports, uploads, keeper, yielding, suppressions } =
    parts
  return {
    clients: catalog.clients,
    isTrustedProxy: catalog.isTrustedProxy,
    sharedCounts: limits?.counts,
    lists: catalog.lists,
    callbacks: catalog.callbacks,
    receiveOptOuts: (account, told) => receiveOptOuts(account, told, Date.now(), suppressions.optOuts),
    onCallback: metrics.callbacks.received,
    accounts: catalog.homes,
    cursors: createCursors(cursorKey(config, store)),
    ...sendingServices(suppressions.people, keeper, metrics.contacts),
    idempotently: idempotentWrites(idempotency),
    imports,
    startImport: (request, upload) => startImport(request, upload, csvLimits(config), { store: imports, yielding }),
    startBatchImport: (request, contacts) => startBatchImport(request, contacts, { store: imports, yielding }),
    inspectFile: (request, upload) => inspectFile(request, upload, csvLimits(config)),
    uploads,
    erasures: parts.erasures,
    heldUntil: parts.erasures.heldUntil,
    suppressions: suppressions.list,
    notReady: async () =>
      isDraining()
        ? { slug: 'draining' }
        : ((await storeProblem(store, config.requireNoEviction && config.redisUrl !== undefined)) ??
          (await suppressions.problem()) ??
          (await uploadProblem(uploads, config))),
    onAttention: () => yielding.attend(),
    requestObserver: metrics.requests,
    auditor: parts.audit?.requests,
    tracer: tracing,
    metrics: config.server.metrics && config.server.metricsPort === undefined ? metrics : undefined,
  }
}

function identityOf({ server: { tls } }: GatewayConfig): TlsIdentity | undefined {
  return tls && { cert: tls.cert, key: tls.key.reveal(), clientCa: tls.clientCa }
}

/** The key of cursors that is configured, or one that all processes on the store have. */
function cursorKey({ cursorKey }: GatewayConfig, store: Store): () => Promise<Buffer> {
  const configured = cursorKey && parseRandomKey(cursorKey.reveal())
  if (configured !== undefined) return async () => configured
  const key = agreedKey(store, 'cursor-key')
  // At the first page it is there already, and stays while the store is away.
  key().catch(() => {})
  return key
}

const answerTtlMs = 24 * 3_600_000

function csvLimits({ limits }: GatewayConfig): CsvLimits {
  const { importBytes: maxBytes, importRows: maxRows, importRowBytes: maxRowBytes } = limits
  return { ...defaultCsvLimits, maxBytes, maxRows, maxRowBytes }
}

/** Tracing is loaded only where its endpoint is configured. */
async function tracingTo(endpoint: string | undefined, version: string, logger: FastifyBaseLogger) {
  if (endpoint === undefined) return undefined
  const { openTracing } = await import('./tracing/otlp-tracing.ts')
  const onError = () =>
    logger.warn({ event: 'tracing' }, 'Traces could not be delivered. Check OTEL_EXPORTER_OTLP_ENDPOINT.')
  return openTracing({ endpoint, version, onError })
}
