import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRedisStore } from '../../src/store/redis/redis-store.ts'
import { startRedis } from '../support/redis.ts'
import type { RunningRedis } from '../support/redis-server.ts'

let server: RunningRedis
let admin: Redis
beforeAll(async () => {
  server = await startRedis()
  admin = new Redis(server.url)
  const rights = { all: ['+@all'], 'no-config': ['+@all', '-config'], neither: ['+@all', '-config', '-info'] }
  for (const [name, commands] of Object.entries(rights)) {
    await admin.call('ACL', 'SETUSER', name, 'on', '>password', '~*', ...commands)
  }
})
afterAll(async () => {
  admin.disconnect()
  await server.stop()
})

async function diagnose(user: string): Promise<readonly string[]> {
  const store = openRedisStore({ url: server.url.replace('//', `//${user}:password@`) })
  return store.diagnose().finally(() => store.close())
}

test.for(['all', 'no-config'])('all is well with noeviction, seen by a user with the rights: %s', async (user) => {
  await admin.config('SET', 'maxmemory-policy', 'noeviction')
  expect(await diagnose(user)).toEqual([])
})

test.for(['all', 'no-config'])(
  'another policy is told with its mending, to a user with the rights: %s',
  async (user) => {
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru')
    const [warning, ...more] = await diagnose(user)
    expect(more).toEqual([])
    expect(warning).toContain('allkeys-lru')
    expect(warning).toContain('CONFIG SET maxmemory-policy noeviction')
  },
)

test('a policy that may not be seen is told as such', async () => {
  const [warning, ...more] = await diagnose('neither')
  expect(more).toEqual([])
  expect(warning).toContain('does not tell its maxmemory-policy')
})
