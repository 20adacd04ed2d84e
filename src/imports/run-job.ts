import type { CallContext, CallLog } from '../domain/call-context.ts'
import type { ConflictPolicy, Contact } from '../domain/contact.ts'
import { isOpen, type Outcome, type OutcomeError, type OutcomeStatus } from '../domain/outcome.ts'
import type { ContactList, ListAtAccount } from '../services/catalog.ts'
import { deliver } from '../services/deliver.ts'
import { resumePlan } from '../services/earlier-try.ts'
import type { ImportJob, ImportRecord, JobHandler, JobLease } from '../services/import-ports.ts'
import type { ListKeeper } from '../services/keep-lists.ts'
import { isSettleable } from '../services/plan-calls.ts'
import type { Delivery } from '../services/plan-delivery.ts'
import { planDelivery } from '../services/plan-delivery.ts'
import { encodeReport, type ReportEntry } from './block-report.ts'
import { Patience } from './patience.ts'
import { type BlockRow, decodeBlock, type RowBlock } from './row-block.ts'
import { ownTurn } from './turns.ts'

/** What the work needs to know of an import; looked up once per import, not per job. */
export type KnownImport = Pick<ImportRecord, 'listId' | 'validateOnly'> & { readonly onConflict: ConflictPolicy }

export type JobSurroundings = {
  readonly importOf: (id: string) => Promise<KnownImport | undefined>
  readonly lists: ReadonlyMap<string, ContactList>
  readonly keeper: ListKeeper
  readonly log: CallLog
}

/** A call of an import may wait this long for its turn and its answer. */
const chunkDeadlineMs = 60_000
/** Rows that are sent one by one are committed this many at a time. */
const rowsOneByOne = 100

/** Makes the worker's function for one account: a block from its last commit to its end, chunk by chunk. */
export function createJobHandler({ importOf, lists, keeper, log }: JobSurroundings): JobHandler {
  const patience = new Patience()
  return async (job, payload, lease) => {
    const known = await importOf(job.importId)
    if (known === undefined) return
    const block = await decodeBlock(payload)
    const at = lists.get(known.listId)?.targets.find(({ account }) => account.id === job.account)
    const inOneGo = at !== undefined && (await goesInOneGo(at, block, known.onConflict))
    let from = job.committed
    while (from < block.length) {
      const upTo = inOneGo ? block.length : Math.min(block.length, from + rowsAtOnce(at))
      await ownTurn()
      const chunk = block.rows(from, upTo)
      const outcomes =
        at === undefined
          ? chunk.map(
              (row, place) => settle(row, job.account) ?? (from + place < (job.markedUpTo ?? 0) ? unsure : gone),
            )
          : await sendChunk({ job, known, at, keeper, log, patience, lease }, chunk, from, upTo)
      const answer = await lease.commit({
        upTo,
        counts: count(outcomes),
        report: encodeReport(reportOf(outcomes, from)),
      })
      if (answer !== 'continue') return
      from = upTo
    }
  }
}

type Work = {
  readonly job: ImportJob
  readonly known: KnownImport
  readonly at: ListAtAccount
  readonly keeper: ListKeeper
  readonly log: CallLog
  readonly patience: Patience
  readonly lease: JobLease
}

/** What became of a row at the account. A row that is not for it has neither status to report nor error. */
export type RowOutcome = {
  readonly status: OutcomeStatus
  readonly code?: string
  readonly detail?: string
  readonly column?: string
  readonly value?: string
}

const elsewhere: RowOutcome = { status: 'skipped' }
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

async function sendChunk(
  work: Work,
  chunk: readonly BlockRow[],
  from: number,
  upTo: number,
): Promise<readonly RowOutcome[]> {
  const { job, known, at, lease } = work
  const settled = chunk.map((row) => settle(row, job.account))
  const places = chunk.flatMap((_row, place) => (settled[place] === undefined ? [place] : []))
  if (places.length === 0) return settled as RowOutcome[]

  const contacts = places.map((place) => {
    const { contact, warnings } = chunk[place] as BlockRow
    return { contact: contact as Contact, warnings, error: undefined }
  })
  const plan = planDelivery(at, contacts, known.onConflict)
  const mayBeSent = job.markedUpTo !== undefined && from < job.markedUpTo
  const delivery: Delivery = {
    at,
    contacts,
    onConflict: known.onConflict,
    plan: mayBeSent ? resumePlan(plan, at, { died: true, notedBy: 'claim', marks: [], outcomes: undefined }) : plan,
  }
  if (known.validateOnly)
    return fill(
      settled,
      places,
      delivery.plan.outcomes.map((outcome) => outcome ?? notSent),
    )
  const needsMark = delivery.plan.calls.some((call) => !isSettleable(at.account, call))
  if (needsMark) await lease.mark(upTo)
  return fill(settled, places, await deliverPatiently(work, delivery))
}

