import { DelayedError, type Job, Worker } from 'bullmq'
import type { Cluster, Redis } from 'ioredis'
import { jobRetryDelayMs } from '../import-lifetimes.ts'
import { toWorkerError } from './worker-error.ts'

export type QueueWorkerOptions<Data> = {
  readonly name: string
  readonly prefix: string
  /** It waits until Redis is back. */
  readonly patient: Redis | Cluster
  /** Jobs at once. */
  readonly concurrency: number
  /** How long a worker may be silent before another one has its job. */
  readonly leaseMs: number
  readonly onError: (error: Error) => void
  /**
   * Works on a job; resolves when it is done with it, or with the time (ms since 1970) at which it is to be worked on again.
   * Once `isClosing`, it should come to an end. Where it throws, the job is tried again.
   */
  work(data: Data, isClosing: () => boolean): Promise<number | undefined>
}

/** How long BullMQ may take, after the running jobs have ended, to part from a Redis that may be away. */
const farewellMs = 2_000

/** Works off a queue of BullMQ, which says who gets a job, and when; what becomes of it is kept elsewhere. */
export function startQueueWorker<Data>(options: QueueWorkerOptions<Data>): { close(): Promise<void> } {
  const { name, prefix, patient, concurrency, leaseMs, onError, work } = options
  const running = new Set<Promise<void>>()
  let closing = false

  const tryOnce = async (job: Job<Data>, token: string | undefined): Promise<void> => {
    try {
      const at = closing ? Date.now() : await work(job.data, () => closing)
      if (at === undefined) return
      await job.moveToDelayed(at, token)
      throw new DelayedError()
    } catch (error) {
      if (error instanceof DelayedError) throw error
      onError(error as Error)
      // What BullMQ keeps of an error must tell nothing of people.
      throw new Error('to be tried again')
    }
  }
  const worker = new Worker<Data>(
    name,
    (job, token) => {
      const done = tryOnce(job, token)
      const settled = done.catch(() => {}).finally(() => running.delete(settled))
      running.add(settled)
      return done
    },
    {
      connection: patient,
      prefix,
      skipVersionCheck: true,
      concurrency,
      lockDuration: leaseMs,
      stalledInterval: Math.ceil(leaseMs / 2),
      // Every death must be survivable.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      runRetryDelay: 1000,
      settings: { backoffStrategy: (attempt) => jobRetryDelayMs(attempt) },
    },
  )
  worker.on('error', (error) => {
    if (!closing) onError(toWorkerError(error))
  })
  return {
    async close() {
      closing = true
      const closed = worker.close()
      await Promise.all(running)
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, farewellMs).unref())])
    },
  }
}
