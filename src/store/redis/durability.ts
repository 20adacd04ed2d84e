import { Cluster, type Redis } from 'ioredis'
import { StoreUnavailable } from '../../services/store-port.ts'
import type { RedisConnection } from './connection.ts'
import { unlessForbidden, warnOfEviction } from './eviction.ts'

const replicaWaitMs = 500

/**
 * Resolves when a replica has what was written on this client's connections before; at once where Redis has none, or does
 * not say. Fails with `StoreUnavailable` when none has it in time: it is written then, and may be lost with the master.
 */
export async function takenByReplica(client: Redis | Cluster): Promise<void> {
  await Promise.all(
    mastersOf(client).map(async (server) => {
      const info = await unlessForbidden(server.info('replication'))
      if (!/^connected_slaves:[1-9]/m.test(info ?? '')) return
      if ((await server.wait(1, replicaWaitMs)) < 1)
        throw new StoreUnavailable(`No replica of Redis has taken what was written within ${replicaWaitMs} ms.`)
    }),
  )
}

/** Warns of what makes Redis lose entries of the suppression list that it has taken. */
export async function warnOfLosses(connection: RedisConnection): Promise<readonly string[]> {
  const infos = await connection.run((client) =>
    Promise.all(mastersOf(client).map((server) => unlessForbidden(server.info('persistence')))),
  )
  const evicts = (await warnOfEviction(connection)).length > 0
  const isVolatile = infos.some((info) => /^aof_enabled:0/m.test(info ?? ''))
  return [...(isVolatile ? [withoutLog] : []), ...(evicts ? [withEviction] : [])]
}

const withoutLog =
  'Redis has no append-only file: suppressions that were answered would be lost when it restarts, and the people ' +
  'contacted again. Mend it with CONFIG SET appendonly yes (and in redis.conf), or in the parameter group of a managed ' +
  'Redis.'
const withEviction =
  'Redis may evict keys when its memory is full: parts of the suppression list would be lost, and the people contacted ' +
  'again. Mend it with CONFIG SET maxmemory-policy noeviction (and in redis.conf).'

function mastersOf(client: Redis | Cluster): readonly Redis[] {
  return client instanceof Cluster ? client.nodes('master') : [client]
}
