import { Redis } from 'ioredis'
import type { TestProject } from 'vitest/node'
import { build } from '../../scripts/build.ts'
import { fillCompileCache } from './fill-compile-cache.ts'
import { describeSource, findRedisSource, findServerSource, startFrom } from './redis-source.ts'

/**
 * Finds a Redis for the tests (`TEST_REDIS_URL`, Docker, a `redis-server` on the PATH, Debian's package: in this order),
 * says in one line which, and hands its URL to the test files. Without one the run fails: no test is ever skipped. Builds what
 * tests start as processes.
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const isNew = await build()
  const given = process.env.TEST_REDIS_URL
  if (given) {
    project.provide('redisUrl', given)
    announce('TEST_REDIS_URL', await serverVersion(given))
    // Tests that kill a server need one of their own all the same; they, not the run, fail where there is none.
    project.provide('redisSource', await findServerSource().catch((error: Error) => error.message))
    return undefined
  }
  const source = await findRedisSource()
  const server = await startFrom(source, {})
  project.provide('redisUrl', server.url)
  project.provide('redisSource', await findServerSource())
  announce(describeSource(source), await serverVersion(server.url))
  if (isNew) await fillCompileCache(source)
  return () => server.stop()
}

function announce(way: string, version: string): void {
  console.log(`Redis for the tests: ${way} (version ${version})`)
}

async function serverVersion(url: string): Promise<string> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2_000 })
  redis.on('error', () => {})
  try {
    await redis.connect()
    return /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? 'unknown'
  } catch {
    throw new Error('The Redis of the tests does not answer. Is TEST_REDIS_URL right, or unset?')
  } finally {
    redis.disconnect()
  }
}
