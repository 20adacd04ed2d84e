import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Redis } from 'ioredis'
import type { ClosedOptions } from '../load/generate.ts'
import { atMost, type Section } from '../report/section.ts'
import { ratioOf } from '../report/statistics.ts'
import { type RunningGateway, startGateway } from '../systems/gateway.ts'
import { type RunningRedis, startRedis } from '../systems/redis.ts'
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
    const { upstream, redis, keep } = surroundings
    const full = keep(await startRedis())
    const onRedis = (store: RunningRedis, more = {}) =>
      startGateway({ upstreamPort: upstream.port, redisUrl: store.url, ...more }).then(keep)
    const embedded = () => startGateway({ upstreamPort: upstream.port }).then(keep)
    const gateways = {
      few: await onRedis(redis),
      many: await onRedis(full),
      fewEmbedded: await embedded(),
      manyEmbedded: await embedded(),
      crowded: await onRedis(redis, { bystanders }),
    }
    const contestant = (name: string, gateway: RunningGateway, store?: RunningRedis): Contestant => ({
      name,
      pid: gateway.pid,
      ...(store !== undefined && { helperPid: store.pid }),
      run: (seconds) => add(gateway, surroundings, { connections, seconds }),
    })
    for (const gateway of Object.values(gateways)) await add(gateway, surroundings, { connections: 8, requests: few })
    await fillRedis(full.client, many)
    fillSqlite(gateways.manyEmbedded.dataDir, many)
    const measured = await measureInRounds(
      [
        contestant('Redis, few keys', gateways.few, redis),
        contestant('Redis, a million keys', gateways.many, full),
        contestant('embedded, few keys', gateways.fewEmbedded),
        contestant('embedded, a million keys', gateways.manyEmbedded),
        contestant('Redis, 1,000 lists and clients', gateways.crowded, redis),
      ],
      rounds,
    )
    const [fewKeys, manyKeys, fewRows, manyRows, crowded] = measured as [
      Measured,
      Measured,
      Measured,
      Measured,
      Measured,
    ]
    const grown = (line: string, now: Measured, then: Measured) =>
      atMost(`5. ${line}`, sameCost, ' × the CPU time', ratioOf(now.cpuMicros, then.cpuMicros))
    return {
      id: 'growth',
      title: 'Cost of a request as stores and configuration grow',
      how: `Single adds, all in the same rounds. Few keys: ${few.toLocaleString('en-US')} and those of the measurement itself; a million: copies of a real answer put into the store behind the gateway's back. ${bystanders.toLocaleString('en-US')} lists and clients: configured beside the ones in use.`,
      columns: measuredColumns('requests'),
      rows: measured.map(measuredRow),
      reach: [
        grown('a million keys in Redis', manyKeys, fewKeys),
        grown('a million keys embedded', manyRows, fewRows),
        grown('1,000 lists and 1,000 clients', crowded, fewKeys),
      ],
      figures: measured,
    }
  })
}

function add(
  { port, authorization }: RunningGateway,
  { generator }: Surroundings,
  options: Omit<ClosedOptions, 'port'>,
) {
  return generator.run({ kind: 'add', authorization, account: 'vobiz-in' }, { port, ...options })
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
