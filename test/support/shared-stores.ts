import { onTestFinished } from 'vitest'
import { isLongRun } from './long-run.ts'
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

/**
 * What is tried in several processes on each of them, at a second of the machine for each start: everyday on one, which every
 * file draws anew. `LONG_RUN=1`: on both. `TEST_STORE=SQLite`: on those whose name has this.
 */
export const drawnStores: typeof sharedStores = drawStores()

function drawStores(): typeof sharedStores {
  const { TEST_STORE: wanted } = process.env
  if (wanted !== undefined) return sharedStores.filter(([name]) => name.includes(wanted))
  return isLongRun ? sharedStores : sharedStores.slice(Math.random() < 0.5 ? 0 : 1).slice(0, 1)
}
