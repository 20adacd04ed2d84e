import type { ImportWait } from '../domain/explain-import.ts'
import type { OutcomeStatus } from '../domain/outcome.ts'

/**
 * What bulk imports need of a store. Like the stores of store-port.ts it has two implementations under one conformance
 * suite; every method fails with `StoreUnavailable` when the store cannot be reached.
 *
 * An import is cut into blocks of rows. Each block is one job at each of the import's accounts; within a job, rows are
 * sent in chunks, one after the other, and each chunk is committed with its counts in one atomic step.
 */

export type { ImportWait }

export const importStatuses = ['queued', 'running', 'completed', 'completed_with_errors', 'failed', 'canceled'] as const
export type ImportStatus = (typeof importStatuses)[number]

/** Why rows are skipped at an account. */
export const skipReasons = [
  'suppressed',
  'duplicateInFile',
  'alreadyThere',
  'notForThisTarget',
  'otherAccount',
  'validateOnly',
] as const
export type SkipReason = (typeof skipReasons)[number]

/** True while rows are to be sent; `undefined` and `null` stand for an import that is not there. */
export function isUnfinished(status: string | null | undefined): boolean {
  return status === 'queued' || status === 'running'
}

const hourMs = 3_600_000

/** How long an import is kept that has ended, with its reports, in ms: one that checked its rows alone is kept for a day. */
export function keptAfterEnd({ validateOnly }: Pick<ImportRecord, 'validateOnly'>): number {
  return (validateOnly ? 24 : 7 * 24) * hourMs
}

/** What does not change after the upload. `options` and `format` are the imports layer's own, as JSON. */
export type ImportRecord = {
  readonly id: string
  readonly client: string
  readonly listId: string
  readonly accounts: readonly string[]
  readonly validateOnly: boolean
  readonly options: unknown
  /** What a report needs of the file: delimiter, header, warnings of the header. */
  readonly format: unknown
  /** RFC 3339, UTC. */
  readonly createdAt: string
  /** Id of the request that it came with; absent in imports of earlier versions. */
  readonly request?: string | undefined
}

/** How often each code was warned of. */
export type CodeCounts = Readonly<Record<string, number>>

/** Rows by state; with `pending` they add up to the import's rows at every moment. */
export type ImportCounts = Readonly<Record<OutcomeStatus, number>>

export type ImportState = ImportRecord & {
  readonly status: ImportStatus
  readonly rows: number
  readonly blocks: number
  readonly progress: Readonly<Record<string, ImportCounts & { readonly pending: number }>>
  /** What rows lost, had left open or would have lost, by account, for those that have any. */
  readonly losses: Readonly<Record<string, CodeCounts>>
  /** The same of rows that were skipped. */
  readonly skippedBecause: Readonly<Record<string, CodeCounts>>
  /** Attempts at providers by account, each by operation and result with a blank between. */
  readonly calls: Readonly<Record<string, CodeCounts>>
  /** By account, what they waited for (`ImportWait`), added up. */
  readonly waitedMs: Readonly<Record<string, CodeCounts>>
  readonly startedAt: string | undefined
  readonly finishedAt: string | undefined
  /** Grows with every change that a reader can see; the id of an event. */
  readonly version: number
}

/** An import that is being uploaded: invisible to readers, and gone by itself after an hour. */
export type ImportDraft = {
  /**
   * Blocks come in order from 0. `payload` is kept as it is (the caller compresses it); `rows` is how many rows it holds,
   * at least one. Applies back-pressure.
   */
  appendBlock(payload: Buffer, rows: number): Promise<void>
  /**
   * Makes the import durable and visible as `queued`, and puts its jobs into the queues. Without rows it is `completed`.
   * After a `StoreUnavailable` it may be published all the same: `discard` takes it back.
   */
  publish(): Promise<void>
  /** Takes back everything. */
  discard(): Promise<void>
}

/** One block at one account, held by one worker at a time. */
export type ImportJob = {
  readonly importId: string
  readonly account: string
  readonly block: number
  /** Rows of the block before this index are committed. */
  readonly committed: number
  /** Up to here the rows after `committed` may have been sent by an earlier try that died or threw; `undefined`: none were. */
  readonly markedUpTo: number | undefined
  /**
   * An earlier try died, or threw after `sending`, so that any row after `committed` may have been sent of those that need no
   * mark: nobody knows how far it was.
   */
  readonly wasLeft: boolean
}

/**
 * What became of a chunk: rows from the job's last commit up to `upTo` (exclusive), by index in the block. The counts add
 * up to the rows of the chunk.
 */
export type ChunkResult = {
  readonly upTo: number
  readonly counts: Partial<ImportCounts>
  /** Warnings of the chunk's rows by code: of those that were skipped, and of all others. */
  readonly losses: CodeCounts
  /** By `SkipReason`; they add up to the rows that were skipped. */
  readonly skippedBecause: CodeCounts
  /** Attempts that were made for the chunk, by operation and result with a blank between. */
  readonly calls: CodeCounts
  /** What they waited for, in whole milliseconds. */
  readonly waitedMs: Readonly<Partial<Record<ImportWait, number>>>
  /** What reports show of the rows that did not get in: the imports layer's own form, for this chunk; empty = none. */
  readonly report: Buffer
}

