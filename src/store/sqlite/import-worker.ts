import { type ImportWorker, type JobHandler, JobLost, type WorkOptions } from '../../services/import-store-port.ts'
import { retryWhileAway } from '../retry-while-away.ts'
import type { HeldJob, ImportJobs } from './import-jobs.ts'
import type { LogSync } from './sync-log.ts'

/** How often the worker looks for jobs that another process has published or given up. */
const pollMs = 1000

/** What wakes the workers of this process when there may be jobs. */
export type Wakers = Set<() => void>

/** SQLite works in this thread: where one call may follow another at once, whatever else waits goes first. */
export function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Works off an account's jobs, a few at a time, with a lease on each that is renewed while its handler runs. */
export function startImportWorker(
  jobs: ImportJobs,
  log: Pick<LogSync, 'synced'>,
  wakers: Wakers,
  account: string,
  handler: JobHandler,
  { concurrency, leaseMs, onError }: WorkOptions,
): ImportWorker {
  const running = new Map<HeldJob, Promise<void>>()
  let closing = false

  const look = () => {
    tell(() => {
      while (!closing && running.size < concurrency) {
        const job = jobs.claim(account, leaseMs)
        if (job === undefined) return
        running.set(job, run(job))
      }
    })
  }

  const run = async (job: HeldJob): Promise<void> => {
    let isSending = false
    const sends = (now: boolean) => {
      isSending = now
    }
    try {
      // Not before `running` has it.
      await undefined
      const ended = await workOff(job, sends)
      if (!ended) jobs.giveBack(job, job.wasLeft || isSending)
    } catch (error) {
      if (!(error instanceof JobLost)) {
        onError(error as Error)
        tell(() => jobs.retryLater(job, job.wasLeft || isSending))
      }
    }
    running.delete(job)
    for (const wake of wakers) wake()
  }

  /** Tells whether the job is at its end; else it was left because of `closing`. */
  const workOff = async (held: HeldJob, sends: (now: boolean) => void): Promise<boolean> => {
    const { importId, block, committed, marked, wasLeft, payload } = held
    let ended = false
    let last = committed
    await handler({ importId, account, block, committed, markedUpTo: marked, wasLeft }, payload, {
      sending: () => sends(true),
      mark: async (upTo) => {
        jobs.mark(held, upTo)
        await log.synced()
      },
      commit: async (result, markUpTo) => {
        // Decided before the commit: what is marked has to be sent.
        const stop = closing
        const mark = stop ? undefined : markUpTo
        if (result.upTo !== last) {
          // The rows have been sent: what became of them must not be lost to a hiccup of the store.
          ended = (await retryWhileAway(leaseMs, async () => jobs.commit(held, leaseMs, result, mark))) !== 'open'
          last = result.upTo
          sends(false)
        }
        if (mark !== undefined && !ended) await retryWhileAway(leaseMs, () => log.synced())
        await othersTurn()
        return ended || stop ? 'stop' : 'continue'
      },
    })
    if (!ended && !closing) throw new Error(`The handler left block ${block} of an import before its end.`)
    return ended
  }

  const tell = (work: () => void) => {
    try {
      work()
    } catch (error) {
      onError(error as Error)
    }
  }

  const polling = setInterval(look, Math.min(pollMs, leaseMs / 2)).unref()
  const renewing = setInterval(() => {
    if (running.size > 0) tell(() => jobs.renew(running.keys(), leaseMs))
  }, leaseMs / 3).unref()
  wakers.add(look)
  setImmediate(look)

  return {
    async close() {
      closing = true
      wakers.delete(look)
      clearInterval(polling)
      await Promise.all(running.values())
      clearInterval(renewing)
    },
  }
}
