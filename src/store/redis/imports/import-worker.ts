import { DelayedError, type Job, Worker } from 'bullmq'
import type { Cluster, Redis } from 'ioredis'
import {
  type ImportJob,
  type ImportWorker,
  type JobHandler,
  JobLost,
  type WorkOptions,
} from '../../../services/import-store-port.ts'
import { jobRetryDelayMs } from '../../import-lifetimes.ts'
import type { RedisConnection } from '../connection.ts'
import { toWorkerError } from '../worker-error.ts'
import { startJob } from './held-job.ts'
import { queuePrefix } from './import-keys.ts'
import { type QueuedBlock, queueName } from './import-queues.ts'

export type WorkerConnections = {
  /** For our own scripts: it answers or fails within a second. */
  readonly connection: RedisConnection
  /** For BullMQ: it waits until Redis is back. */
  readonly patient: Redis | Cluster
}

/** How long BullMQ may take, after the running jobs have ended, to part from a Redis that may be away. */
const farewellMs = 2000

/** Works off the queue of an account. BullMQ says who gets a job, and when; what is done of it is with the import. */
export function startImportWorker(
  { connection, patient }: WorkerConnections,
  account: string,
  handler: JobHandler,
  { concurrency, leaseMs, onError }: WorkOptions,
): ImportWorker {
  const running = new Set<Promise<void>>()
  let closing = false

  const giveBack = async (job: Job<QueuedBlock>, token: string | undefined): Promise<never> => {
    await job.moveToDelayed(Date.now(), token)
    throw new DelayedError()
  }

  const process = async (job: Job<QueuedBlock>, token: string | undefined): Promise<void> => {
    if (closing) return giveBack(job, token)
    const ended = await workOff(job.data)
    if (!ended) return giveBack(job, token)
  }

  /** Tells whether the job is at its end; else it was left because of `closing`. */
  const workOff = async (queued: QueuedBlock): Promise<boolean> => {
    const held = await startJob(connection, queued, leaseMs)
    if (held === undefined) return true
    const { importId, block } = queued
    const { payload, committed, markedUpTo, wasLeft } = held
    const job: ImportJob = { importId, account, block, committed, markedUpTo, wasLeft }
    let ended = false
    const handled = handler(job, payload, {
      sending: held.sending,
      mark: (upTo) => held.mark(upTo),
      commit: async (result, markUpTo) => {
        // Decided before the commit: what is marked has to be sent.
        const stop = closing
        ended = (await held.commit(result, stop ? undefined : markUpTo)) !== 'open'
        return ended || stop ? 'stop' : 'continue'
      },
    })
    try {
      await handled
    } finally {
      if (!ended) await held.leave().catch(() => {})
    }
    if (!ended && !closing) throw new Error(`The handler left block ${block} of an import before its end.`)
    return ended
  }

  const tryToWorkOff = async (job: Job<QueuedBlock>, token: string | undefined): Promise<void> => {
    try {
      await process(job, token)
    } catch (error) {
      if (error instanceof DelayedError) throw error
      // It is another's now, or nobody's: the queue is told that we are done, and knows better where we are not.
      if (error instanceof JobLost) return
      onError(error as Error)
      // What BullMQ keeps of an error must tell nothing of the rows.
      throw new Error('to be tried again')
    }
  }

  const worker = new Worker<QueuedBlock>(
    queueName,
    (job, token) => {
      const done = tryToWorkOff(job, token)
      const settled = done.catch(() => {}).finally(() => running.delete(settled))
      running.add(settled)
      return done
    },
    {
      connection: patient,
      prefix: queuePrefix(account),
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
