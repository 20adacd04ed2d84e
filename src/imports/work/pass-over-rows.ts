import type { Warning } from '../../domain/outcome.ts'
import { type CompiledWhen, compileWhen } from '../../domain/routing/compile-when.ts'
import type { When } from '../../domain/routing/when.ts'
import type { Destination } from '../../services/catalog/catalog.ts'
import { noTarget, passOverBy } from '../../services/delivery/not-for-target.ts'
import type { BlockRow } from '../rows/row-piece.ts'
import type { RowOutcome } from './chunk-result.ts'

/** By account: whom the targets of a list are for, of those that are not for all. */
export type Conditions = Readonly<Record<string, When>>

export function conditionsOf(targets: readonly Destination[]): Conditions | undefined {
  const conditions = targets.flatMap(({ account, when }) =>
    when === undefined ? [] : [[account.id, when.written] as const],
  )
  return conditions.length === 0 ? undefined : Object.fromEntries(conditions)
}

export function compileConditions(conditions: Conditions = {}): ReadonlyMap<string, CompiledWhen> {
  return new Map(Object.entries(conditions).map(([account, when]) => [account, compileWhen(when)]))
}

/** What decides whom rows are for: the list as it is now, and its conditions when the import began. */
export type Routes = {
  readonly at: Destination
  /** Of the list, the account's own among them. */
  readonly targets: readonly Destination[]
  readonly atStart: ReadonlyMap<string, CompiledWhen>
}

/**
 * The outcome of a row that the account is not for; `undefined` for one that it is for. `mayBeSent`: an earlier worker marked
 * the row, and it may have been for the account then.
 */
export function passOverRow(
  { at, targets, atStart }: Routes,
  row: BlockRow,
  mayBeSent: boolean,
): RowOutcome | undefined {
  const warnings = passOverBy(at)?.(row.contact, 0)
  if (warnings === undefined) return undefined
  if (mayBeSent && (atStart.get(at.account.id)?.holds(row.contact) ?? true)) return unsure
  return targets.some((target) => isFor(target, row)) ? { status: 'skipped', warnings } : nowhere(warnings)
}

function isFor({ account, when }: Destination, { accounts, contact }: BlockRow): boolean {
  return (accounts === undefined || accounts.includes(account.id)) && (when === undefined || when.holds(contact))
}

function nowhere(warnings: readonly Warning[]): RowOutcome {
  return { status: 'skipped', warnings: [...warnings, noTarget], code: noTarget.code, detail: noTarget.detail }
}

const unsure: RowOutcome = {
  status: 'unknown',
  warnings: [],
  code: 'not_for_this_target',
  detail:
    'It may have been sent before the list was changed, by which the account is not for this contact any more. Look there.',
}
