import type { Account } from '../../providers/account.ts'
import type { Catalog } from '../../services/catalog/catalog.ts'
import type { ImportRights } from '../../services/catalog/import-rights.ts'
import type { ListKeeper } from '../../services/delivery/list-keeper.ts'
import type { ImportRecord, ImportStore, ImportWorker, JobHandler } from '../../services/import-store-port.ts'
import { StoreUnavailable } from '../../services/store-port.ts'
import type { ImportOptions } from '../import-options.ts'
import type { ImportFormat } from '../start-import.ts'
import { findAbandoned } from './find-abandoned.ts'
import { compileConditions } from './pass-over-rows.ts'
import type { KnownImport } from './plan-chunk.ts'
import { createJobHandler, type JobSurroundings, LeftToOthers, type RowObserver } from './run-job.ts'

export type WorkersOptions = {
  readonly store: ImportStore
  readonly catalog: Catalog
  readonly rights: Pick<ImportRights, 'of'>
  readonly keeper: ListKeeper
  readonly log: JobSurroundings['log']
  readonly yielding: JobSurroundings['yielding']
  readonly watch: JobSurroundings['watch']
  readonly observer?: RowObserver | undefined
  readonly leaseMs: number
  /** See `findAbandoned`. */
  readonly lookEveryMs?: number
}

/** Of an account of which nothing is configured: it may come back. */
const usualConcurrency = 4

/** Rows of one account that are sent and not yet answered. */
const rowsInFlight = 3_000

/** How many imports are remembered; each is looked up once. */
const rememberedImports = 200

export type ImportWorkers = {
  /**
   * Starts the workers of accounts that are new in the catalog. Those of accounts that are gone stay: the rows that are
   * still to be sent there end as failed, where without a worker the import would run for ever. So do those of accounts
   * that went while nobody was here.
   */
  follow(): void
  close(): Promise<void>
}

/** Starts to work off the imports of every account; imports use at most half of an account's places. */
export function startImportWorkers(options: WorkersOptions): ImportWorkers {
  const { store, catalog, rights, keeper, log, yielding, watch, observer, leaseMs, lookEveryMs } = options
  const importOf = rememberImports(store)
  const workers = new Map<string, ImportWorker>()
  const removed = new Set<string>()
  const outage = createOutage(log)
  const start = (id: string, concurrency: number): ImportWorker => {
    const rightOf = cancelUnwanted(store, rights, log)
    const workOff = createJobHandler({
      importOf,
      readBlock: (id, block) => store.readBlock(id, block),
      rightOf,
      lists: catalog.lists,
      keeper,
      log,
      yielding,
      watch,
      observer,
    })
    const handler: JobHandler = (...job) => {
      outage.over()
      return workOff(...job)
    }
    const onError = (error: Error) => {
      if (error instanceof StoreUnavailable) outage.tell(error)
      else if (error instanceof LeftToOthers) return
      else log.error({ event: 'import', account: id, err: error }, 'a batch of an import is tried again')
    }
    return store.work(id, handler, { concurrency, leaseMs, onError })
  }
  const follow = () => {
    for (const account of catalog.accounts.values()) {
      removed.delete(account.id)
      if (!workers.has(account.id)) workers.set(account.id, start(account.id, jobsAtOnce(account)))
    }
    for (const id of workers.keys()) {
      if (catalog.accounts.has(id) || removed.has(id)) continue
      removed.add(id)
      tellRemoved(id)
    }
  }
  const tellRemoved = (id: string) =>
    log.warn?.(
      { event: 'import', account: id },
      'The account was removed: rows of imports that wait for it end as failed.',
    )
  follow()
  const abandoned = findAbandoned({
    store,
    isServed: (account) => workers.has(account),
    found(account) {
      removed.add(account)
      tellRemoved(account)
      workers.set(account, start(account, usualConcurrency))
    },
    ...(lookEveryMs !== undefined && { everyMs: lookEveryMs }),
  })
  return {
    follow,
    close: async () => {
      abandoned.close()
      await Promise.all([...workers.values()].map((worker) => worker.close()))
    },
  }
}

/** Asked before each step of an import; cancels it where its client may not import any more, and says so. */
function cancelUnwanted(
  store: Pick<ImportStore, 'cancel'>,
  rights: WorkersOptions['rights'],
  log: WorkersOptions['log'],
): JobSurroundings['rightOf'] {
  return async (importId, { client, listId, createdAt }) => {
    const right = rights.of({ client, listId, createdAt })
    if (right === 'stop' && (await store.cancel(importId)))
      log.warn?.(
        { event: 'import', importId, client, list: listId },
        'The client may not import into the list any more: its import is canceled. What was sent stays counted.',
      )
    return right
  }
}

/** While the store is away each idle worker fails every second. One line says it for all of them, and again when it lasts. */
const repeatedAfterMs = 600_000

function createOutage(log: WorkersOptions['log']) {
  let toldAt = Number.NEGATIVE_INFINITY
  return {
    tell(error: StoreUnavailable): void {
      if (performance.now() - toldAt < repeatedAfterMs) return
      toldAt = performance.now()
      log.error(
        { event: 'import', err: error },
        'The store cannot be used: imports wait for it, and go on by themselves.',
      )
    },
    over(): void {
      toldAt = Number.NEGATIVE_INFINITY
    },
  }
}

/** Half of the places at most, and not more than fill memory with rows that wait. */
function jobsAtOnce({ adapter, batchSize = Number.POSITIVE_INFINITY, maxConcurrency }: Account): number {
  const { addContacts, importContacts } = adapter.operations
  const rowsOfCall = Math.min(batchSize, (addContacts ?? importContacts)?.maxContacts ?? 1)
  return Math.max(1, Math.floor(Math.min(maxConcurrency / 2, rowsInFlight / rowsOfCall)))
}

function rememberImports(store: ImportStore): JobSurroundings['importOf'] {
  const known = new Map<string, KnownImport>()
  return async (id) => {
    const remembered = known.get(id)
    if (remembered !== undefined) return remembered
    const found = await store.get(id)
    if (found === undefined) return undefined
    if (known.size >= rememberedImports) known.delete(known.keys().next().value as string)
    const fresh = whatMatters(found)
    known.set(id, fresh)
    return fresh
  }
}

function whatMatters({ client, createdAt, listId, validateOnly, options, format }: ImportRecord): KnownImport {
  const { onConflict = 'update' } = options as ImportOptions
  const conditions = compileConditions((format as ImportFormat).conditions)
  return { client, createdAt, listId, validateOnly, onConflict, conditions }
}
