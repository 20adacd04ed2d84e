import type { Outcome, OutcomeError, OutcomeStatus } from '../domain/outcome.ts'
import type { ChunkResult } from '../services/import-ports.ts'
import { encodeReport, type ReportEntry } from './block-report.ts'
import type { BlockRow } from './row-piece.ts'

/** What became of a row at the account, as reports show it. Without a `code` there is nothing to report. */
export type RowOutcome = {
  readonly status: OutcomeStatus
  readonly code?: string
  readonly detail?: string
  readonly column?: string
  readonly value?: string
  /** Into the contact, instead of the column. */
  readonly pointer?: string
}

/** Of a row that is not for the account. */
const elsewhere: RowOutcome = { status: 'skipped' }

/** A row whose end is known without a call; `undefined` for one that goes out. */
export function settle({ refusal, duplicateOf, accounts }: BlockRow, account: string): RowOutcome | undefined {
  if (accounts !== undefined && !accounts.includes(account)) return elsewhere
  if (refusal !== undefined) return { status: 'rejected', ...refusal }
  if (duplicateOf === undefined) return undefined
  return {
    status: 'skipped',
    code: 'duplicate_in_file',
    detail: `It is the same person as row ${duplicateOf}, which counts.`,
  }
}

/** What a store is told of the rows from `from` on, by the outcome of each. */
export function resultOf(outcomes: readonly RowOutcome[], from: number): ChunkResult {
  const counts: Partial<Record<OutcomeStatus, number>> = {}
  const entries: ReportEntry[] = []
  for (const [place, { status, code, detail = '', column, value, pointer }] of outcomes.entries()) {
    counts[status] = (counts[status] ?? 0) + 1
    if (code === undefined) continue
    const cell = { ...(column && { column }), ...(value !== undefined && { value }), ...(pointer && { pointer }) }
    entries.push({ at: from + place, status, code, detail, ...cell })
  }
  return { upTo: from + outcomes.length, counts, report: encodeReport(entries) }
}

/** An outcome of a delivery as one of a row. */
export function rowOutcomeOf(outcome: Pick<Outcome, 'status' | 'error'>): RowOutcome {
  const { status, error } = outcome
  if (error === undefined) return outcome
  const { code, pointer } = error
  return { status, code, detail: explain(error), ...(pointer && { pointer }) }
}

/** Our own words, and the provider's, which alone say what it does not like. */
function explain({ detail, provider }: OutcomeError): string {
  return provider?.message ? `${detail} It says: ${provider.message}` : detail
}
