import type { ImportDraft, ImportRecord } from '../../../services/import-store-port.ts'
import { StoreUnavailable } from '../../../services/store-port.ts'
import { endedLifetime, importLifetimes } from '../../import-lifetimes.ts'
import { blocksAreGone, checkRows, draftIsGone } from '../../import-progress.ts'
import type { RedisConnection } from '../connection.ts'
import { runScript } from '../scripts.ts'
import {
  allImportsKey,
  clientBytesKey,
  clientKey,
  clientPlacesKey,
  clientUnfinishedKey,
  importKeys,
  unfinishedKey,
} from './import-keys.ts'
import type { ImportQueues } from './import-queues.ts'

/** Begins an import: its record is there, as a draft, and expires unless blocks come. */
export async function beginDraft(
  connection: RedisConnection,
  queues: ImportQueues,
  record: ImportRecord,
): Promise<ImportDraft> {
  const keys = importKeys(record.id)
  const { client, id } = record
  const json = JSON.stringify(record)
  const recordBytes = Buffer.byteLength(json)
  const fields = {
    r: json,
    s: 'draft',
    a: record.accounts.length,
    n: 0,
    b: 0,
    y: recordBytes,
    k: endedLifetime(record),
  }
  await connection.run((redis) =>
    redis.multi().hset(keys.record, fields).pexpire(keys.record, importLifetimes.draft).exec(),
  )
  let blocks = 0
  let allRows = 0
  let bytes = recordBytes

  const published = async () => {
    const { unfinished, ended } = importLifetimes
    const parts = [record.accounts.length, new Date().toISOString(), unfinished, ended, blocks, allRows]
    await noteInLists(connection, record, bytes)
    const done = await connection.run((redis) => runScript(redis, 'import-publish', ...keys.all, ...parts))
    if (done !== 1) throw new StoreUnavailable(done === 0 ? draftIsGone : blocksAreGone)
  }

  return {
    async appendBlock(payload, rows) {
      checkRows(rows)
      const parts = [blocks, payload, rows, importLifetimes.draft]
      if ((await connection.run((redis) => runScript(redis, 'import-append', ...keys.all, ...parts))) !== 1)
        throw new StoreUnavailable(draftIsGone)
      blocks += 1
      allRows += rows
      bytes += payload.length
    },
    async publish() {
      await published()
      // From here on it is durable. Jobs that do not get into the queue now are added by the reconciler.
      await enqueueAll(queues, record, blocks).catch(() => {})
    },
    async discard() {
      await connection.run(async (redis) => {
        await redis.unlink(...keys.all)
        await redis.zrem(unfinishedKey, id)
        await redis.zrem(allImportsKey, id)
        await redis.zrem(clientKey(client), id)
        await redis
          .multi()
          .srem(clientUnfinishedKey(client), id)
          .zrem(clientPlacesKey(client), id)
          .hdel(clientBytesKey(client), id)
          .exec()
      })
    },
  }
}

/** This comes before it is published: readers of the lists pass over drafts. The import counts in its place from now on. */
async function noteInLists(
  connection: RedisConnection,
  { id, client, createdAt }: ImportRecord,
  bytes: number,
): Promise<void> {
  const at = Date.parse(createdAt)
  const [all, unfinished, sizes] = [clientKey(client), clientUnfinishedKey(client), clientBytesKey(client)]
  const keep = importLifetimes.unfinished + importLifetimes.ended
  await connection.run(async (redis) => {
    await redis.zadd(unfinishedKey, at, id)
    await redis
      .multi()
      .zadd(allImportsKey, at, id)
      .zremrangebyscore(allImportsKey, 0, at - keep)
      .pexpire(allImportsKey, keep)
      .exec()
    await redis
      .multi()
      .zadd(all, at, id)
      .zremrangebyscore(all, 0, at - keep)
      .pexpire(all, keep)
      .sadd(unfinished, id)
      .pexpire(unfinished, keep)
      .zrem(clientPlacesKey(client), id)
      .hset(sizes, id, bytes)
      .pexpire(sizes, keep)
      .exec()
  })
}

async function enqueueAll(queues: ImportQueues, record: ImportRecord, blocks: number): Promise<void> {
  const numbers = Array.from({ length: blocks }, (_, block) => block)
  for (const accountNumber of record.accounts.keys()) await queues.add(record, accountNumber, numbers)
}
