import { onTestFinished } from 'vitest'
import { startRedis } from './redis.ts'
import type { FleetOptions } from './start-fleet.ts'

type Close = () => Promise<void>
type Open = (whenDone?: (close: Close) => void) => Promise<Pick<FleetOptions, 'redisUrl'>>

/**
 * The stores that several processes can share, for `test.each`: opened for the running test and gone after it, unless
 * `whenDone` keeps what closes them for later.
 */
export const sharedStores: [name: string, open: Open][] = [
  [
    'Redis',
    async (whenDone = onTestFinished) => {
      const redis = await startRedis({ appendOnly: true })
      whenDone(() => redis.stop())
      return { redisUrl: redis.url }
    },
  ],
  ['one SQLite file', async () => ({})],
]
