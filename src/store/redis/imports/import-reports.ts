import type { ImportRecord } from '../../../services/import-store-port.ts'
import type { RedisConnection } from '../connection.ts'
import { importKeys } from './import-keys.ts'

export async function readBlock(connection: RedisConnection, id: string, block: number): Promise<Buffer | undefined> {
  const payload = await connection.run((redis) => redis.hgetBuffer(importKeys(id).blocks, String(block)))
  return payload ?? undefined
}

/** The reports of a block by account, each in the order of its commits. */
export async function readReports(
  connection: RedisConnection,
  id: string,
  block: number,
): Promise<ReadonlyMap<string, readonly Buffer[]>> {
  const { record, reports } = importKeys(id)
  const json = await connection.run((redis) => redis.hget(record, 'r'))
  const { accounts } = JSON.parse(json ?? '{"accounts":[]}') as Pick<ImportRecord, 'accounts'>
  const found = new Map<string, readonly Buffer[]>()
  for (const [number, account] of accounts.entries()) {
    const prefix = `${block}:${number}`
    const count = Number(await connection.run((redis) => redis.hget(reports, prefix)))
    if (count === 0) continue
    const fields = Array.from({ length: count }, (_, index) => `${prefix}:${index + 1}`)
    const chunks = await connection.run((redis) => redis.hmgetBuffer(reports, ...fields))
    found.set(
      account,
      chunks.filter((chunk) => chunk !== null),
    )
  }
  return found
}

export async function readBlocksWithReports(
  connection: RedisConnection,
  id: string,
  from: number,
  limit: number,
): Promise<readonly number[]> {
  const key = importKeys(id).reported
  const blocks = await connection.run((redis) => redis.zrangebyscore(key, from, '+inf', 'LIMIT', 0, limit))
  return blocks.map(Number)
}
