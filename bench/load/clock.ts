import { Worker } from 'node:worker_threads'

/** Milliseconds of the machine's monotonic clock: the same in all threads and processes, unlike `performance.now()`. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1_000_000
}

/** So many moments, of which the first is at `startsAt`. */
export type Moments = { readonly startsAt: number; readonly perSecond: number; readonly count: number }

export function momentOf({ startsAt, perSecond }: Pick<Moments, 'startsAt' | 'perSecond'>, n: number): number {
  return startsAt + (n * 1_000) / perSecond
}

/**
 * Calls `onDue` at each of some moments, some 0.1 ms after it; where the process was held up, once for several. A thread of
 * its own waits for them: timers of an event loop are up to a millisecond late.
 */
export async function atMoments(
  { perSecond, count }: Omit<Moments, 'startsAt'>,
  onDue: (startsAt: number) => void,
): Promise<Worker> {
  const worker = new Worker(new URL('./wake-at-moments.ts', import.meta.url))
  await new Promise((resolve) => worker.once('message', resolve))
  const startsAt = now() + leadMs
  worker.on('message', () => onDue(startsAt))
  worker.postMessage({ startsAt, perSecond, count } satisfies Moments)
  return worker
}

/** Until the first moment: the thread has it by then. */
const leadMs = 20
