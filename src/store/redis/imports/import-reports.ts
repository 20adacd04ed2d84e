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
  const { reports } = importKeys(id)
  const found = new Map<string, readonly Buffer[]>()
  for (const [number, account] of (await accountsOf(connection, id)).entries()) {
    const fields = await reportFields(connection, id, block, number)
    if (fields.length === 0) continue
    const chunks = await connection.run((redis) => redis.hmgetBuffer(reports, ...fields))
    found.set(
      account,
      chunks.filter((chunk) => chunk !== null),
    )
  }
  return found
}

/** In the order in which they are numbered. */
export async function accountsOf(connection: RedisConnection, id: string): Promise<readonly string[]> {
  const json = await connection.run((redis) => redis.hget(importKeys(id).record, 'r'))
  return (JSON.parse(json ?? '{"accounts":[]}') as Pick<ImportRecord, 'accounts'>).accounts
}

/** Where the reports of a block at one account are, in the order of their commits. */
export async function reportFields(
  connection: RedisConnection,
  id: string,
  block: number,
  accountNumber: number,
): Promise<readonly string[]> {
  const prefix = `${block}:${accountNumber}`
  const count = Number(await connection.run((redis) => redis.hget(importKeys(id).reports, prefix)))
  return Array.from({ length: count }, (_, index) => `${prefix}:${index + 1}`)
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
