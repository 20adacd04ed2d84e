import type { ImportBacklog } from '../../../services/import-store-port.ts'
import type { RedisConnection } from '../connection.ts'
import { importKeys, unfinishedKey } from './import-keys.ts'
import { readImport } from './stored-import.ts'

/**
 * Counts what waits: the ids of what may be unfinished, then all their records at once. A script could do both in one
 * round trip, but not in a cluster, where each import has a place of its own.
 */
export async function readBacklog(connection: RedisConnection): Promise<ImportBacklog> {
  const ids = await connection.run((redis) => redis.zrange(unfinishedKey, '0', '-1'))
  const records = await connection.run((redis) => Promise.all(ids.map((id) => redis.hgetall(importKeys(id).record))))
  const counts = { queued: 0, running: 0 }
  const rows = new Map<string, number>()
  for (const record of records) {
    const state = readImport(record)
    if (state?.status !== 'queued' && state?.status !== 'running') continue
    counts[state.status] += 1
    for (const [account, { pending }] of Object.entries(state.progress))
      if (pending > 0) rows.set(account, (rows.get(account) ?? 0) + pending)
  }
  return { ...counts, rows }
}
