import { onTestFinished } from 'vitest'
import { startRedis } from './redis.ts'
import type { FleetOptions } from './start-fleet.ts'

/** The stores that several processes can share, for `test.each`: opened for the running test and gone after it. */
export const sharedStores: [name: string, open: () => Promise<Pick<FleetOptions, 'redisUrl'>>][] = [
  [
    'Redis',
    async () => {
      const redis = await startRedis({ appendOnly: true })
      onTestFinished(() => redis.stop())
      return { redisUrl: redis.url }
    },
  ],
  ['one SQLite file', async () => ({})],
]
