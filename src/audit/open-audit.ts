import type { ConfigurationChanges } from '../config/compare-configurations.ts'
import type { ErasureNotice } from '../domain/erasure.ts'
import type { RequestAuditor } from '../http/hooks/request-auditor.ts'
import type { ImportStore } from '../services/import-store-port.ts'
import { AuditTrail, type TrailOptions } from './audit-trail.ts'
import { auditImports } from './import-events.ts'
import { openLineFile } from './line-file.ts'
import type { LineOutlet, OutletWatch } from './line-outlet.ts'
import { requestEvents } from './request-events.ts'

/** The audit of one gateway. */
export type Audit = {
  readonly requests: RequestAuditor
  /** The same store, with the ends of imports audited. */
  readonly imports: (store: ImportStore) => ImportStore
  /** An erasure has begun, needs a person, goes on, or is completed. */
  erasure(notice: ErasureNotice): void
  /** The configuration that it starts with, as what is new in it. */
  started(configuration: ConfigurationChanges): void
  reloaded(changes: ConfigurationChanges): void
  /** `places`: where the mistakes are. */
  reloadRefused(places: readonly string[]): void
  /** The file may have been moved away. */
  reopen(): void
  close(): Promise<void>
}

export type AuditOptions = Pick<TrailOptions, 'log' | 'observer'> & {
  /** `stdout`, or the path of a file; `undefined`: there is no audit. */
  readonly auditLog: string | undefined
  readonly standardOutput: ((watch: OutletWatch) => LineOutlet) | undefined
  /** Of the hashes that stand for contacts. */
  readonly key: Buffer
}

/** What `AUDIT_LOG` names cannot be opened. */
export class AuditLogUnusable extends Error {
  override readonly name = 'AuditLogUnusable'
}

/** @throws AuditLogUnusable */
export function openAudit({ auditLog, standardOutput, key, log, observer }: AuditOptions): Audit | undefined {
  if (auditLog === undefined) return undefined
  const open = (watch: OutletWatch) => openOutlet(auditLog, standardOutput, watch)
  const trail = new AuditTrail({ open, log, observer })
  let closed: Promise<void> | undefined
  return {
    requests: requestEvents(trail, key),
    imports: (store) => auditImports(store, trail),
    erasure: (notice) => trail.record('erasure.status', erasureFacts(notice)),
    started: (configuration) => trail.record('config.start', configuration),
    reloaded: (changes) => trail.record('config.reload', changes),
    reloadRefused: (places) => trail.record('config.refused', { places }),
    reopen: () => trail.reopen(),
    close() {
      closed ??= trail.close()
      return closed
    },
  }
}

function erasureFacts({ id, status, accounts }: ErasureNotice) {
  const counts = Object.fromEntries(accounts.map((one) => [one.account, { [one.status]: 1 }]))
  return { erasure: id, outcome: status, counts }
}

function openOutlet(target: string, standardOutput: AuditOptions['standardOutput'], watch: OutletWatch): LineOutlet {
  if (target === 'stdout' && standardOutput !== undefined) return standardOutput(watch)
  try {
    return openLineFile(target, watch)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw new AuditLogUnusable(`names a file that cannot be written (${code}${advice[code] ?? ''})`)
  }
}

const advice: Readonly<Record<string, string>> = {
  EACCES: ': the gateway may not write there',
  EISDIR: ': it is a folder',
  ENOENT: ': its folder is not there',
  ENXIO: ': it is a pipe that nobody reads',
}
