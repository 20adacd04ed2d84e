import type { Cluster, Redis } from 'ioredis'
import {
  type ImportJob,
  type ImportWorker,
  type JobHandler,
  JobLost,
  type WorkOptions,
} from '../../../services/import-store-port.ts'
import type { RedisConnection } from '../connection.ts'
import { startQueueWorker } from '../queue-worker.ts'
import { startJob } from './held-job.ts'
import { queuePrefix } from './import-keys.ts'
import { type QueuedBlock, queueName } from './import-queues.ts'

export type WorkerConnections = {
  /** For our own scripts: it answers or fails within a second. */
  readonly connection: RedisConnection
  /** For BullMQ: it waits until Redis is back. */
  readonly patient: Redis | Cluster
}

/** Works off the queue of an account. BullMQ says who gets a job, and when; what is done of it is with the import. */
export function startImportWorker(
  { connection, patient }: WorkerConnections,
  account: string,
  handler: JobHandler,
  { concurrency, leaseMs, onError }: WorkOptions,
): ImportWorker {
  /** Tells whether the job is at its end; else it was left because the worker closes. */
  const workOff = async (queued: QueuedBlock, isClosing: () => boolean): Promise<boolean> => {
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
        const stop = isClosing()
        ended = (await held.commit(result, stop ? undefined : markUpTo)) !== 'open'
        return ended || stop ? 'stop' : 'continue'
      },
    })
    try {
      await handled
    } finally {
      if (!ended) await held.leave().catch(() => {})
    }
    if (!ended && !isClosing()) throw new Error(`The handler left block ${block} of an import before its end.`)
    return ended
  }

  return startQueueWorker<QueuedBlock>({
    name: queueName,
    prefix: queuePrefix(account),
    patient,
    concurrency,
    leaseMs,
    onError,
    async work(queued, isClosing) {
      try {
        return (await workOff(queued, isClosing)) ? undefined : Date.now()
      } catch (error) {
        // It is another's now, or nobody's: the queue is told that we are done, and knows better where we are not.
        if (error instanceof JobLost) return undefined
        throw error
      }
    },
  })
}
