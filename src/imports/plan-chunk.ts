import type { ConflictPolicy } from '../domain/contact.ts'
import type { ListAtAccount } from '../services/catalog.ts'
import { resumePlan } from '../services/earlier-try.ts'
import type { ImportJob, ImportRecord } from '../services/import-ports.ts'
import { isSettleable } from '../services/plan-calls.ts'
import { type Delivery, planDelivery } from '../services/plan-delivery.ts'
import { type RowOutcome, rowOutcomeOf, settle } from './chunk-result.ts'
import type { BlockRow } from './row-piece.ts'

/** What the work needs to know of an import; looked up once per import, not per job. */
export type KnownImport = Pick<ImportRecord, 'listId' | 'validateOnly'> & { readonly onConflict: ConflictPolicy }

/** Rows of a block that are committed together. */
export type Chunk = {
  readonly from: number
  readonly upTo: number
  /** The outcome of each row, as far as it is known without a call; the others are those of the delivery, in their order. */
  readonly settled: readonly (RowOutcome | undefined)[]
  /** Absent: nothing is to be sent. */
  readonly delivery: Delivery | undefined
  /** A second send would do harm. */
  readonly needsMark: boolean
}

type ChunkRows = Pick<Chunk, 'from' | 'upTo'> & { readonly rows: readonly BlockRow[] }

/** Decides what has to be sent of some rows of a job, and what becomes of the others. Without `at` the account is gone. */
export function planChunk(
  job: ImportJob,
  { onConflict, validateOnly }: KnownImport,
  at: ListAtAccount | undefined,
  { from, upTo, rows }: ChunkRows,
): Chunk {
  const settled = rows.map((row) => settle(row, job.account))
  const all = (other: (place: number) => RowOutcome): Chunk => {
    const outcomes = settled.map((outcome, place) => outcome ?? other(place))
    return { from, upTo, settled: outcomes, delivery: undefined, needsMark: false }
  }
  const markedUpTo = job.markedUpTo ?? 0
  if (at === undefined) return all((place) => (from + place < markedUpTo ? unsure : gone))

  const contacts = rows.filter((_row, place) => settled[place] === undefined)
  // Who was in the file before was found when it was read; only rows for some accounts may repeat others.
  const distinct = !rows.some(({ accounts }) => accounts !== undefined)
  const fresh = planDelivery(at, contacts, onConflict, distinct)
  const plan = from < markedUpTo ? resumePlan(fresh, at, afterDeath) : fresh
  if (validateOnly) {
    const known = plan.outcomes.values()
    return all(() => rowOutcomeOf(known.next().value ?? notSent))
  }
  const needsMark = plan.calls.some((call) => !isSettleable(at.account, call))
  return { from, upTo, settled, delivery: { at, contacts, onConflict, plan }, needsMark }
}

/** All that an earlier worker marked may have been sent. */
const afterDeath = { died: true, notedBy: 'claim', marks: [], outcomes: undefined } as const

const notSent = { status: 'skipped' } as const

const gone: RowOutcome = {
  status: 'failed',
  code: 'not_found',
  detail: 'The list no longer has this account. Check the configuration of the gateway.',
}

const unsure: RowOutcome = {
  ...gone,
  status: 'unknown',
  detail: 'It may have been sent before the list lost this account. Check the configuration of the gateway.',
}
