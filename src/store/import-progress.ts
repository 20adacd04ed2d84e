import { type OutcomeStatus, outcomeStatuses } from '../domain/outcome.ts'
import type { ChunkResult, ImportState } from '../services/import-store-port.ts'

/** The rows of each account by state. What has no outcome is pending: so they add up however they were read. */
export function importProgress(
  accounts: readonly string[],
  rows: number,
  countOf: (accountNumber: number, status: OutcomeStatus) => number,
): ImportState['progress'] {
  const progressOf = (number: number) => {
    const counts = Object.fromEntries(outcomeStatuses.map((status) => [status, countOf(number, status)]))
    const settled = Object.values(counts).reduce((sum, count) => sum + count, 0)
    return { ...(counts as Record<OutcomeStatus, number>), pending: rows - settled }
  }
  return Object.fromEntries(accounts.map((account, number) => [account, progressOf(number)]))
}

/** The counts of a chunk that are not zero, checked to be numbers of rows. */
export function countedRows({ counts }: ChunkResult): readonly (readonly [OutcomeStatus, number])[] {
  return outcomeStatuses.flatMap((status) => {
    const rows = counts[status] ?? 0
    if (!Number.isInteger(rows) || rows < 0) throw new RangeError(`${rows} rows cannot be ${status}`)
    return rows === 0 ? [] : [[status, rows] as const]
  })
}

/** Fails for what is no number of rows: a block must hold some. */
export function checkRows(rows: number): void {
  if (!Number.isInteger(rows) || rows < 1) throw new RangeError(`a block cannot have ${rows} rows`)
}

/** The error of a commit whose rows are not those that come next, or whose counts do not add up to them. */
export function wrongChunk({ upTo }: ChunkResult): Error {
  return new RangeError(
    `The counts of a chunk up to row ${upTo} of its block are not those of the rows that come next.`,
  )
}

/** Why a draft cannot be published. */
export const draftIsGone = 'The upload took too long, or the store has lost it: it is no longer there.'
export const blocksAreGone = 'The store does not hold all of the upload.'
