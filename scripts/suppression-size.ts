import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { channelBits, type Suppression } from '../src/domain/suppression.ts'
import type { Store } from '../src/services/store-port.ts'
import { openStore } from '../src/store/open-store.ts'

/**
 * How many bytes an entry of the suppression list takes, for docs/operate/capacity.md:
 *
 *     node scripts/suppression-size.ts [entries] [redis://…, an empty one]
 *
 * Without a Redis it is the embedded store.
 */
const [entries = '1000000', redisUrl] = process.argv.slice(2)
const count = Number(entries)
const atOnce = 1_000

/** As they often are: a phone of which a preference centre says that it opted out. */
const entry: Suppression = {
  kind: 'phone',
  hint: '+33••••78',
  channels: channelBits['*'],
  reason: 'opt_out',
  source: 'preference centre',
  note: undefined,
  saidAt: Date.now(),
  createdBy: 'crm',
}

async function fill(store: Store): Promise<number> {
  const started = performance.now()
  for (let made = 0; made < count; made += atOnce) {
    const changes = Array.from({ length: Math.min(atOnce, count - made) }, () => {
      const id = randomBytes(17).toString('base64url').slice(0, 22)
      return { id, before: undefined, after: entry }
    })
    await store.suppressions.replace(changes)
  }
  return performance.now() - started
}

function print(what: string, bytes: number, filledMs: number): void {
  const each = (bytes / count).toFixed(1)
  const total = (bytes / 2 ** 30).toFixed(2)
  process.stdout.write(
    `${what}: ${count} entries, ${each} bytes each, ${total} GiB; filled in ${(filledMs / 1000).toFixed(0)} s\n`,
  )
}

if (redisUrl === undefined) {
  const dataDir = mkdtempSync(join(tmpdir(), 'suppression-size-'))
  const store = await openStore({ dataDir })
  const filledMs = await fill(store)
  // What its log holds goes into the file when it is closed.
  await store.close()
  const bytes = readdirSync(dataDir).reduce((sum, name) => sum + statSync(join(dataDir, name)).size, 0)
  print('SQLite', bytes, filledMs)
  rmSync(dataDir, { recursive: true })
} else {
  const redis = new Redis(redisUrl)
  const usedBytes = async () => Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1])
  const store = await openStore({ redisUrl, dataDir: '' })
  const before = await usedBytes()
  const filledMs = await fill(store)
  print('Redis', (await usedBytes()) - before, filledMs)
  await store.close()
  redis.disconnect()
}
