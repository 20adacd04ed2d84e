import type { CallContext, CallLog } from '../../domain/call-context.ts'
import type { ConflictPolicy, ContactDraft } from '../../domain/contact.ts'
import type { Failure } from '../../domain/failure.ts'
import type { Outcome, OutcomeSummary, Warning } from '../../domain/outcome.ts'
import { type ParsedContact, parseContact } from '../../domain/parse-contact.ts'
import type { NumbersFrom } from '../../domain/phone.ts'
import type { ProviderRequest } from '../../providers/adapter-port.ts'
import type { ContactList } from '../catalog/catalog.ts'
import type { NotedBy } from '../delivery/claim-intent.ts'
import { failureOfDefect } from '../delivery/defect-as-failure.ts'
import { deliver, previewRequests } from '../delivery/deliver.ts'
import type { ListKeeper } from '../delivery/list-keeper.ts'
import { isPassedOver, noTarget, notForItThen, type PassOver, passOverBy } from '../delivery/not-for-target.ts'
import { makeOutcome, summarize } from '../delivery/outcomes.ts'
import { isSettleable } from '../delivery/plan-calls.ts'
import { type Delivery, type DeliveryPlan, planDelivery } from '../delivery/plan-delivery.ts'
import { type Earlier, resumePlan, wasForIt } from '../delivery/resume.ts'
import { KeyRefused, LeaseLost } from '../idempotency/idempotency.ts'
import { StoreUnavailable } from '../store-port.ts'

export type AddContacts = {
  readonly list: ContactList
  readonly contacts: readonly ContactDraft[]
  readonly onConflict: ConflictPolicy
  readonly from: NumbersFrom
}

/** A batch that was checked and planned for each of its accounts; nothing has been sent. */
export type PreparedBatch = {
  readonly listId: string
  readonly refs: readonly (string | undefined)[]
  readonly contacts: readonly ParsedContact[]
  readonly deliveries: readonly Delivery[]
  /** The list has targets that are not for all contacts. */
  readonly isRouted: boolean
  /** How a takeover learns what was sent. */
  readonly notedBy: NotedBy
}

/** What became of one contact. `warnings`: what is to be known of it as a whole. */
export type BatchResult = {
  readonly ref: string | undefined
  readonly outcomes: readonly Outcome[]
  readonly warnings?: readonly Warning[]
}

/** Outcomes by contact, in the order of the input; within a contact in the order of the list's targets. */
export type AddedContacts = {
  readonly summary: OutcomeSummary
  readonly results: readonly BatchResult[]
  /** With `validateOnly`: what would be sent to each target, without credentials. */
  readonly preview?: readonly { readonly account: string; readonly requests: readonly ProviderRequest[] }[]
}

/** Checks every contact against every account of the list, and plans the calls. */
export function prepareBatch({ list, contacts: drafts, onConflict, from }: AddContacts): PreparedBatch {
  const contacts = drafts.map((draft) => parseContact(draft, from))
  const deliveries = list.targets.map(
    (at): Delivery => ({
      at,
      contacts,
      onConflict,
      plan: planDelivery(at, contacts, onConflict, { passOver: passOverBy(at) }),
    }),
  )
  const unrepeatable = deliveries.flatMap(({ at, plan }) =>
    plan.calls.filter((call) => !isSettleable(at.account, call)),
  )
  return {
    listId: list.id,
    refs: drafts.map(({ ref }) => ref),
    contacts,
    deliveries,
    isRouted: list.targets.some(({ when }) => when !== undefined),
    notedBy: unrepeatable.length > 1 ? 'marks' : 'claim',
  }
}

/** What a batch has to be warned of, each with the index of its contact. */
export function warningsOfBatch(batch: PreparedBatch): readonly (Warning & { readonly index: number })[] {
  const { contacts, deliveries, isRouted } = batch
  const ofOutcomes = deliveries.flatMap(({ plan: { outcomes, warnings } }) =>
    warnings.flatMap((ofContact, index) =>
      (outcomes[index]?.warnings ?? ofContact).map((warning) => ({ ...warning, index })),
    ),
  )
  if (!isRouted) return ofOutcomes
  const isNowhere = (index: number) => deliveries.every(({ plan }) => isPassedOverAt(plan.outcomes[index]))
  return [...ofOutcomes, ...contacts.flatMap((_, index) => (isNowhere(index) ? [{ ...noTarget, index }] : []))]
}

function isPassedOverAt(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && isPassedOver(outcome)
}

