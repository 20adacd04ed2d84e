import type { CallLog } from '../../domain/call-context.ts'
import { StoreUnavailable } from '../store-port.ts'
import type { Erasures } from './erasures.ts'

/** How often work is looked for. */
const lookEveryMs = 1_000
/** After this another worker takes over what one has begun that says nothing any more. */
const leaseMs = 60_000
/** How long the calls of one try may take. */
const deadlineMs = 30_000

export type ErasureWorker = {
  /** Begins nothing more; resolves when what was begun has ended. */
  close(): Promise<void>
}

/** Carries erasures on, one at a time, for as long as it is open. */
export function startErasureWorker(
  erasures: Pick<Erasures, 'workOff' | 'purge'>,
  log: CallLog,
  everyMs: number = lookEveryMs,
): ErasureWorker {
  let isClosing = false
  let isFirst = true
  let timer: NodeJS.Timeout | undefined
  const contextOf = () => ({ deadlineAt: performance.now() + deadlineMs, log, priority: 'import' as const })
  const look = async () => {
    try {
      if (isFirst) await erasures.purge()
      isFirst = false
      while (!isClosing && (await erasures.workOff(leaseMs, contextOf)));
    } catch (error) {
      // That the store is away is told by whoever asks it all the time.
      if (!(error instanceof StoreUnavailable))
        log.error({ event: 'erasure', err: error }, 'An erasure could not be carried on; it is tried again.')
    }
    if (!isClosing) timer = setTimeout(next, everyMs).unref()
  }
  let running = Promise.resolve()
  const next = () => {
    running = look()
  }
  timer = setTimeout(next, 0).unref()
  return {
    async close() {
      isClosing = true
      clearTimeout(timer)
      await running
    },
  }
}
