import { isOpen, type Outcome } from '../../domain/outcome.ts'
import type { Destination } from '../catalog/catalog.ts'
import type { EarlierTry } from '../idempotency/idempotency.ts'
import type { NotedBy, Routing } from './claim-intent.ts'
import { isPassedOver } from './not-for-target.ts'
import { outcomeOfFailure } from './outcomes.ts'
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

/** The note that a call is about to be sent: the account and its contacts' indexes. */
export function markOf(account: string, indexes: readonly number[]): string {
  return `${account} ${indexes.join(',')}`
}

/**
 * Takes out of a plan what an earlier try settled, and makes sure of what it may have sent: what can be asked about or
 * repeated is, the rest stays `unknown`; never a second send of it.
 */
export function resumePlan(plan: DeliveryPlan, at: Destination, earlier: Earlier): DeliveryPlan {
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
  return { outcomes, warnings: plan.warnings, calls }
}

function markedIndexes(account: string, marks: readonly string[]): ReadonlySet<number> {
  const own = marks.map((mark) => mark.split(' ')).filter(([name]) => name === account)
  return new Set(own.flatMap(([, indexes = '']) => indexes.split(',').map(Number)))
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
