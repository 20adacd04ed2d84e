import type { CallLog } from '../../domain/call-context.ts'
import type { ConflictPolicy } from '../../domain/contact.ts'
import { isOpen, type Outcome } from '../../domain/outcome.ts'
import type { ContactList, Destination } from '../../services/catalog/catalog.ts'
import type { ImportRight } from '../../services/catalog/import-rights.ts'
import { deliver } from '../../services/delivery/deliver.ts'
import type { ListKeeper } from '../../services/delivery/list-keeper.ts'
import { outcomeWithoutId } from '../../services/delivery/outcomes.ts'
import type { Delivery } from '../../services/delivery/plan-delivery.ts'
import { resumePlan } from '../../services/delivery/resume.ts'
import type { ChunkResult, ImportJob, ImportStore, JobHandler } from '../../services/import-store-port.ts'
import { RowBlock } from '../rows/row-block.ts'
import type { YieldToCallers } from '../rows/yield-to-callers.ts'
import { CallTally } from './call-tally.ts'
import { type RowOutcome, resultOf, rowOutcomeOf, withoutErased } from './chunk-result.ts'
import { ChunkRetries } from './chunk-retries.ts'
import { ImportContext } from './import-context.ts'
import { type Chunk, type KnownImport, planChunk, type WatchOf } from './plan-chunk.ts'

export type JobSurroundings = {
  readonly importOf: (id: string) => Promise<KnownImport | undefined>
  /** A block as it is now. */
  readonly readBlock: ImportStore['readBlock']
  /** Whether the import may go on; where its client may not import any more, it is canceled. */
  readonly rightOf: (id: string, known: KnownImport) => Promise<ImportRight>
  readonly lists: ReadonlyMap<string, ContactList>
  readonly keeper: ListKeeper
  readonly log: CallLog
  readonly yielding: YieldToCallers
  /** Looked up for each chunk when it is planned. */
  readonly watch: WatchOf
  readonly observer?: RowObserver | undefined
}

/** Is told of rows that did not go to an account. */
export type RowObserver = {
  /** What became of rows, of which some may be suppressed. */
  suppressed(client: string, outcomes: readonly Pick<RowOutcome, 'warnings'>[]): void
  /** Of an account that is not for all contacts: how many of some rows it was for. */
  routed(list: string, account: string, counts: NonNullable<Chunk['routed']>): void
}

/** Rows that are sent one by one are planned this many at a time. */
const rowsOneByOne = 25

/** Chunks that may be sent again are committed together, as long as it does not keep readers waiting for more than that. */
const commitEveryMs = 500

/** The import is not to be sent by this process now. */
export class LeftToOthers extends Error {
  override readonly name = 'LeftToOthers'
}

/** Makes the worker's function for one account: a block from its last commit to its end, chunk by chunk. */
export function createJobHandler(surroundings: JobSurroundings): JobHandler {
  const { importOf, readBlock, rightOf, lists, keeper, log, yielding, watch, observer } = surroundings
  const retries = new ChunkRetries()
  return async (job, payload, lease) => {
    const known = await importOf(job.importId)
    if (known === undefined) return
    const right = await rightOf(job.importId, known)
    if (right === 'wait') throw new LeftToOthers('The client is not known here, and others may know it.')
    if (right === 'stop') return
    const block = new RowBlock(payload)
    const tally = new CallTally()
    const sending: Sending = { keeper, context: new ImportContext(log, yielding, tally), retries, tally }
    const targetsNow = () => lists.get(known.listId)?.targets ?? []
    const at = targetsNow().find(({ account }) => account.id === job.account)
    const inOneGo = at !== undefined && (await goesInOneGo(at, block, known.onConflict, yielding))
    const size = inOneGo ? block.length : rowsAtOnce(at)
    const planFrom = async (from: number): Promise<Chunk | undefined> => {
      if (from === block.length) return undefined
      const upTo = Math.min(block.length, from + size)
      await yielding.own()
      return planChunk(job, known, targetsNow(), { from, upTo, rows: block.rows(from, upTo) }, watch)
    }
    let chunk = await planFrom(job.committed)
    if (chunk?.needsMark) await lease.mark(chunk.upTo)
    let outcomes: RowOutcome[] = []
    let dueAt = performance.now() + commitEveryMs
    while (chunk !== undefined) {
      const { upTo, needsMark, routed } = chunk
      if (!needsMark && chunk.delivery !== undefined) lease.sending()
      if (routed !== undefined) observer?.routed(known.listId, job.account, routed)
      const sent = await sendChunk(chunk, sending)
      observer?.suppressed(known.client, sent)
      outcomes.push(...sent)
      // The turn may be long in coming: the rows are not held in memory until then.
      chunk = undefined
      chunk = (await rightOf(job.importId, known)) === 'go' ? await planFrom(upTo) : undefined
      const mayWait = chunk !== undefined && !chunk.needsMark && !needsMark
      if (mayWait && performance.now() < dueAt) continue
      const first = upTo - outcomes.length
      const told = await toldOf(outcomes, first, job, readBlock, payload)
      const result: ChunkResult = { ...resultOf(told, first), ...tally.take() }
      if ((await lease.commit(result, chunk?.needsMark ? chunk.upTo : undefined)) !== 'continue') return
      outcomes = []
      dueAt = performance.now() + commitEveryMs
    }
  }
}

