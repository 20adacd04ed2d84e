import type { Account } from '../providers/port.ts'
import type { Catalog } from '../services/catalog.ts'
import type { ImportRecord, ImportStore } from '../services/import-ports.ts'
import type { ListKeeper } from '../services/keep-lists.ts'
import { createJobHandler, type JobSurroundings, type KnownImport } from './run-job.ts'
import type { ImportOptions } from './start-import.ts'

export type WorkersOptions = {
  readonly store: ImportStore
  readonly catalog: Catalog
  readonly keeper: ListKeeper
  readonly log: JobSurroundings['log']
  readonly leaseMs: number
}

/** So many imports are remembered; each is looked up once. */
const rememberedImports = 200

/** Starts to work off the imports of every account; imports use at most half of an account's places. */
export function startImportWorkers({ store, catalog, keeper, log, leaseMs }: WorkersOptions): {
  close(): Promise<void>
} {
  const importOf = rememberImports(store)
  const workers = [...catalog.accounts.values()].map((account: Account) => {
    const handler = createJobHandler({ importOf, lists: catalog.lists, keeper, log })
    const onError = (error: Error) =>
      log.error({ event: 'import', account: account.id, err: error }, 'a batch of an import is tried again')
    return store.work(account.id, handler, {
      concurrency: Math.max(1, Math.floor(account.maxConcurrency / 2)),
      leaseMs,
      onError,
    })
  })
  return {
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()))
    },
  }
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

function whatMatters({ listId, validateOnly, options }: ImportRecord): KnownImport {
  return { listId, validateOnly, onConflict: (options as ImportOptions).onConflict ?? 'update' }
}
