import { parseRandomKey } from './config/random-key.ts'
import type { GatewayConfig } from './config/schema.ts'
import { createCursors } from './http/requests/cursors.ts'
import { idempotentWrites } from './http/requests/idempotent-writes.ts'
import type { MetricsText, Services } from './http/services.ts'
import { type CsvLimits, defaultCsvLimits } from './imports/file/table-of-records.ts'
import { inspectFile } from './imports/inspect-file.ts'
import { startBatchImport } from './imports/start-batch-import.ts'
import { startImport } from './imports/start-import.ts'
import type { Parts } from './open-parts.ts'
import { sendingServices } from './sending-services.ts'
import { receiveOptOuts } from './services/callbacks/receive-opt-outs.ts'
import type { Store } from './services/store-port.ts'
import { agreedKey } from './store/agreed-key.ts'
import { storeProblem, uploadProblem } from './watched-storage.ts'

/** What the API is an interface to, made of the parts of this gateway. */
export function servicesOf(
  config: GatewayConfig,
  parts: Parts,
  { isDraining, metrics: shown }: { readonly isDraining: () => boolean; readonly metrics: MetricsText },
): Services {
  const { limits, tracing, store, metrics, catalog, idempotency, imports, uploads, keeper, yielding, suppressions } =
    parts
  return {
    clients: catalog.clients,
    isTrustedProxy: catalog.isTrustedProxy,
    sharedCounts: limits?.counts,
    lists: catalog.lists,
    callbacks: catalog.callbacks,
    receiveOptOuts: (account, told, request) =>
      receiveOptOuts(account, told, { receivedAt: Date.now(), request }, suppressions.optOuts),
    onCallback: metrics.callbacks.received,
    accounts: catalog.homes,
    activity: parts.activity,
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
    deliveries: parts.events.deliveries,
    explanations: parts.explanations,
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
    metrics: config.server.metrics && config.server.metricsPort === undefined ? shown : undefined,
  }
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

function csvLimits({ limits }: GatewayConfig): CsvLimits {
  const { importBytes: maxBytes, importRows: maxRows, importRowBytes: maxRowBytes } = limits
  return { ...defaultCsvLimits, maxBytes, maxRows, maxRowBytes }
}
