import { Type } from 'typebox'
import { isSameText } from '../domain/same-text.ts'
import type { ReadAccounts } from './accounts.ts'
import { checkReference, readEntries } from './entries.ts'
import type { Path } from './mistakes.ts'
import { isMapping, readShape } from './read-shape.ts'
import type { Reading } from './reading.ts'
import { type ListConfig, ListSchema } from './schema.ts'
import { readTarget } from './targets.ts'

type Target = ListConfig['targets'][number]

/** Reads `lists`. Complete only when no mistake was noted. */
export function readLists(value: unknown, accounts: ReadAccounts, reading: Reading): ReadonlyMap<string, ListConfig> {
  const lists = new Map<string, ListConfig>()
  for (const [id, entry] of readEntries(value, ['lists'], 'list', reading)) {
    const path = ['lists', id]
    const list = readShape(ListSchema, entry, path, reading)
    const targets = (list?.targets ?? []).map((target, index) =>
      readListTarget(target, [...path, 'targets', index], accounts, reading),
    )
    refuseRepeatedAccounts(targets, [...path, 'targets'], reading)
    refuseLookalikes(targets, lists, [...path, 'targets'], reading)
    const complete = targets.filter((target) => target !== undefined)
    lists.set(id, { id, title: list?.title ?? id, numbers: list?.numbers, targets: complete })
  }
  return lists
}

function readListTarget(entry: unknown, path: Path, { adapters }: ReadAccounts, reading: Reading): Target | undefined {
  if (!isMapping(entry)) {
    reading.mistakes.add(path, 'must be a mapping with an account and what its provider needs to know the list')
    return undefined
  }
  const place = [...path, 'account']
  if (!Object.hasOwn(entry, 'account')) {
    reading.mistakes.add(place, 'is missing')
    return undefined
  }
  const account = readShape(Type.String(), entry.account, place, reading)
  checkReference(account, 'account', adapters && [...adapters.keys()], place, reading)
  const adapter = account === undefined ? undefined : adapters?.get(account)
  if (account === undefined || adapter === undefined) return undefined
  const read = readTarget(adapter, entry, path, reading)
  return read && { account, ...read }
}

/** Providers take names in any case: a contact taken off one of two such lists would be off the other. */
function refuseLookalikes(
  targets: readonly (Target | undefined)[],
  lists: ReadonlyMap<string, ListConfig>,
  path: Path,
  { mistakes }: Reading,
): void {
  const others = [...lists.values()].flatMap((list) => list.targets.map((target) => ({ id: list.id, target })))
  targets.forEach((own, index) => {
    const alike = own && others.find(({ target }) => target.account === own.account && isLookalike(own, target))
    if (alike === undefined) return
    mistakes.add([...path, index], `differs from a target of the list ${alike.id} in upper and lower case alone`)
  })
}

/** A list is named by texts alone; how its fields are mapped is the gateway's own matter. */
function isLookalike(one: Target, other: Target): boolean {
  const names = Object.entries(one.target).filter(([, value]) => typeof value === 'string') as [string, string][]
  const others = names.map(([member]) => other.target[member])
  const isAlike = names.every(([, name], index) => isSameText(name, String(others[index])))
  return isAlike && names.some(([, name], index) => name !== others[index])
}

/** Outcomes and the progress of imports are told by account: two targets at one could not be told apart. */
function refuseRepeatedAccounts(targets: readonly (Target | undefined)[], path: Path, { mistakes }: Reading): void {
  const seen = new Set<string>()
  targets.forEach((target, index) => {
    if (target === undefined) return
    if (seen.has(target.account)) mistakes.add([...path, index, 'account'], 'is an account of this list already')
    seen.add(target.account)
  })
}
