import type { CallLog } from '../../domain/call-context.ts'
import { StoreUnavailable } from '../store-port.ts'
import type { Erasures } from './erasures.ts'

/** How often work is looked for while there is any, now or later. */
const lookEveryMs = 1_000
/** While there is none: what others begin is begun to be worked on within this time, less up to a quarter by chance. */
const lookIdlyEveryMs = 10_000
/** After this another worker takes over what one has begun that says nothing any more. */
const leaseMs = 60_000
/** How long the calls of one try may take. */
const deadlineMs = 30_000

export type ErasureWorker = {
  /** Begins nothing more; resolves when what was begun has ended. */
  close(): Promise<void>
}

/**
 * Carries erasures on, one at a time, for as long as it is open. What this process itself begins is not waited for; without
 * any work it hardly wakes up.
 */
export function startErasureWorker(
  erasures: Pick<Erasures, 'workOff' | 'purge' | 'hasWork' | 'onWork'>,
  log: CallLog,
): ErasureWorker {
  let isClosing = false
  let isFirst = true
  let isWanted = false
  let timer: NodeJS.Timeout | undefined
  const contextOf = () => ({ deadlineAt: performance.now() + deadlineMs, log, priority: 'import' as const })
  /** Tells in how many milliseconds to look again. */
  const look = async (): Promise<number> => {
    try {
      if (isFirst) await erasures.purge()
      isFirst = false
      while (!isClosing && (await erasures.workOff(leaseMs, contextOf)));
      return (await erasures.hasWork()) ? lookEveryMs : lookIdlyEveryMs * (1 - Math.random() / 4)
    } catch (error) {
      // That the store is away is told by whoever asks it all the time.
      if (!(error instanceof StoreUnavailable))
        log.error({ event: 'erasure', err: error }, 'An erasure could not be carried on; it is tried again.')
      return lookEveryMs
    }
  }
  let running: Promise<void> | undefined
  const next = () => {
    isWanted = false
    running = look().then((pauseMs) => {
      running = undefined
      if (!isClosing) timer = setTimeout(next, isWanted ? 0 : pauseMs).unref()
    })
  }
  timer = setTimeout(next, 0).unref()
  erasures.onWork(() => {
    isWanted = true
    if (running !== undefined || isClosing) return
    clearTimeout(timer)
    next()
  })
  return {
    async close() {
      isClosing = true
      clearTimeout(timer)
      await running
    },
  }
}
