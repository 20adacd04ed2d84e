import { type RedisSource, startFrom } from './redis-source.ts'
import { spawnGateway } from './start-process.ts'

/**
 * Starts the gateway on each store, which keeps what it has compiled for all the others: those that are started together
 * would each compile everything.
 */
export async function fillCompileCache(source: RedisSource): Promise<void> {
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
