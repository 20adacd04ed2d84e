import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type RedisSource, startFrom } from './redis-source.ts'
import { spawnGateway } from './start-process.ts'

const cache = join(import.meta.dirname, '../../node_modules/.cache/contact-gateway')

/**
 * In a fresh checkout the gateway is started on each store, and told to end: what it has compiled is kept then for all the
 * others. Tests mostly kill theirs, which leave nothing, so that each would compile everything anew.
 */
export async function fillCompileCache(source: RedisSource): Promise<void> {
  if (existsSync(cache)) return
  const usual = { PORT: '0', DATA_DIR: ':memory:', DRAIN_DELAY_MS: '0' }
  const redis = await startFrom(source, {})
  const startAndEnd = async (env: Readonly<Record<string, string>>) => {
    const { child, ended, printed } = spawnGateway({ ...usual, ...env })
    await printed(/"event":"listening"/, 50_000)
    child.kill('SIGTERM')
    await ended
  }
  await Promise.all([startAndEnd({}), startAndEnd({ REDIS_URL: redis.url })]).finally(redis.stop)
}