/** What would become of a batch, and what would be sent; no provider is called. */
export function previewBatch({ refs, deliveries, isRouted }: PreparedBatch): AddedContacts {
  const preview = deliveries.map((delivery) => ({
    account: delivery.at.account.id,
    requests: previewRequests(delivery),
  }))
  return { ...collect(refs, deliveries.map(withheld), isRouted), preview }
}

/** By account, of those that are not for all: how many contacts of a batch it is for. Bad contacts are not asked. */
export function routingOf({ contacts, deliveries }: PreparedBatch) {
  const asked = contacts.filter(({ error }) => error === undefined).length
  return deliveries
    .filter(({ at }) => at.when !== undefined)
    .map(({ at, plan }) => {
      const passedOver = plan.outcomes.filter(isPassedOverAt).length
      return { account: at.account.id, taken: asked - passedOver, passedOver }
    })
}

/** What a batch has of the key that it came with: what an earlier try left, and a way to note what is sent. */
export type BatchHistory = {
  readonly earlier: Earlier | undefined
  /** @throws LeaseLost, or whatever keeps the store from noting it: then it must not be sent. */
  readonly mark: (note: string) => Promise<void>
}

/**
 * Adds a batch to all accounts of its list at the same time. An account that hangs or fails does not touch the others'
 * outcomes; the result is whole when the last account has ended, at the deadline at the latest. Where the store cannot
 * note a call, that call's contacts alone are not sent.
 * @throws KeyRefused when not one call could be noted, and nothing is known of an earlier try either: nothing was sent
 */
export async function addContacts(
  { refs, deliveries, isRouted, notedBy }: PreparedBatch,
  history: BatchHistory | undefined,
  lists: ListKeeper,
  context: CallContext,
): Promise<AddedContacts> {
  const earlier = history?.earlier
  const refused: Failure[] = []
  const mark = async (note: string) => {
    const refusal = history && (await refusalOf(() => history.mark(note), context.log))
    if (refusal !== undefined) refused.push(refusal)
    return refusal
  }
  // A repeat may make other calls than the plan of today: it marks them where whoever takes it over looks for marks.
  const isMarked = notedBy === 'marks' || earlier?.notedBy === 'marks'
  const planned = deliveries.map((delivery) => ({
    ...delivery,
    plan: earlier === undefined ? delivery.plan : planAgain(delivery, earlier),
    ...(isMarked && { mark }),
  }))
  const perAccount = await Promise.all(planned.map((delivery) => deliver(delivery, lists, context)))
  const calls = planned.reduce((sum, { plan }) => sum + plan.calls.length, 0)
  if (earlier === undefined && refused[0] !== undefined && refused.length === calls) throw keyRefusedFor(refused[0])
  return collect(refs, perAccount, isRouted || earlier !== undefined)
}

/** What is left to do of a request: every account is for those contacts for whom it was when the request was first tried. */
function planAgain({ at, contacts, onConflict }: Delivery, earlier: Earlier): DeliveryPlan {
  const passOver: PassOver = (_, index) => (wasForIt(earlier, at.account.id, index) ? undefined : notForItThen)
  return resumePlan(planDelivery(at, contacts, onConflict, { passOver }), at, earlier)
}

/** Why what was to be noted must not be sent; `undefined`: it is noted. */
async function refusalOf(note: () => Promise<void>, log: CallLog): Promise<Failure | undefined> {
  try {
    await note()
    return undefined
  } catch (error) {
    if (error instanceof LeaseLost) return { kind: 'takenOver' }
    if (!(error instanceof StoreUnavailable)) failureOfDefect(log, error)
    return { kind: 'unrecorded' }
  }
}

function keyRefusedFor({ kind }: Failure): KeyRefused {
  return new KeyRefused(kind === 'takenOver' ? 'running' : 'unavailable', 1_000)
}

function collect(
  refs: PreparedBatch['refs'],
  perAccount: readonly (readonly Outcome[])[],
  mayBeNowhere: boolean,
): AddedContacts {
  const results = refs.map((ref, index): BatchResult => {
    const outcomes = perAccount.map((ofAccount) => ofAccount[index] as Outcome)
    return mayBeNowhere && outcomes.every(isPassedOver) ? { ref, outcomes, warnings: [noTarget] } : { ref, outcomes }
  })
  return { summary: summarize(perAccount), results }
}

const notSent: Warning = {
  code: 'validate_only',
  pointer: '',
  detail: 'It is acceptable here; with validateOnly nothing was sent.',
}

function withheld({ at, plan }: Delivery): readonly Outcome[] {
  return plan.outcomes.map(
    (outcome, index) => outcome ?? makeOutcome(at.account, 'skipped', [...(plan.warnings[index] ?? []), notSent]),
  )
}
