import { randomUUID } from 'node:crypto'
import { type ChunkResult, type ImportState, isUnfinished, JobLost } from '../../services/import-store-port.ts'
import { endedLifetime, importLifetimes, jobRetryDelayMs } from '../import-lifetimes.ts'
import { countedCodes } from '../import-losses.ts'
import { countedRows, wrongChunk } from '../import-progress.ts'
import type { Database } from './database.ts'
import { endOfImport, eventLeaver } from './events/outbox.ts'
import { importJobStatements, type StoredJob } from './import-job-statements.ts'
import { importStatements } from './import-statements.ts'
import { toStoreError } from './store-error.ts'

/** A job that is ours until its lease is over and another takes it. */
export type HeldJob = Omit<StoredJob, 'rows'> & { readonly owner: string; readonly payload: Buffer }

/** How a job stands. */
type Standing = 'open' | 'done' | 'canceled'

export type ImportJobs = ReturnType<typeof importJobs>

/** What workers do with jobs, each in one transaction. They fail with `StoreUnavailable`, or with `JobLost`. */
export function importJobs(database: Database, now: () => number) {
  const imports = importStatements(database.connection)
  const jobs = importJobStatements(database.connection)
  const leave = eventLeaver(database.connection)
  // Where a loss of power takes commits back, the marks say what may have been sent: who makes one waits for the disk.
  const write = <T>(work: () => T): T => {
    try {
      return database.write('written', work)
    } catch (error) {
      throw toStoreError(error)
    }
  }

  const held = ({ id, owner }: Pick<HeldJob, 'id' | 'owner'>): StoredJob => {
    const job = jobs.findHeld(id, owner)
    if (job === undefined) throw new JobLost('Another worker has the job, or the import is gone.')
    return job
  }

  /** The next job whose import goes on; those of others are cleared away. */
  const nextJob = (account: string, at: number): { job: Omit<StoredJob, 'rows'>; state: ImportState } | undefined => {
    for (let looked = 0; looked < 100; looked += 1) {
      const job = jobs.findFree(account, at)
      if (job === undefined) return undefined
      const state = imports.find(job.importId, at)?.state()
      if (state !== undefined && isUnfinished(state.status)) return { job, state }
      jobs.end(job)
    }
    return undefined
  }

  /** Counts a chunk; tells how the job stands afterwards. */
  const count = (job: StoredJob, leaseMs: number, result: ChunkResult, markUpTo: number | undefined): Standing => {
    const at = now()
    const counts = countedRows(result)
    const losses = countedCodes(result)
    const sum = counts.reduce((total, [, rows]) => total + rows, 0)
    const state = imports.find(job.importId, at)?.state()
    if (state === undefined) throw new JobLost('The import is gone.')
    if (sum === 0 || result.upTo - job.committed !== sum || result.upTo > job.rows) throw wrongChunk(result)
    imports.addCounts(job.importId, job.accountNumber, counts)
    imports.addLosses(job.importId, job.accountNumber, losses)
    if (result.report.length > 0) jobs.addReport(job, result.report)
    const done = result.upTo === job.rows
    const running = isUnfinished(state.status)
    if (done || !running) jobs.end(job)
    else jobs.advance(job.id, result.upTo, markUpTo, at + leaseMs)
    imports.change(state.id, ...afterChunk(state, at))
    return running ? (done ? 'done' : 'open') : 'canceled'
  }

  /** The status that an import has after a chunk, and until when it is kept; its end leaves an event. */
  const afterChunk = (state: ImportState, at: number): [ImportState, number] => {
    if (!isUnfinished(state.status)) return [state, at + endedLifetime(state)]
    if (jobs.hasJobs(state.id)) return [state, at + importLifetimes.unfinished]
    const status = imports.hasErrors(state.id) ? 'completed_with_errors' : 'completed'
    leave(endOfImport(state, at))
    return [{ ...state, status, finishedAt: new Date(at).toISOString() }, at + endedLifetime(state)]
  }

  return {
    /** The job whose turn it is, from now on ours; its import is running from now on. */
    claim(account: string, leaseMs: number): HeldJob | undefined {
      return write(() => {
        const at = now()
        const next = nextJob(account, at)
        if (next === undefined) return undefined
        const { job, state } = next
        const owner = randomUUID()
        jobs.take(job.id, owner, at + leaseMs)
        if (state.status === 'queued') {
          const startedAt = new Date(at).toISOString()
          imports.change(state.id, { ...state, status: 'running', startedAt }, at + importLifetimes.unfinished)
        }
        const payload = jobs.findBlock(job.importId, job.block)
        if (payload === undefined) throw new Error('A block of an import is gone.')
        return { ...job, owner, payload }
      })
    },
    mark(job: HeldJob, upTo: number): void {
      write(() => jobs.mark(held(job).id, upTo))
    },
    commit(job: HeldJob, leaseMs: number, result: ChunkResult, markUpTo: number | undefined): Standing {
      return write(() => count(held(job), leaseMs, result, markUpTo))
    },
    renew(running: Iterable<HeldJob>, leaseMs: number): void {
      write(() => {
        for (const { id, owner } of running) jobs.renew(id, owner, now() + leaseMs)
      })
    },
    /** What is left of the job is free at once. `wasLeft`: rows may have been sent that are not committed. */
    giveBack({ id, owner }: HeldJob, wasLeft: boolean): void {
      write(() => jobs.free(id, owner, { freeAt: 0, failures: 0, wasLeft }))
    },
    /** It is free after a pause, the longer the more often it has failed since its last commit. */
    retryLater({ id, owner }: HeldJob, wasLeft: boolean): void {
      write(() => {
        const tries = jobs.findHeld(id, owner)?.tries ?? 0
        jobs.free(id, owner, { freeAt: now() + jobRetryDelayMs(tries + 1), failures: 1, wasLeft })
      })
    },
  }
}
