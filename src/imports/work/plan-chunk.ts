import type { ConflictPolicy, Contact } from '../../domain/contact.ts'
import type { CompiledWhen } from '../../domain/routing/compile-when.ts'
import type { Destination } from '../../services/catalog/catalog.ts'
import { isSettleable } from '../../services/delivery/plan-calls.ts'
import {
  type Delivery,
  type FindRepeat,
  planDelivery,
  planWithout,
  repeatsInBatch,
} from '../../services/delivery/plan-delivery.ts'
import { diedInSending, doubtSuppressed, resumePlan } from '../../services/delivery/resume.ts'
import type { ImportJob, ImportRecord } from '../../services/import-store-port.ts'
import type { SuppressionWatch } from '../../services/suppressions/watch-suppressions.ts'
import type { BlockRow } from '../rows/row-piece.ts'
import { erasedInDoubt, type RowOutcome, repeatAt, rowOutcomeOf, settle } from './chunk-result.ts'
import { passOverRow, type Routes } from './pass-over-rows.ts'

/** What the work needs to know of an import; looked up once per import, not per job. */
export type KnownImport = Pick<ImportRecord, 'client' | 'createdAt' | 'listId' | 'validateOnly'> & {
  readonly onConflict: ConflictPolicy
  /** Whom the list's accounts were for when the import began, of those that were not for all. */
  readonly conditions: ReadonlyMap<string, CompiledWhen>
}

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
  /** Of the rows that were asked for whom they are: how many the account is for. Absent: it is for all. */
  readonly routed?: { readonly taken: number; readonly passedOver: number }
}

/** Looks up who of some rows is suppressed. @throws StoreUnavailable: none of them may be sent */
export type WatchOf = (people: readonly Contact[]) => Promise<SuppressionWatch>

type ChunkRows = Pick<Chunk, 'from' | 'upTo'> & { readonly rows: readonly BlockRow[] }

/**
 * Decides what has to be sent of some rows of a job, and what becomes of the others. `targets`: of the list as it is now;
 * without one at the job's account that is gone.
 */
export async function planChunk(
  job: ImportJob,
  { onConflict, validateOnly, conditions }: Pick<KnownImport, 'onConflict' | 'validateOnly' | 'conditions'>,
  targets: readonly Destination[],
  { from, upTo, rows }: ChunkRows,
  watchOf: WatchOf,
): Promise<Chunk> {
  const at = targets.find(({ account }) => account.id === job.account)
  const markedUpTo = job.markedUpTo ?? 0
  const isInDoubt = job.wasLeft && !validateOnly && (at === undefined || sendsUnmarked(at))
  const maybeSent = (place: number) => isInDoubt || from + place < markedUpTo
  const settled = rows.map((row, place) => {
    const outcome = settle(row, job.account)
    return row.erased !== undefined && maybeSent(place) && isFor(row, job.account) ? erasedInDoubt : outcome
  })
  const all = (other: (row: BlockRow, place: number) => RowOutcome): Chunk => {
    const outcomes = settled.map((outcome, place) => outcome ?? other(rows[place] as BlockRow, place))
    return { from, upTo, settled: outcomes, delivery: undefined, needsMark: false }
  }
  if (at === undefined)
    return all((row, place) => skippedAsRepeat(row, job.account) ?? (maybeSent(place) ? unsure : gone))

  const routed = at.when && passOver({ at, targets, atStart: conditions }, rows, settled, maybeSent)
  const contacts = rows.filter((_row, place) => settled[place] === undefined)
  const watch = await watchOf(contacts.map(({ contact }) => contact))
  const free = planDelivery(at, contacts, onConflict, { findRepeat: repeatsInFile(at, contacts) })
  const prepared = { at, contacts, onConflict, plan: free }
  const fresh = planWithout(prepared, watch, { findRepeat: repeatsInFile(at, contacts) })
  // All that an earlier worker marked may have been sent.
  const marked = from < markedUpTo ? resumePlan(fresh, at, diedInSending, free) : undefined
  const plan = marked ?? (isInDoubt ? doubtSuppressed(fresh, at, free) : fresh)
  if (validateOnly) {
    let next = 0
    return all(() => {
      const index = next++
      const known = plan.outcomes[index]
      return known ? rowOutcomeOf(known) : { ...withheld, warnings: plan.warnings[index] ?? [] }
    })
  }
  const needsMark = plan.calls.some((call) => !isSettleable(at.account, call))
  return { from, upTo, settled, delivery: { ...prepared, plan, watch }, needsMark, ...(routed && { routed }) }
}

/** Some of what goes to it can be sent again without harm, and so is not marked. */
function sendsUnmarked({ account }: Destination): boolean {
  return sendingOperations.some(
    (via) => account.adapter.operations[via] !== undefined && isSettleable(account, { via }),
  )
}

const sendingOperations = ['createContact', 'addContacts', 'importContacts'] as const

/** Settles the rows that the account is not for, and counts. */
function passOver(
  routes: Routes,
  rows: readonly BlockRow[],
  settled: (RowOutcome | undefined)[],
  maybeSent: (place: number) => boolean,
) {
  let [taken, passedOver] = [0, 0]
  rows.forEach((row, place) => {
    if (settled[place] !== undefined) return
    settled[place] = passOverRow(routes, row, maybeSent(place) && repeatAt(row, routes.at.account.id) === undefined)
    if (settled[place] === undefined) taken++
    else passedOver++
  })
  return { taken, passedOver }
}

/** Repeats were found when the file was read. */
function repeatsInFile(at: Destination, contacts: readonly BlockRow[]): FindRepeat {
  const { id } = at.account
  const within = contacts.every(isKnown) ? undefined : repeatsInBatch(at)
  return (contact, index) => repeatAt(contacts[index] as BlockRow, id) ?? within?.(contact, index)
}

function isFor({ accounts }: BlockRow, account: string): boolean {
  return accounts === undefined || accounts.includes(account)
}

function isKnown({ isCompared, accounts }: BlockRow): boolean {
  return isCompared || accounts === undefined
}

function skippedAsRepeat(row: BlockRow, account: string): RowOutcome | undefined {
  const repeat = repeatAt(row, account)
  return repeat && { status: 'skipped', warnings: [repeat], code: repeat.code, detail: repeat.detail }
}

const withheld = { status: 'skipped', isWithheld: true } as const

const gone: RowOutcome = {
  status: 'failed',
  warnings: [],
  code: 'account_removed',
  detail:
    'The account was taken out of the list, or of the configuration, while the import ran. Nothing was sent; put it back and upload these rows again.',
}

const unsure: RowOutcome = {
  ...gone,
  status: 'unknown',
  detail: 'It may have been sent before the account was taken out of the list, or of the configuration. Look there.',
}
