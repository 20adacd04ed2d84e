import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { type Section, show } from '../report/section.ts'
import { startGateway } from '../systems/gateway.ts'
import { connections, withSurroundings } from './surroundings.ts'

/** G: what stored keys take, in Redis and in the embedded store. */
export function benchMemory(keys: number): Promise<Section> {
  return withSurroundings(async ({ upstream, redis, generator, keep }) => {
    const inRedis = keep(await startGateway({ upstreamPort: upstream.port, redisUrl: redis.url }))
    const fill = (gateway: typeof inRedis) =>
      generator.run(
        { kind: 'add', authorization: gateway.authorization, account: 'vobiz-in' },
        { port: gateway.port, connections, requests: keys },
      )
    const [usedBefore, keysBefore] = [await usedMemory(redis.client), await redis.client.dbsize()]
    await fill(inRedis)
    const stored = (await redis.client.dbsize()) - keysBefore
    const perKey = ((await usedMemory(redis.client)) - usedBefore) / keys
    const embedded = keep(await startGateway({ upstreamPort: upstream.port }))
    const bytesBefore = folderBytes(embedded.dataDir)
    await fill(embedded)
    const perRow = (folderBytes(embedded.dataDir) - bytesBefore) / keys
    return {
      id: 'G',
      title: `Memory of ${keys.toLocaleString('en-US')} stored keys (G)`,
      how: 'Single adds with a fresh key each, all stored; before and after, used_memory of Redis and the bytes of the files of the embedded store.',
      columns: ['', 'bytes a key', `MB for ${keys.toLocaleString('en-US')}`, 'MB for a million'],
      rows: [
        ['Redis', perKey],
        ['embedded store', perRow],
      ].map(([name, bytes]) => [
        String(name),
        show(bytes as number),
        show(((bytes as number) * keys) / 1e6),
        show(bytes as number),
      ]),
      reach: [],
      figures: { keys, storedInRedis: stored, bytesPerKey: { redis: perKey, sqlite: perRow } },
    }
  })
}

async function usedMemory(client: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1])
}

function folderBytes(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
}
