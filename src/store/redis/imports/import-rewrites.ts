import { hash } from 'node:crypto'
import type { Rewrite, RewriteReport } from '../../../services/import-store-port.ts'
import type { RedisConnection } from '../connection.ts'
import { runScript } from '../scripts.ts'
import { importKeys } from './import-keys.ts'
import { accountsOf, readBlock, reportFields } from './import-reports.ts'

const [inBlocks, inReports] = [2, 4]

export async function rewriteBlock(
  connection: RedisConnection,
  id: string,
  block: number,
  change: Rewrite,
): Promise<void> {
  const read = async () => (await readBlock(connection, id, block)) ?? null
  await rewrite(connection, id, inBlocks, String(block), read, change)
}

export async function rewriteReports(
  connection: RedisConnection,
  id: string,
  block: number,
  change: RewriteReport,
): Promise<void> {
  const { reports } = importKeys(id)
  for (const [number, account] of (await accountsOf(connection, id)).entries())
    for (const field of await reportFields(connection, id, block, number)) {
      const read = () => connection.run((redis) => redis.hgetBuffer(reports, field))
      await rewrite(connection, id, inReports, field, read, (report) => change(report, account))
    }
}

async function rewrite(
  connection: RedisConnection,
  id: string,
  place: number,
  field: string,
  read: () => Promise<Buffer | null>,
  change: Rewrite,
): Promise<void> {
  for (;;) {
    const before = await read()
    const after = before === null ? undefined : await change(before)
    if (before === null || after === undefined) return
    const parts = [place, field, hash('sha1', before), after]
    const keys = importKeys(id).all
    if ((await connection.run((redis) => runScript(redis, 'import-rewrite', ...keys, ...parts))) === 1) return
  }
}
