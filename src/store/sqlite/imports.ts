import {
  type ImportDraft,
  type ImportRecord,
  type ImportState,
  type ImportStore,
  isUnfinished,
} from '../../services/import-store-port.ts'
import { StoreUnavailable } from '../../services/store-port.ts'
import { endedLifetime, importLifetimes } from '../import-lifetimes.ts'
import { blocksAreGone, checkRows, draftIsGone } from '../import-progress.ts'
import { OpenWorkers } from '../open-workers.ts'
import type { Database } from './database.ts'
import { endOfImport, endWithdrawer, eventLeaver } from './events/outbox.ts'
import type { Durability } from './gather-writes.ts'
import { importJobStatements } from './import-job-statements.ts'
import { importJobs } from './import-jobs.ts'
import { importPlaces } from './import-places.ts'
import { importRewrites } from './import-rewrites.ts'
import { importStatements } from './import-statements.ts'
import { othersTurn, startImportWorker, type Wakers } from './import-worker.ts'
import { toStoreError } from './store-error.ts'
import { logSync } from './sync-log.ts'

export type SqliteImports = ImportStore & {
  /** Ends the workers. */
  close(): Promise<void>
}

/** Imports in SQLite: the same behaviour as in Redis, with the table of jobs for a queue. `now` is the clock (ms). */
export function sqliteImports(database: Database, now: () => number): SqliteImports {
  const imports = importStatements(database.connection)
  const jobs = importJobStatements(database.connection)
  const workerJobs = importJobs(database, now)
  const leave = eventLeaver(database.connection)
  const withdrawEnd = endWithdrawer(database.connection)
  const log = logSync(database.connection)
  const wakers: Wakers = new Set()
  const workers = new OpenWorkers()
  const places = importPlaces(database, imports)
  const { read, write } = guarded(database)

  const cancel = (id: string): boolean => {
    const at = now()
    const found = imports.find(id, at)
    if (found === undefined || !isUnfinished(found.status)) return false
    const finishedAt = new Date(at).toISOString()
    const state = found.state()
    imports.change(id, { ...state, status: 'canceled', finishedAt }, at + endedLifetime(state))
    leave(endOfImport(state, at))
    jobs.deleteFreeJobs(id)
    return true
  }

  const remove = (id: string): boolean => {
    const found = imports.find(id, now())
    if (found === undefined || found.status === 'draft' || isUnfinished(found.status)) return false
    jobs.deleteJobs(id)
    imports.expire(id)
    return true
  }

  return {
    async takePlace(client, limits) {
      const taken = write('written', () => places.take(client, limits, now()))
      if (typeof taken === 'string') return taken
      const { id } = taken
      return {
        ...taken,
        renew: async () => write('written', () => places.renew(id, now())),
        giveBack: async () => write('written', () => places.end(id)),
      }
    },
    comingIn: async () => read(() => places.comingIn(now())),
    remove: async (id) => write('synced', () => remove(id)),
    async begin(record) {
      write('written', () => imports.insert(record, now() + importLifetimes.draft))
      return draftOf(record)
    },
    async get(id) {
      const found = read(() => imports.find(id, now()))
      return found === undefined || found.status === 'draft' ? undefined : read(found.state)
    },
    getUntold: async (id) => read(() => imports.findUntold(id)),
    list: async (client, limit, after) => read(() => imports.list(client, limit, after, now())),
    countUnfinished: async (client) => read(() => imports.countUnfinished(client, now())),
    backlog: async () => read(() => imports.backlog(now())),
    cancel: async (id) => write('synced', () => cancel(id)),
    readBlock: async (id, block) => read(() => jobs.findBlock(id, block)),
    async readReports(id, block) {
      return read(() => {
        const accounts = imports.find(id, now())?.state().accounts ?? []
        const byAccount = Map.groupBy(jobs.findReports(id, block), ({ accountNumber }) => accounts[accountNumber] ?? '')
        byAccount.delete('')
        return new Map([...byAccount].map(([account, found]) => [account, found.map(({ report }) => report)]))
      })
    },
    blocksWithReports: async (id, from, limit) => read(() => jobs.findReported(id, from, limit)),
    ...importRewrites(database, (id) => imports.find(id, now())?.state().accounts ?? []),
    work(account, handler, options) {
      const worker = startImportWorker(workerJobs, log, wakers, account, handler, options)
      return workers.add(worker)
    },
    async close() {
      await workers.close()
      await log.close()
    },
  }

  function draftOf({ id }: ImportRecord): ImportDraft {
    const added = { blocks: 0, rows: 0 }
    return {
      async appendBlock(payload, rows) {
        checkRows(rows)
        const at = now()
        const expiresAt = at + importLifetimes.draft
        // Publication waits for the disk, and so for all blocks before it.
        const isAdded = write('written', () => imports.addBlock(id, added.blocks, payload, rows, at, expiresAt))
        if (!isAdded) throw new StoreUnavailable(draftIsGone)
        added.blocks += 1
        added.rows += rows
        await othersTurn()
      },
      async publish() {
        write('synced', () => {
          const at = now()
          const found = imports.find(id, at)
          if (found === undefined) throw new StoreUnavailable(draftIsGone)
          if (found.status !== 'draft') return
          const draft = found.state()
          if (!imports.holds(draft, added)) throw new StoreUnavailable(blocksAreGone)
          for (const number of draft.accounts.keys()) jobs.insertAll(draft, number, at)
          imports.change(id, ...published(draft, at))
          if (draft.rows === 0) leave(endOfImport(draft, at))
          places.end(id)
        })
        for (const wake of wakers) wake()
      },
      async discard() {
        // Its rows may be many: the sweep deletes them, a few at a time.
        write('written', () => {
          jobs.deleteJobs(id)
          imports.expire(id)
          withdrawEnd(id)
        })
      },
    }
  }
}

function published(draft: ImportState, at: number): [ImportState, number] {
  if (draft.rows > 0) return [{ ...draft, status: 'queued' }, at + importLifetimes.unfinished]
  return [{ ...draft, status: 'completed', finishedAt: new Date(at).toISOString() }, at + endedLifetime(draft)]
}

function guarded(database: Database) {
  const read = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw toStoreError(error)
    }
  }
  const write = <T>(durability: Durability, work: () => T): T => read(() => database.write(durability, work))
  return { read, write }
}
