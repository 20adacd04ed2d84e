import type { FastifyBaseLogger } from 'fastify'
import { createApp } from './app.ts'
import type { AuditOptions } from './audit/open-audit.ts'
import { type ConfigurationChanges, compareConfigurations, noConfiguration } from './config/compare-configurations.ts'
import type { Mistake } from './config/mistakes.ts'
import type { GatewayConfig } from './config/schema.ts'
import type { Build } from './domain/build.ts'
import { servicesOf } from './gateway-services.ts'
import type { App } from './http/app-type.ts'
import { createFarewell } from './http/hooks/close-gently.ts'
import { createMetricsListener } from './http/service/metrics-listener.ts'
import { renewIdentity, type TlsIdentity } from './http/service/tls-listener.ts'
import type { MetricsText } from './http/services.ts'
import { startImportWorkers } from './imports/work/import-workers.ts'
import { openParts } from './open-parts.ts'
import { exampleValues } from './services/catalog/example-values.ts'
import { startErasureWorker } from './services/erasures/erasure-worker.ts'
import { watchSuppressions } from './services/suppressions/watch-suppressions.ts'

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
  /** Other processes listen at the same address; the system hands each a part of the connections. Linux alone has that. */
  readonly sharesAddress?: boolean
  /** What `GET /metrics` answers, made of the metrics of this gateway: those of others may be added. */
  readonly showMetrics?: (own: MetricsText) => MetricsText
}

/** The composition root: the only place that knows every layer. */
export async function composeGateway(
  config: GatewayConfig,
  logger: FastifyBaseLogger,
  build: Build,
  { examples = false, standardOutput, sharesAddress = false, showMetrics = (own) => own }: ComposeOptions = {},
): Promise<Gateway> {
  const parts = await openParts(config, logger, build, standardOutput)
  const { catalog, metrics, imports, keeper, yielding, audit } = parts
  const shown = showMetrics(metrics)
  let current = config
  const { host, port, metrics: hasMetrics, metricsPort } = config.server
  const metricsListener =
    hasMetrics && metricsPort !== undefined ? createMetricsListener(shown, { log: logger, sharesAddress }) : undefined
  const farewell = createFarewell()
  let draining = false
  let publicUrl = config.server.publicUrl ?? ''

  const app = await createApp(servicesOf(config, parts, { isDraining: () => draining, metrics: shown }), {
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
  })
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
  if (config.role !== 'api') parts.events.deliver()
  let importsEnded: Promise<void> | undefined
  const endImports = () => {
    importsEnded ??= Promise.all([workers?.close(), erasing?.close()]).then(() => {})
    return importsEnded
  }
  app.addHook('preClose', endImports)
  app.addHook('onClose', async () => {
    parts.activity.close()
    await Promise.all([parts.idempotency.close(), parts.explanations?.close()])
    await parts.events.close()
    await catalog.close()
    await Promise.all([parts.store.close(), parts.limits?.close(), metricsListener?.close(), parts.tracing?.close()])
  })
  return {
    app,
    async listen() {
      const metricsUrl = await metricsListener?.listen(host, metricsPort ?? 0)
      const address = { host, port, reusePort: sharesAddress }
      await app.listen({ ...address, listenTextResolver: (bound) => `bound to ${bound}` })
      publicUrl ||= app.listeningOrigin
      audit?.started(compareConfigurations(noConfiguration, config))
      return { url: app.listeningOrigin, metricsUrl }
    },
    objectionTo: parts.suppressions.objectionTo,
    reload: (next) => {
      parts.suppressions.take(next)
      parts.events.replace(next)
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

function identityOf({ server: { tls } }: GatewayConfig): TlsIdentity | undefined {
  return tls && { cert: tls.cert, key: tls.key.reveal(), clientCa: tls.clientCa }
}
