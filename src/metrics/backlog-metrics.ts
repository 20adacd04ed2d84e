import { Gauge, type Registry } from 'prom-client'
import type { ImportBacklog, ImportStore } from '../services/import-store-port.ts'

/**
 * What waits in the store, asked once each time that the metrics are read. While the store cannot be reached there are no
 * such lines: an old number would look like a queue that stands still.
 */
export function backlogGauges(
  registry: Registry,
  { backlog }: Pick<ImportStore, 'backlog'>,
  /** Accounts without waiting rows are shown with 0. */
  accounts: ReadonlyMap<string, unknown>,
): void {
  const ask = askedOnce(() => backlog().catch(() => undefined))
  new Gauge({
    name: 'contact_gateway_imports_unfinished',
    help: 'Imports that are queued or running, of all processes on the store.',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      const found = await ask()
      this.reset()
      if (found === undefined) return
      this.set({ status: 'queued' }, found.queued)
      this.set({ status: 'running' }, found.running)
    },
  })
  new Gauge({
    name: 'contact_gateway_import_rows_waiting',
    help: 'Rows of imports without an outcome, at each account, of all processes on the store.',
    labelNames: ['account'],
    registers: [registry],
    async collect() {
      const found = await ask()
      this.reset()
      if (found === undefined) return
      for (const account of accounts.keys()) this.set({ account }, 0)
      for (const [account, rows] of found.rows) this.set({ account }, rows)
    },
  })
}

/** Who asks while an answer is on its way gets that one. */
function askedOnce(ask: () => Promise<ImportBacklog | undefined>): () => Promise<ImportBacklog | undefined> {
  let asked: Promise<ImportBacklog | undefined> | undefined
  return () => {
    asked ??= ask().finally(() => {
      asked = undefined
    })
    return asked
  }
}
