import type { Cluster, Redis } from 'ioredis'
import type { ImportState, ImportStore } from '../../../services/import-store-port.ts'
import { importLifetimes } from '../../import-lifetimes.ts'
import { OpenWorkers } from '../../open-workers.ts'
import type { RedisConnection } from '../connection.ts'
import { openPatientClient } from '../patient-client.ts'
import { runScript } from '../scripts.ts'
import { readBacklog } from './import-backlog.ts'
import { beginDraft } from './import-draft.ts'
import { allImportsKey, clientKey, importKeys } from './import-keys.ts'
import { forgetEnded, readComingIn, removeImport, takePlace } from './import-places.ts'
import { openImportQueues } from './import-queues.ts'
import { reconcile } from './import-reconciler.ts'
import { readBlock, readBlocksWithReports, readReports } from './import-reports.ts'
import { rewriteBlock, rewriteReports } from './import-rewrites.ts'
import { startImportWorker } from './import-worker.ts'
import { readImport, readUntold } from './stored-import.ts'

/** How often the queues are searched for missing jobs, and how soon again after a failure. */
const reconcileEveryMs = 60_000
const reconcileAgainMs = 5000

export type RedisImports = ImportStore & {
  /** Ends what works and what it is connected by; not the connection it was given. */
  close(): Promise<void>
}

/** Imports in Redis: `lua/import-append.lua` says what is kept of each, BullMQ hands their blocks to the workers. */
export function redisImports(connection: RedisConnection): RedisImports {
  const queues = openImportQueues(connection)
  const workers = new OpenWorkers()
  let patient: Redis | Cluster | undefined
  let reconciling: NodeJS.Timeout | undefined
  let closed = false

  const fieldsOf = (id: string) => connection.run((redis) => redis.hgetall(importKeys(id).record))
  const get = async (id: string) => readImport(await fieldsOf(id))

  /** Once for the process: whoever else does it at the same time is left to it. */
  const startReconciling = (onError: (error: Error) => void) => {
    const look = async () => {
      const error = await reconcile(connection, queues).then(
        () => undefined,
        (reason: Error) => reason,
      )
      if (closed) return
      if (error !== undefined) onError(error)
      reconciling = setTimeout(look, error === undefined ? reconcileEveryMs : reconcileAgainMs).unref()
    }
    reconciling ??= setTimeout(look, 0)
  }

  return {
    takePlace: (client, limits) => takePlace(connection, client, limits),
    comingIn: () => readComingIn(connection),
    async remove(id) {
      const client = (await get(id))?.client
      return client !== undefined && removeImport(connection, client, id)
    },
    begin: (record) => beginDraft(connection, queues, record),
    get,
    getUntold: async (id) => readUntold(await fieldsOf(id)),
    list: (client, limit, after) => listImports(connection, get, client, limit, after),
    countUnfinished: (client) => forgetEnded(connection, client),
    backlog: () => readBacklog(connection),
    async cancel(id) {
      const parts = [new Date().toISOString(), importLifetimes.ended]
      return (await connection.run((redis) => runScript(redis, 'import-cancel', ...importKeys(id).all, ...parts))) === 1
    },
    readBlock: (id, block) => readBlock(connection, id, block),
    readReports: (id, block) => readReports(connection, id, block),
    blocksWithReports: (id, from, limit) => readBlocksWithReports(connection, id, from, limit),
    rewriteBlock: (id, block, change) => rewriteBlock(connection, id, block, change),
    rewriteReports: (id, block, change) => rewriteReports(connection, id, block, change),
    work(account, handler, options) {
      patient ??= openPatientClient(connection.client)
      const worker = startImportWorker({ connection, patient }, account, handler, options)
      startReconciling(options.onError)
      return workers.add(worker)
    },
    async close() {
      closed = true
      clearTimeout(reconciling)
      await workers.close()
      await queues.close()
      patient?.disconnect()
    },
  }
}

async function listImports(
  connection: RedisConnection,
  get: (id: string) => Promise<ImportState | undefined>,
  client: string | undefined,
  limit: number,
  after: string | undefined,
): Promise<readonly ImportState[]> {
  const key = client === undefined ? allImportsKey : clientKey(client)
  const rank = after === undefined ? -1 : await connection.run((redis) => redis.zrevrank(key, after))
  if (rank === null) return []
  const found: ImportState[] = []
  // Some may have expired, or be drafts.
  for (let next = rank + 1; found.length < limit; ) {
    const wanted = limit - found.length
    const ids = await connection.run((redis) => redis.zrevrange(key, next, next + wanted - 1))
    const states = await Promise.all(ids.map(get))
    found.push(...states.filter((state) => state !== undefined))
    if (ids.length < wanted) break
    next += wanted
  }
  return found
}
