import type { Registry } from 'prom-client'
import type { OutcomeStatus } from '../domain/outcome.ts'
import { secondsToEnd } from '../services/estimate-end.ts'
import type { ImportState, ImportStatus, ImportStore, JobHandler, JobLease } from '../services/import-store-port.ts'
import { CountFamily, type Distribution, DistributionFamily } from './families.ts'

/** How many of the imports that this process works on are remembered. */
const rememberedImports = 200
const errorBounds = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2]

/**
 * Counts what is committed to a store of imports: rows as they are, imports by how they ended. Whoever commits the last
 * row counts the end; where two processes do so at the same moment, both may.
 */
export function importMetrics(registry: Registry): (store: ImportStore) => ImportStore {
  const rows = new CountFamily(registry, {
    name: 'contact_gateway_import_rows_total',
    help: 'Rows of imports that were worked off, each at each account.',
    labels: ['account', 'outcome'],
  })
  const ends = new CountFamily(registry, {
    name: 'contact_gateway_imports_total',
    help: 'Imports that ended, by their status.',
    labels: ['status'],
  })
  const errors = new DistributionFamily(registry, {
    name: 'contact_gateway_import_eta_error_ratio',
    help: 'How far the estimate of an import at half of its rows was off: |predicted - actual| / actual duration.',
    labels: [],
    bounds: errorBounds,
  }).with({})
  const ended = (status: ImportStatus) => ends.with({ status }).add()

  return (store) => {
    const watch = new ImportWatch(errors, ended)
    const committed = (account: string, counts: Partial<Record<OutcomeStatus, number>>) => {
      for (const [outcome, count] of Object.entries(counts)) rows.with({ account, outcome }).add(count)
    }
    const lookAt = async (id: string) => {
      // An import that cannot be looked at now is not counted: the work itself must not suffer.
      const state = await store.get(id).catch(() => undefined)
      if (state !== undefined) watch.see(state, Date.now())
    }
    return {
      ...store,
      async cancel(id) {
        const canceled = await store.cancel(id)
        if (canceled) watch.end(id, 'canceled')
        return canceled
      },
      work: (account, handler, options) => store.work(account, observed(handler, committed, lookAt), options),
    }
  }
}

/** The handler, with its commits observed; at the end of a block the import is looked at. */
function observed(
  handler: JobHandler,
  committed: (account: string, counts: Partial<Record<OutcomeStatus, number>>) => void,
  lookAt: (id: string) => Promise<void>,
): JobHandler {
  return async (job, payload, lease) => {
    const commit: JobLease['commit'] = async (result, markUpTo) => {
      const answer = await lease.commit(result, markUpTo)
      committed(job.account, result.counts)
      if (answer === 'stop') void lookAt(job.importId)
      return answer
    }
    await handler(job, payload, { ...lease, commit })
  }
}

/** What this process has seen of imports on their way: their estimates, and that they ended. */
class ImportWatch {
  readonly #errors: Distribution
  readonly #ended: (status: ImportStatus) => void
  /** By import, how many milliseconds after 1970 it was to end. */
  readonly #predictions = new Map<string, number>()
  readonly #over = new Set<string>()

  constructor(errors: Distribution, ended: (status: ImportStatus) => void) {
    this.#errors = errors
    this.#ended = ended
  }

  see(state: ImportState, nowMs: number): void {
    const { id, status, startedAt, finishedAt } = state
    if (finishedAt !== undefined) {
      // Whoever cancels an import counts that.
      if (status === 'canceled') return
      if (startedAt !== undefined) this.#compare(id, Date.parse(startedAt), Date.parse(finishedAt))
      this.end(id, status)
      return
    }
    const seconds = this.#predictions.has(id) || !isHalfDone(state) ? undefined : secondsToEnd(state, nowMs)
    if (seconds === undefined) return
    forgetOldest(this.#predictions)
    this.#predictions.set(id, nowMs + seconds * 1000)
  }

  end(id: string, status: ImportStatus): void {
    this.#predictions.delete(id)
    if (this.#over.has(id)) return
    forgetOldest(this.#over)
    this.#over.add(id)
    this.#ended(status)
  }

  #compare(id: string, startedMs: number, finishedMs: number): void {
    const predictedMs = this.#predictions.get(id)
    if (predictedMs === undefined) return
    this.#errors.observe(Math.abs(predictedMs - finishedMs) / Math.max(1, finishedMs - startedMs))
  }
}

/** Half of all rows are worked off at all accounts together. */
function isHalfDone({ rows, progress }: ImportState): boolean {
  const pending = Object.values(progress).map((counts) => counts.pending)
  return 2 * pending.reduce((sum, count) => sum + count, 0) <= rows * pending.length
}

function forgetOldest(known: Map<string, unknown> | Set<string>): void {
  if (known.size >= rememberedImports) known.delete(known.keys().next().value as string)
}