/**
 * What is to be told of rows: nothing of those whose person was erased since the block was read. What is erased between this
 * look and the commit is found when the reports are gone through a second time.
 */
async function toldOf(
  outcomes: readonly RowOutcome[],
  first: number,
  { importId, block }: ImportJob,
  readBlock: JobSurroundings['readBlock'],
  payload: Buffer,
): Promise<readonly RowOutcome[]> {
  if (outcomes.every(({ code }) => code === undefined)) return outcomes
  const now = await readBlock(importId, block)
  if (now === undefined || now.equals(payload)) return outcomes
  const rows = new RowBlock(now).rows(first, first + outcomes.length)
  return withoutErased(outcomes, (place) => rows[place]?.erased !== undefined)
}

/** What the chunks of a job share; `retries` are those of its account. */
type Sending = {
  readonly keeper: ListKeeper
  readonly context: ImportContext
  readonly retries: ChunkRetries
  readonly tally: CallTally
}

async function sendChunk({ settled, delivery }: Chunk, sending: Sending): Promise<readonly RowOutcome[]> {
  const told = delivery === undefined ? [] : await deliverAgain(delivery, sending)
  return fill(settled, told)
}

/** The outcomes of all rows: of those that are not settled, what was told of them, in their order. */
function fill(settled: Chunk['settled'], told: readonly Outcome[]): readonly RowOutcome[] {
  let next = 0
  return settled.map((outcome) => outcome ?? rowOutcomeOf(told[next++] as Outcome))
}

/** Sends, and again what failed only for now, as long as there are retries. */
async function deliverAgain(
  delivery: Delivery,
  { keeper, context, retries, tally }: Sending,
): Promise<readonly Outcome[]> {
  let outcomes: readonly Outcome[] = []
  let { plan } = delivery
  for (let attempt = 0; ; attempt++) {
    outcomes = await deliver({ ...delivery, plan }, keeper, context, outcomeWithoutId)
    const open = outcomes.some((outcome) => isOpen(outcome) && outcome.error?.retriable === true)
    if (!open) {
      retries.succeeded()
      return outcomes
    }
    const since = performance.now()
    if (!(await retries.waitBefore(attempt + 1))) return outcomes
    const isStopped = outcomes.some(({ error }) => error?.code === 'breaker_open')
    tally.waited(isStopped ? 'breaker' : 'again', performance.now() - since)
    const tried = { died: false, notedBy: 'claim' as const, marks: [], outcomes: outcomes.map((outcome) => [outcome]) }
    plan = resumePlan(delivery.plan, delivery.at, tried)
  }
}

/** A chunk is one call, or as many rows as are good to plan at once. */
function rowsAtOnce(at: Destination | undefined): number {
  const { adapter, batchSize, policies } = at?.account ?? {}
  const most = adapter?.operations.addContacts?.maxContacts
  if (most === undefined || policies === undefined) return rowsOneByOne
  return policies.sizes.most('addContacts', Math.min(batchSize ?? most, most))
}

/** True when rows of the block may go as a file: it takes a whole block, and the fewer files the better. */
async function goesInOneGo(
  { account }: Destination,
  block: RowBlock,
  onConflict: ConflictPolicy,
  yielding: YieldToCallers,
): Promise<boolean> {
  const { addContacts, importContacts } = account.adapter.operations
  if (addContacts !== undefined || importContacts === undefined || onConflict !== 'update') return false
  for (let from = 0; from < block.length; from += rowsOneByOne) {
    const rows = block.rows(from, Math.min(block.length, from + rowsOneByOne))
    if (rows.some(({ contact }) => importContacts.carries?.(contact, account.settings) ?? true)) return true
    await yielding.own()
  }
  return false
}