const notSent = { status: 'skipped' as const }

/** Sends, and again what failed only for now, as long as patience lasts. */
async function deliverPatiently({ keeper, log, patience }: Work, delivery: Delivery): Promise<readonly Outcome[]> {
  let outcomes: readonly Outcome[] = []
  let { plan } = delivery
  for (let attempt = 0; ; attempt++) {
    const context: CallContext = { deadlineAt: performance.now() + chunkDeadlineMs, log, priority: 'import' }
    outcomes = await deliver({ ...delivery, plan }, keeper, context)
    const open = outcomes.some((outcome) => isOpen(outcome) && outcome.error?.retriable === true)
    if (!open) {
      patience.succeeded()
      return outcomes
    }
    if (!(await patience.waitBefore(attempt + 1))) return outcomes
    const tried = { died: false, notedBy: 'claim' as const, marks: [], outcomes: outcomes.map((outcome) => [outcome]) }
    plan = resumePlan(delivery.plan, delivery.at, tried)
  }
}

/** Rows whose end is known without a call; `undefined` for those that go out. */
function settle({ refusal, duplicateOf, accounts }: BlockRow, account: string): RowOutcome | undefined {
  if (accounts !== undefined && !accounts.includes(account)) return elsewhere
  if (refusal !== undefined) return { status: 'rejected', ...refusal }
  if (duplicateOf === undefined) return undefined
  return {
    status: 'skipped',
    code: 'duplicate_in_file',
    detail: `It is the same person as row ${duplicateOf}, which counts.`,
  }
}

type Told = Pick<Outcome, 'status' | 'error'>

function fill(
  settled: readonly (RowOutcome | undefined)[],
  places: readonly number[],
  told: readonly Told[],
): readonly RowOutcome[] {
  const all = [...settled]
  places.forEach((place, index) => {
    const { status, error } = told[index] as Told
    all[place] = error === undefined ? { status } : { status, code: error.code, detail: explain(error) }
  })
  return all as RowOutcome[]
}

/** Our own words, and the provider's, which alone say what it does not like. */
function explain({ detail, provider }: OutcomeError): string {
  return provider?.message ? `${detail} It says: ${provider.message}` : detail
}

/** A chunk is one call where a second send would do harm, else as much as is good to commit at once. */
function rowsAtOnce(at: ListAtAccount | undefined): number {
  const { adapter, batchSize } = at?.account ?? {}
  const most = adapter?.operations.addContacts?.maxContacts
  return most === undefined ? rowsOneByOne : Math.min(batchSize ?? most, most)
}

/** True when rows of the block may go as a file: it takes a whole block, and the fewer files the better. */
async function goesInOneGo({ account }: ListAtAccount, block: RowBlock, onConflict: ConflictPolicy): Promise<boolean> {
  const { addContacts, importContacts } = account.adapter.operations
  if (addContacts !== undefined || importContacts === undefined || onConflict !== 'update') return false
  for (let from = 0; from < block.length; from += rowsOneByOne) {
    const rows = block.rows(from, Math.min(block.length, from + rowsOneByOne))
    if (rows.some(({ contact }) => importContacts.carries?.(contact, account.settings) ?? true)) return true
    await ownTurn()
  }
  return false
}

function count(outcomes: readonly RowOutcome[]): Partial<Record<OutcomeStatus, number>> {
  const counts: Partial<Record<OutcomeStatus, number>> = {}
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

function reportOf(outcomes: readonly RowOutcome[], from: number): readonly ReportEntry[] {
  return outcomes.flatMap(({ status, code, detail, column, value }, place) => {
    if (code === undefined) return []
    return [
      {
        at: from + place,
        status,
        code,
        detail: detail ?? '',
        ...(column && { column }),
        ...(value !== undefined && { value }),
      },
    ]
  })
}
