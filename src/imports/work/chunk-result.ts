import { isLoss, type Outcome, type OutcomeError, type OutcomeStatus, type Warning } from '../../domain/outcome.ts'
import { describeRepeat } from '../../services/delivery/same-person.ts'
import type { ChunkResult, SkipReason } from '../../services/import-store-port.ts'
import { encodeReport, type ReportEntry } from '../reports/report-codec.ts'
import type { BlockRow } from '../rows/row-piece.ts'

/** What became of a row at the account, as reports show it. Without a `code` there is nothing to report. */
export type RowOutcome = {
  readonly status: OutcomeStatus
  /** As the outcome of a contact has them. */
  readonly warnings: readonly Warning[]
  /** It was not sent because nothing was to be sent: its warnings are what it would have lost. */
  readonly isWithheld?: true
  readonly code?: string
  readonly detail?: string
  readonly column?: string
  readonly value?: string
  /** Into the contact, instead of the column. */
  readonly pointer?: string
}

const none: readonly never[] = []

/** The outcome of a row that is not for the account. */
const elsewhere: RowOutcome = { status: 'skipped', warnings: none }

/** The outcome of a row whose person was erased before it was sent. */
const erased: RowOutcome = { status: 'skipped', warnings: none }

/** The same where it may have been sent: what became of that nobody can ask any more. */
export const erasedInDoubt: RowOutcome = {
  status: 'unknown',
  warnings: none,
  code: 'erased',
  detail:
    'It may have been sent before the person of this row was erased. The receipt of the erasure tells of each account.',
}

/** What reports may tell of rows that were erased since they were read: nothing. Counts stay. */
export function withoutErased(
  outcomes: readonly RowOutcome[],
  isErased: (place: number) => boolean,
): readonly RowOutcome[] {
  return outcomes.map((outcome, place) => {
    if (outcome.code === undefined || !isErased(place)) return outcome
    const { code: _code, detail: _detail, column: _column, value: _value, pointer: _pointer, ...counted } = outcome
    return counted
  })
}

/** A row whose end at an account nothing can change; `undefined` for one that the account may take. */
export function settle({ refusal, accounts, warnings, erased: by }: BlockRow, account: string): RowOutcome | undefined {
  if (accounts !== undefined && !accounts.includes(account)) return elsewhere
  if (by !== undefined) return erased
  return refusal && { status: 'rejected', warnings, ...refusal }
}

/**
 * The warning of a row that is the same person at the account as an earlier row of the file; `undefined` for others.
 */
export function repeatAt({ repeats }: BlockRow, account: string): Warning | undefined {
  if (repeats.length === 0) return undefined
  const repeat = repeats.find(({ accounts }) => accounts === undefined || accounts.includes(account))
  if (repeat === undefined) return undefined
  const detail = describeRepeat(`row ${repeat.of}`, repeat.differs)
  return { code: 'duplicate_in_file', pointer: '', detail }
}

/** What a store is told of the rows from `from` on, by the outcome of each. */
export function resultOf(outcomes: readonly RowOutcome[], from: number): Omit<ChunkResult, 'calls' | 'waitedMs'> {
  const counts: Partial<Record<OutcomeStatus, number>> = {}
  const losses: Record<string, number> = {}
  const skippedBecause: Record<string, number> = {}
  const entries: ReportEntry[] = []
  for (let place = 0; place < outcomes.length; place++) {
    const { status, warnings, isWithheld, code, detail = '', column, value, pointer } = outcomes[place] as RowOutcome
    counts[status] = (counts[status] ?? 0) + 1
    if (status === 'skipped') {
      const reason = reasonOf(outcomes[place] as RowOutcome)
      skippedBecause[reason] = (skippedBecause[reason] ?? 0) + 1
      countLosses(isWithheld ? warnings : warnings.filter(({ code }) => code === 'no_target'), losses)
    } else countLosses(warnings, losses)
    if (code === undefined) continue
    const cell = { ...(column && { column }), ...(value !== undefined && { value }), ...(pointer && { pointer }) }
    entries.push({ at: from + place, status, code, detail, ...cell })
  }
  return { upTo: from + outcomes.length, counts, losses, skippedBecause, report: encodeReport(entries) }
}

/** A value that was tidied is not lost. */
function countLosses(warnings: readonly Warning[], counts: Record<string, number>): void {
  for (const warning of warnings) if (isLoss(warning)) counts[warning.code] = (counts[warning.code] ?? 0) + 1
}

const reasonByCode: Partial<Record<Warning['code'], SkipReason>> = {
  suppressed: 'suppressed',
  not_for_this_target: 'notForThisTarget',
  duplicate_in_file: 'duplicateInFile',
}

/** Why a row was skipped: one reason each, so that they add up to those that were. */
function reasonOf(outcome: RowOutcome): SkipReason {
  if (outcome === elsewhere) return 'otherAccount'
  if (outcome === erased) return 'suppressed'
  const told = outcome.warnings.find(({ code }) => reasonByCode[code] !== undefined)
  if (told !== undefined) return reasonByCode[told.code] as SkipReason
  return outcome.isWithheld ? 'validateOnly' : 'alreadyThere'
}

/** An outcome of a delivery as one of a row. */
export function rowOutcomeOf(outcome: Outcome): RowOutcome {
  const { status, error, warnings } = outcome
  if (error !== undefined) {
    const { code, pointer } = error
    return { status, warnings, code, detail: explain(error), ...(pointer && { pointer }) }
  }
  const why = status === 'skipped' ? warnings.find(({ code }) => reportedSkips.has(code)) : undefined
  return why === undefined ? outcome : { status, warnings, code: why.code, detail: why.detail }
}

/** Why a row is skipped, where whoever has sent it is to hear of the row itself. */
const reportedSkips: ReadonlySet<Warning['code']> = new Set(['duplicate_in_file', 'suppressed'])

/** Our own words, and the provider's, which alone say what it does not like. */
function explain({ detail, provider }: OutcomeError): string {
  return provider?.message ? `${detail} It says: ${provider.message}` : detail
}
