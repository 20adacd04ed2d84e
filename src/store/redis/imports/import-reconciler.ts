import { type ImportRecord, isUnfinished } from '../../../services/import-store-port.ts'
import type { RedisConnection } from '../connection.ts'
import { importKeys, reconcilingKey, unfinishedKey } from './import-keys.ts'
import type { ImportQueues } from './import-queues.ts'

/** Nobody else begins within this time. */
const lockMs = 10_000
const importsPerStep = 100

/**
 * Puts jobs into the queues that belong there and are missing: a process died while it published, or the queue was lost.
 * One at a time does it; what another adds meanwhile does no harm.
 */
export async function reconcile(connection: RedisConnection, queues: ImportQueues): Promise<void> {
  const locked = await connection.run((redis) => redis.set(reconcilingKey, '1', 'PX', lockMs, 'NX'))
  if (locked === null) return
  try {
    let seen = 0
    for (;;) {
      const last = seen + importsPerStep - 1
      const ids = await connection.run((redis) => redis.zrange(unfinishedKey, String(seen), String(last)))
      for (const id of ids) if (await reconcileImport(connection, queues, id)) seen += 1
      if (ids.length < importsPerStep) return
    }
  } finally {
    await connection.run((redis) => redis.del(reconcilingKey))
  }
}

/** Tells whether the import is still to be looked at. */
async function reconcileImport(connection: RedisConnection, queues: ImportQueues, id: string): Promise<boolean> {
  const keys = importKeys(id)
  const [json, status, blocks, untold] = await connection.run((redis) => redis.hmget(keys.record, 'r', 's', 'b', 'e'))
  if (status === 'draft') return true
  // Whoever carries events finds its end here.
  if (json && untold) return true
  if (!json || !isUnfinished(status)) {
    await connection.run((redis) => redis.zrem(unfinishedKey, id))
    return false
  }
  const record = JSON.parse(json) as ImportRecord
  for (const [number, account] of record.accounts.entries()) {
    const open = await openBlocks(connection, keys.jobs, number, Number(blocks))
    await queues.add(record, number, await queues.missing(account, id, open))
  }
  return true
}

/** The blocks that an account is not done with. */
async function openBlocks(
  connection: RedisConnection,
  jobsKey: string,
  accountNumber: number,
  blocks: number,
): Promise<readonly number[]> {
  if (blocks === 0) return []
  const fields = Array.from({ length: blocks }, (_, block) => `${accountNumber}:${block}`)
  const states = await connection.run((redis) => redis.hmget(jobsKey, ...fields))
  return states.flatMap((state, block) => (state?.endsWith(' done') ? [] : [block]))
}
