import { type Job, type JobsOptions, Queue } from 'bullmq'
import type { Cluster, Redis } from 'ioredis'
import type { ImportRecord } from '../../../services/import-store-port.ts'
import { importLifetimes } from '../../import-lifetimes.ts'
import type { RedisConnection } from '../connection.ts'
import { runScript } from '../scripts.ts'
import { jobIdOf, queuePrefix, turnsKey } from './import-keys.ts'

/** What a job carries: the rest is with the import, whose accounts are numbered in the order of its record. */
export type QueuedBlock = { readonly importId: string; readonly accountNumber: number; readonly block: number }

export type ImportQueues = {
  /** Puts blocks of an import into the queue of one of its accounts; those that are there already stay as they are. */
  add(record: ImportRecord, accountNumber: number, blocks: readonly number[]): Promise<void>
  /** Which of the blocks are not in the queue of an account. */
  missing(account: string, importId: string, blocks: readonly number[]): Promise<readonly number[]>
  close(): Promise<void>
}

/** The name of each queue: what tells them apart is their prefix. */
export const queueName = 'jobs'

/** One transaction of the server, well within what a connection waits. */
const jobsPerStep = 100

/** BullMQ's highest priority number, which is taken last. */
const lastPriority = 2_097_151

const jobOptions = {
  removeOnComplete: true,
  removeOnFail: true,
  // For ever: a job may only end when its rows have an outcome.
  attempts: Number.MAX_SAFE_INTEGER,
  backoff: { type: 'capped' },
  stackTraceLimit: 0,
} satisfies JobsOptions

/** The queues of BullMQ, one for each account, as who publishes sees them. */
export function openImportQueues(connection: RedisConnection): ImportQueues {
  const queues = new Map<string, Queue<QueuedBlock>>()
  const queueOf = (account: string) => {
    const known = queues.get(account)
    if (known !== undefined) return known
    const queue = new Queue<QueuedBlock>(queueName, {
      connection: connection.client,
      prefix: queuePrefix(account),
      // Its INFO may be forbidden, and what it would warn of we tell ourselves.
      skipVersionCheck: true,
      streams: { events: { maxLen: 100 } },
    })
    // The calls themselves fail with them.
    queue.on('error', () => {})
    queues.set(account, queue)
    return queue
  }

  /** Each job's priority is its turn: the first of a client's, the first of another's, the second … */
  const takeTurns = async (queue: Queue<QueuedBlock>, account: string, client: string, count: number) => {
    const [next] = await connection.run(() => queue.getPrioritized(0, 0))
    const parts = [client, count, turnOf(next), importLifetimes.unfinished, lastPriority]
    return Number(await connection.run((redis) => runScript(redis, 'import-turns', turnsKey(account), ...parts)))
  }

  return {
    async add({ id, client, accounts }, accountNumber, blocks) {
      const account = accounts[accountNumber]
      if (account === undefined || blocks.length === 0) return
      const queue = queueOf(account)
      const first = await takeTurns(queue, account, client, blocks.length)
      const jobs = blocks.map((block, index) => ({
        name: 'block',
        data: { importId: id, accountNumber, block },
        opts: { ...jobOptions, jobId: jobIdOf(id, block), priority: Math.min(first + index, lastPriority) },
      }))
      for (const step of inSteps(jobs)) await connection.run(() => queue.addBulk(step))
    },
    async missing(account, importId, blocks) {
      const queue = queueOf(account)
      const missing: number[] = []
      for (const step of inSteps(blocks)) {
        const keys = step.map((block) => queue.toKey(jobIdOf(importId, block)))
        const found = await connection.run((redis) => existing(redis, keys))
        missing.push(...step.filter((_block, index) => found[index] === 0))
      }
      return missing
    },
    async close() {
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()))
    },
  }
}

function turnOf(job: Job<QueuedBlock> | undefined): number {
  return job?.priority ?? 0
}

function existing(redis: Redis | Cluster, keys: readonly string[]): Promise<number[]> {
  return Promise.all(keys.map((key) => redis.exists(key)))
}

function* inSteps<T>(items: readonly T[]): Generator<T[]> {
  for (let at = 0; at < items.length; at += jobsPerStep) yield items.slice(at, at + jobsPerStep)
}