/** How a worker holds a job. All fail with `JobLost` when another worker has it, or the import is gone. */
export type JobLease = {
  /** Before a chunk goes out, where a second send would do harm: rows up to `upTo` may have been sent. One round trip. */
  mark(upTo: number): Promise<void>
  /** Rows go out that need no mark. It takes no round trip: where the try ends before their commit, the next one is told. */
  sending(): void
  /**
   * One atomic step: the counts, the losses, the report, how far the block is done, and a mark (`markUpTo`) for the
   * chunk that comes next, unless the answer is `stop`. The same chunk again, from a worker that is not sure that the
   * first call arrived, changes nothing. `stop`: nothing more is to be sent, because the block is at its end, the
   * import was canceled, or the worker is closing.
   */
  commit(result: ChunkResult, markUpTo?: number): Promise<'continue' | 'stop'>
}

export class JobLost extends Error {
  override readonly name = 'JobLost'
}

/**
 * Works off one block at one account until `commit` says `stop`, or throws; it is then tried again, here or elsewhere, for
 * as long as the import is kept, each time after a longer pause (up to 30 s).
 */
export type JobHandler = (job: ImportJob, payload: Buffer, lease: JobLease) => Promise<void>

export type ImportWorker = {
  /**
   * No new job; resolves when the running ones have ended at their next commit. Their remaining rows are free at once.
   */
  close(): Promise<void>
}

/** What waits, of all clients. It is the same for every process on the store. */
export type ImportBacklog = {
  readonly queued: number
  readonly running: number
  /** Rows without an outcome, by account, for those that have any. */
  readonly rows: ReadonlyMap<string, number>
}

/**
 * Room that a client has for one more import, from before its file is read until it is published under the place's id. It
 * runs out by itself when it is not renewed within `placeLeaseMs`: who had it is dead then.
 */
export type ImportPlace = {
  /** Of the import that takes it. */
  readonly id: string
  /** Imports that had ended, and were deleted to make room. */
  readonly deleted: readonly string[]
  renew(): Promise<void>
  /** Does nothing once the import is published. */
  giveBack(): Promise<void>
}

/** How long a place is kept, in ms. */
export const placeLeaseMs = 60_000

export type PlaceLimits = {
  /** Imports that are unfinished or come in. */
  readonly most: number
  /** What comes in, and what may be kept of the client in all. */
  readonly bytes: number
  readonly mostBytes: number
}

/** What is to stand in the place of some bytes; `undefined`: they stay. Asked again where they have changed meanwhile. */
export type Rewrite = (bytes: Buffer) => Promise<Buffer | undefined>
export type RewriteReport = (report: Buffer, account: string) => Promise<Buffer | undefined>

export type ImportStore = {
  /**
   * Takes a place, in one atomic step, if the client has one left: `imports` when too many are unfinished or come in,
   * `bytes` when there would be too much of them even if all that have ended were deleted, which go first, the oldest first.
   */
  takePlace(client: string, limits: PlaceLimits): Promise<ImportPlace | 'imports' | 'bytes'>
  /**
   * The places of all clients that are taken: their files come in, or are looked at. One whose holder died is among them for
   * up to twice `placeLeaseMs`; one that was given back is not.
   */
  comingIn(): Promise<readonly string[]>
  begin(record: ImportRecord): Promise<ImportDraft>
  get(id: string): Promise<ImportState | undefined>
  /** One that has ended and whose event waits to be carried, as it was at its end: also where it was deleted since. */
  getUntold(id: string): Promise<ImportState | undefined>
  /** The client's imports, or those of all, newest first; `after` is the id of the last one of the page before. */
  list(client: string | undefined, limit: number, after: string | undefined): Promise<readonly ImportState[]>
  /**
   * Deletes an import that has ended, with all that is kept of it; what its event tells goes with that. False: it has not
   * ended, or there is none.
   */
  remove(id: string): Promise<boolean>
  /** How many imports of the client are queued or running. */
  countUnfinished(client: string): Promise<number>
  /** What waits now; for who looks now and then. */
  backlog(): Promise<ImportBacklog>
  /** Queued or running becomes `canceled`; jobs end at their next commit. False: it had ended before. */
  cancel(id: string): Promise<boolean>
  /** The block's payload, while the import is kept and has anything to report for the block. */
  readBlock(id: string, block: number): Promise<Buffer | undefined>
  /** The reports of a block, by account, each in the order of its commits. */
  readReports(id: string, block: number): Promise<ReadonlyMap<string, readonly Buffer[]>>
  /** The blocks that have reports, in ascending order, from `from` on, at most `limit`. */
  blocksWithReports(id: string, from: number, limit: number): Promise<readonly number[]>
  /** Puts another payload in the place of a block's, while there is one. The rows are as many as before; counts stay. */
  rewriteBlock(id: string, block: number, change: Rewrite): Promise<void>
  /** The same for each report of a block that is there now. */
  rewriteReports(id: string, block: number, change: RewriteReport): Promise<void>
  /**
   * Works off an account's jobs, `concurrency` at a time, in a round robin over clients, until closed. A job whose
   * worker died is given to another within about twice `leaseMs`.
   */
  work(account: string, handler: JobHandler, options: WorkOptions): ImportWorker
}

export type WorkOptions = {
  readonly concurrency: number
  readonly leaseMs: number
  /** Told of a job that threw, or of a store that cannot be reached; holds no secret. */
  readonly onError: (error: Error) => void
}
