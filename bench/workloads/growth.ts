import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import { atMost, type Section } from '../report/section.ts'
import { ratioOf } from '../report/statistics.ts'
import { type RunningGateway, startGateway } from '../systems/gateway.ts'
import { type Contestant, type Measured, measuredColumns, measuredRow, measureInRounds, type Rounds } from './rounds.ts'
import { connections, type Surroundings, withSurroundings } from './surroundings.ts'

/** A cost that is this much higher is within what rounds differ by. */
const sameCost = 1.1
const few = 1_000
const many = 1_000_000
const bystanders = 1_000

/** What a request costs when much is stored, and when much is configured. */
export function benchGrowth(rounds: Rounds): Promise<Section> {
  return withSurroundings(async (surroundings) => {
    const { upstream, redis, generator, keep } = surroundings
    const inRedis = keep(await startGateway({ upstreamPort: upstream.port, redisUrl: redis.url }))
    const embedded = keep(await startGateway({ upstreamPort: upstream.port }))
    const crowded = keep(await startGateway({ upstreamPort: upstream.port, redisUrl: redis.url, bystanders }))
    const contestant = (name: string, { port, pid, authorization }: RunningGateway, helperPid?: number): Contestant => ({
      name,
      pid,
      ...(helperPid !== undefined && { helperPid }),
      run: (seconds) =>
        generator.run({ kind: 'add', authorization, account: 'vobiz-in' }, { port, connections, seconds }),
    })
    const onRedis = (keys: string) => contestant(`Redis, ${keys}`, inRedis, redis.pid)
    await store(few, inRedis, embedded, surroundings)
    const before = await measureInRounds(
      [
        onRedis('few keys'),
        contestant('embedded, few keys', embedded),
        contestant('1,000 lists and clients', crowded, redis.pid),
      ],
      rounds,
    )
    await store(many, inRedis, embedded, surroundings)
    const after = await measureInRounds([onRedis('a million keys'), contestant('embedded, a million keys', embedded)], rounds)
    const [fewInRedis, fewEmbedded, configured] = before as [Measured, Measured, Measured]
    const [manyInRedis, manyEmbedded] = after as [Measured, Measured]
    const grown = (line: string, now: Measured, then: Measured) =>
      atMost(`5. ${line}`, sameCost, ' × the CPU time', ratioOf(now.cpuMicros, then.cpuMicros))
    return {
      id: 'growth',
      title: 'Cost of a request as stores and configuration grow',
      how: `Single adds. From ${few.toLocaleString('en-US')} to ${many.toLocaleString('en-US')} stored keys: copies of real answers put into the stores behind the gateway's back. ${bystanders.toLocaleString('en-US')} lists and clients: configured beside the ones in use.`,
      columns: measuredColumns('requests'),
      rows: [...before, ...after].map(measuredRow),
      reach: [
        grown('a million keys in Redis', manyInRedis, fewInRedis),
        grown('a million keys embedded', manyEmbedded, fewEmbedded),
        grown('1,000 lists and 1,000 clients', configured, fewInRedis),
      ],
      figures: { before, after },
    }
  })
}

/** Brings both stores to about so many keys. */
async function store(keys: number, inRedis: RunningGateway, embedded: RunningGateway, { redis, generator }: Surroundings) {
  for (const { port, authorization } of [inRedis, embedded])
    await generator.run({ kind: 'add', authorization, account: 'vobiz-in' }, { port, connections: 8, requests: 100 })
  await fillRedis(redis.client, keys)
  fillSqlite(embedded.dataDir, keys)
}

async function fillRedis(client: Redis, keys: number): Promise<void> {
  const [, [sample = ''] = []] = await client.scan(0, 'MATCH', 'cgw:*:answer', 'COUNT', 10_000)
  const [payload, ttl] = [await client.dumpBuffer(sample), await client.pttl(sample)]
  const missing = Math.max(0, keys - (await client.dbsize()))
  for (let done = 0; done < missing; done += 1_000) {
    const pipeline = client.pipeline()
    for (let n = done; n < Math.min(done + 1_000, missing); n++)
      pipeline.restore(`cgw:{${randomBytes(32).toString('base64url')}}:answer`, ttl, payload)
    await pipeline.exec()
  }
}

function fillSqlite(dataDir: string, keys: number): void {
  const database = new DatabaseSync(join(dataDir, 'gateway.db'), { timeout: 60_000 })
  const held = Number(database.prepare('SELECT count(*) AS held FROM answers').get()?.held)
  database
    .prepare(`
      WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
      INSERT INTO answers SELECT randomblob(32), fingerprint, answer, expires_at
      FROM numbers, (SELECT * FROM answers LIMIT 1)`)
    .run(Math.max(1, keys - held))
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
}
