import { Cluster, type Redis } from 'ioredis'
import { StoreUnavailable } from '../../services/store-port.ts'
import type { RedisConnection } from './connection.ts'
import { unlessForbidden, warnOfEviction } from './eviction.ts'

const replicaWaitMs = 500

/** Runs commands, and resolves when what they wrote is taken by a replica, where Redis has one. */
export type Durably = <T>(commands: (client: Redis | Cluster) => Promise<T>) => Promise<T>

/**
 * `open` makes a connection for what is waited for until a replica has it, which holds up all that is asked on the same
 * connection after it. It is made when it is needed first.
 */
export function durableWrites(open: () => RedisConnection): { readonly durably: Durably; close(): Promise<void> } {
  let writer: RedisConnection | undefined
  return {
    durably(commands) {
      writer ??= open()
      return writer.run(async (client) => {
        const result = await commands(client)
        await takenByReplica(client)
        return result
      })
    },
    close: async () => writer?.close(),
  }
}

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
