import type { ConflictPolicy, Contact } from '../../domain/contact.ts'
import type { ParsedContact } from '../../domain/parse-contact.ts'
import type { Account } from '../../providers/account.ts'
import type { Destination } from '../catalog/catalog.ts'
import { canBeAsked } from './find-contact.ts'

/** One call, or for `createContact` one short conversation. */
export type PlannedCall = {
  readonly via: 'addContacts' | 'importContacts' | 'createContact'
  readonly indexes: readonly number[]
  /** An earlier try may have been applied: begin by asking, where the provider can be asked. */
  readonly suspect?: boolean
  /** The person is suppressed: with `suspect`, ask what the earlier try has left, and send nothing. */
  readonly onlyAsk?: boolean
}

/** Puts contacts into the fewest calls that the account's provider and its settings allow. */
export function planCalls(
  at: Destination,
  contacts: readonly ParsedContact[],
  sendable: readonly number[],
  onConflict: ConflictPolicy,
): PlannedCall[] {
  // Calls for many go to a list.
  const { addContacts, importContacts } = at.target === undefined ? {} : at.account.adapter.operations
  if (addContacts !== undefined) return chunk('addContacts', at, addContacts, contacts, sendable)
  // A file import writes over what is there, so it cannot serve `skip`.
  const carried =
    importContacts !== undefined && onConflict === 'update'
      ? sendable.filter((index) => carries(at, importContacts, contactOf(contacts, index)))
      : []
  if (importContacts === undefined || carried.length < (importContacts.minContacts ?? 1)) return sendable.map(single)
  const others = new Set(carried)
  return [
    ...chunk('importContacts', at, importContacts, contacts, carried),
    ...sendable.filter((index) => !others.has(index)).map(single),
  ]
}

type Batch = NonNullable<Account['adapter']['operations']['addContacts']>

function chunk(
  via: 'addContacts' | 'importContacts',
  at: Destination,
  operation: Batch,
  contacts: readonly ParsedContact[],
  indexes: readonly number[],
): PlannedCall[] {
  const given = Math.min(at.account.batchSize ?? operation.maxContacts, operation.maxContacts)
  const size = at.account.policies.sizes.most(via, given)
  const groups =
    operation.groupKey === undefined
      ? [indexes]
      : [...Map.groupBy(indexes, (index) => operation.groupKey?.(contactOf(contacts, index))).values()]
  return groups.flatMap((group) => {
    const calls: PlannedCall[] = []
    for (let start = 0; start < group.length; start += size)
      calls.push({ via, indexes: group.slice(start, start + size) })
    return calls
  })
}

function single(index: number): PlannedCall {
  return { via: 'createContact', indexes: [index] }
}

function carries(at: Destination, operation: Batch, contact: Contact): boolean {
  return operation.carries?.(contact, at.account.settings) ?? true
}

/** The contact of a batch at an index. */
export function contactOf(contacts: readonly ParsedContact[], index: number): Contact {
  return (contacts[index] as ParsedContact).contact
}

/**
 * Can the call's contacts be sent again without harm after an ambiguous end? True when the operation is repeatable, or
 * the provider can be asked what it has.
 */
export function isSettleable({ adapter }: Account, { via }: Pick<PlannedCall, 'via'>): boolean {
  return adapter.operations[via]?.repeatable === true || (via === 'createContact' && canBeAsked(adapter))
}

/** Does a refusal leave none of the call's contacts applied? */
export function isAtomic({ adapter }: Account, { via, indexes }: PlannedCall): boolean {
  return indexes.length === 1 || (via !== 'createContact' && adapter.operations[via]?.atomic === true)
}
