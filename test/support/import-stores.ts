import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from './redis.ts'

/** A store for the imports of one test file, with the environment of a gateway that uses it. */
export type ImportStoreUnderTest = {
  readonly env: Readonly<Record<string, string>>
  /** Where its gateways spool uploads. */
  readonly uploadFolder: string
  close(): Promise<void>
}

/**
 * Both stores, for `describe.each`. The Redis is the test's own: the workers of two gateways on one Redis share the
 * queues of accounts of the same name, so that one would work off the other's imports.
 */
export const importStores: [name: string, open: () => Promise<ImportStoreUnderTest>][] = [
  ['SQLite', async () => openFolder({})],
  [
    'Redis',
    async () => {
      const redis = await startRedis()
      const folder = openFolder({ REDIS_URL: redis.url })
      return { ...folder, close: () => Promise.all([redis.stop(), folder.close()]).then(() => undefined) }
    },
  ],
]

function openFolder(env: Readonly<Record<string, string>>): ImportStoreUnderTest {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-imports-'))
  return {
    env: { ...env, DATA_DIR: folder },
    uploadFolder: join(folder, 'uploads'),
    close: async () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}
