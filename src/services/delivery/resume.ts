import { isOpen, type Outcome, type Warning } from '../../domain/outcome.ts'
import { readSendingNote } from '../../domain/sending-note.ts'
import type { Destination } from '../catalog/catalog.ts'
import type { EarlierTry } from '../idempotency/idempotency.ts'
import type { NotedBy, Routing } from './claim-intent.ts'
import { canBeAsked } from './find-contact.ts'
import { sentAndSuppressed } from './guard-delivery.ts'
import { isPassedOver } from './not-for-target.ts'
import { makeOutcome, outcomeOfFailure } from './outcomes.ts'
import { isSettleable, type PlannedCall } from './plan-calls.ts'
import type { DeliveryPlan } from './plan-delivery.ts'

/** What is known of an earlier try of the same request. */
export type Earlier = Pick<EarlierTry, 'died' | 'marks'> & {
  readonly notedBy: NotedBy
  /** The outcomes that were answered, by contact; `undefined` when no answer was stored. */
  readonly outcomes: readonly (readonly Outcome[])[] | undefined
  /** Whom each account was for, by the claim on the key; absent: all, as far as `outcomes` do not tell. */
  readonly routing?: Routing | undefined
}

/** The earlier try died, and of what it sent no more is known than that it may have been applied. */
export const diedInSending: Earlier = { died: true, marks: [], notedBy: 'claim', outcomes: undefined }

/**
 * Takes out of a plan what an earlier try settled, and makes sure of what it may have sent: what can be asked about or
 * repeated is, the rest stays `unknown`; never a second send of it. `free`: the plan as it would be if nobody were
 * suppressed: of those who are, the provider is asked alone, or they stay `unknown`.
 */
export function resumePlan(
  plan: DeliveryPlan,
  at: Destination,
  earlier: Earlier,
  free: DeliveryPlan = plan,
): DeliveryPlan {
  const resumed = resumeCalls(plan, at, earlier)
  return free === plan ? resumed : resumeSuppressed(resumed, at, resumeCalls(free, at, earlier))
}

/**
 * The same for what an earlier try may have sent without a mark, as it needed none: who is not suppressed is sent to again,
 * which does no harm.
 */
export function doubtSuppressed(plan: DeliveryPlan, at: Destination, free: DeliveryPlan): DeliveryPlan {
  if (free === plan) return plan
  return resumeSuppressed(plan, at, resumeCalls(free, at, { ...diedInSending, notedBy: 'marks' }))
}

/** What the earlier try may have sent of people who are suppressed now. */
function resumeSuppressed(plan: DeliveryPlan, { account }: Destination, free: DeliveryPlan): DeliveryPlan {
  const [outcomes, warnings, calls] = [[...plan.outcomes], [...plan.warnings], [...plan.calls]]
  const isSuppressed = (index: number) => outcomes[index]?.warnings[0]?.code === 'suppressed'
  for (const call of free.calls) {
    const canAsk = call.via === 'createContact' && canBeAsked(account.adapter)
    for (const index of call.indexes.filter((index) => call.suspect === true && isSuppressed(index))) {
      warnings[index] = free.warnings[index] as readonly Warning[]
      outcomes[index] = canAsk ? undefined : makeOutcome(account, 'unknown', warnings[index], sentAndSuppressed)
      if (canAsk) calls.push({ via: 'createContact', indexes: [index], suspect: true, onlyAsk: true })
    }
  }
  // What could be neither asked about nor repeated is unknown, whoever it is of.
  for (const [index, outcome] of free.outcomes.entries())
    if (isSuppressed(index) && outcome?.status === 'unknown') outcomes[index] = outcome
  return { ...plan, outcomes, warnings, calls }
}

function resumeCalls(plan: DeliveryPlan, at: Destination, earlier: Earlier): DeliveryPlan {
  const outcomes = [...plan.outcomes]
  const before = (index: number) => earlier.outcomes?.[index]?.find(({ account }) => account === at.account.id)
  for (let index = 0; index < outcomes.length; index++) {
    const known = before(index)
    if (known !== undefined && !isOpen(known)) outcomes[index] = known
  }
  const marked = markedIndexes(at.account.id, earlier.marks)
  const calls = plan.calls.flatMap((call): PlannedCall[] => {
    const open = call.indexes.filter((index) => outcomes[index] === undefined)
    if (open.length === 0) return []
    if (isSettleable(at.account, call)) {
      const suspected = (index: number) => earlier.died || before(index)?.status === 'unknown'
      const suspects = { ...call, indexes: open.filter(suspected), suspect: true }
      const others = { ...call, indexes: open.filter((index) => !suspected(index)) }
      return [suspects, others].filter(({ indexes }) => indexes.length > 0)
    }
    const sent = (index: number) => earlier.died && (earlier.notedBy === 'claim' || marked.has(index))
    for (const index of open.filter(sent)) {
      const scope = { single: false, settleable: false, atomic: false }
      outcomes[index] = outcomeOfFailure(at.account, { kind: 'timeout' }, scope, plan.warnings[index] ?? [])
    }
    const unsent = open.filter((index) => !sent(index))
    return unsent.length === 0 ? [] : [{ ...call, indexes: unsent }]
  })
  return { ...plan, outcomes, calls }
}

function markedIndexes(account: string, marks: readonly string[]): ReadonlySet<number> {
  const notes = marks.map(readSendingNote)
  return new Set(notes.flatMap((note) => (note?.account === account ? note.indexes : [])))
}

/**
 * Whether an account was for a contact when the request was first tried. An answer tells it by its outcomes, else the claim
 * does; an account that neither names is new since then. Where nothing was kept the list had no conditions.
 */
export function wasForIt({ outcomes, routing }: Earlier, account: string, index: number): boolean {
  if (outcomes !== undefined) {
    const known = outcomes[index]?.find((outcome) => outcome.account === account)
    return known !== undefined && !isPassedOver(known)
  }
  if (routing === undefined) return true
  return (((routing.get(account)?.[index >> 3] ?? 0) >> (index & 7)) & 1) === 1
}
