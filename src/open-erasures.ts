import type { Audit } from './audit/open-audit.ts'
import type { GatewayConfig } from './config/schema.ts'
import type { Erasure } from './domain/erasure.ts'
import { createImportEraser, type EraserOptions, heldUntil } from './imports/erase/erase-from-imports.ts'
import type { LiveCatalog } from './live-catalog.ts'
import type { GatewayMetrics } from './metrics/gateway-metrics.ts'
import type { OpenEvents } from './open-events.ts'
import { createErasures, type Erasures, type ErasuresOptions } from './services/erasures/erasures.ts'
import type { Store } from './services/store-port.ts'

const dayMs = 24 * 3_600_000

type Parts = Pick<EraserOptions, 'yielding' | 'log'> &
  Pick<ErasuresOptions, 'keys'> & {
    readonly config: Pick<GatewayConfig, 'erasures'>
    readonly store: Store
    readonly catalog: Pick<LiveCatalog, 'homes'>
    readonly metrics: Pick<GatewayMetrics, 'watchErasures'>
    readonly audit: Pick<Audit, 'erasure'> | undefined
    readonly events: Pick<OpenEvents, 'notices' | 'left'>
  }

/** `heldUntil`: until when the gateway may hold something of the person, in milliseconds since 1970. */
export type OpenErasures = Erasures & { heldUntil(erasure: Erasure): Promise<number> }

/** The erasures of a gateway, on its store and at its accounts. */
export function openErasures({
  config,
  store,
  catalog,
  keys,
  yielding,
  log,
  audit,
  metrics,
  events,
}: Parts): OpenErasures {
  metrics.watchErasures(store.erasures)
  const eraseFromImports = createImportEraser({ store: store.imports, yielding, log })
  const erasures = createErasures({
    store: store.erasures,
    list: store.suppressions,
    keys,
    places: catalog.homes,
    async eraseFromGateway(erasure, now) {
      // Events of earlier wishes that wait may still tell the addresses.
      const ids = erasure.suppressionIds
      await store.events.lessen((body) => ids.some((id) => body.includes(id)))
      return eraseFromImports(erasure, now)
    },
    keepMs: config.erasures.keepDays * dayMs,
    now: () => Date.now(),
    onStatus: (notice) => audit?.erasure(notice),
    notices: events.notices,
    left: events.left,
  })
  return { ...erasures, heldUntil: (erasure) => heldUntil(erasure, store.imports, Date.now()) }
}
