import { type FileRefusal, mappingExample, quoted } from '../file/file-refusal.ts'
import type { Column } from './column.ts'
import { placeOfName } from './column-order.ts'
import { type ColumnTarget, type ImportWarning, isCountryCode, isTarget } from './column-target.ts'
import type { ContactField } from './header-names.ts'
import { columnFinder, type OptionError, pointerPart, unknownColumn } from './take-columns.ts'

/** By field: names of columns, the one that counts first in front. */
export type ColumnOrder = Readonly<Record<string, readonly string[]>>

/** The columns of each target, in the order of the file. */
function sharing(columns: readonly Column[]): ReadonlyMap<ColumnTarget, readonly Column[]> {
  const taken = columns.filter((column): column is Column & { target: ColumnTarget } => column.target != null)
  return Map.groupBy(taken, ({ target }) => target)
}

/**
 * Columns in the order in which those of one target count: as `order` says, then those of the mapping as in the file, and
 * those that are known by their names by the kind of these.
 */
export function inOrder(columns: readonly Column[], order: ColumnOrder): readonly Column[] {
  const find = columnFinder(columns)
  return [...sharing(columns)].flatMap(([target, same]) => {
    if (same.length === 1) return same
    const said = (order[target] ?? []).flatMap(find)
    const placeOf = (column: Column) => {
      const at = said.indexOf(column)
      if (at >= 0) return at
      if (column.by === 'mapping') return said.length
      const isLater = column.by === 'fallback' ? 0.5 : 0
      return said.length + (placeOfName(target as ContactField, column.name) ?? 0) + isLater
    }
    return same.toSorted((one, other) => placeOf(one) - placeOf(other) || one.index - other.index)
  })
}

/** What of `order` does not fit the columns. */
export function checkOrder(columns: readonly Column[], order: ColumnOrder): readonly OptionError[] {
  const find = columnFinder(columns)
  return Object.entries(order).flatMap(([target, names]) => {
    const pointer = `#/order/${pointerPart(target)}`
    if (!isTarget(target)) {
      const detail = 'It is neither a field nor attributes.<name>.'
      return [{ pointer, code: 'unknown_target', detail }]
    }
    return names.flatMap((name, index) => {
      const called = find(name)
      const at = { pointer: `${pointer}/${index}` }
      if (called.length === 0) return [{ ...at, code: 'unknown_column', detail: unknownColumn(name, columns) }]
      if (called.every((column) => column.target === target)) return []
      const detail = `The column ${quoted(name)} is not ${target}. Map it to that, or leave it out here${mappingExample(name, target)}.`
      return [{ ...at, code: 'other_target', detail }]
    })
  })
}

/**
 * Columns of one target of which none can be said to count: of one name, or known by names that do not tell; and of country
 * codes, which belong to one number.
 */
export function findConflict(columns: readonly Column[]): FileRefusal | undefined {
  for (const [target, same] of sharing(columns)) {
    const [first, second] = conflicting(target, same)
    if (first === undefined || second === undefined) continue
    const mend =
      first.name === second.name
        ? 'Rename or remove one of them'
        : `Say with a mapping which one counts${mappingExample(second.name, null)}`
    const detail = `Columns ${first.index + 1} ${quoted(first.name)} and ${second.index + 1} ${quoted(second.name)} are both ${target}. ${mend}.`
    return { code: 'file-unreadable', detail }
  }
  return undefined
}

function conflicting(target: ColumnTarget, same: readonly Column[]): readonly Column[] {
  if (same.length === 1) return []
  const [alike = []] = [...Map.groupBy(same, ({ name }) => name).values()].filter((some) => some.length > 1)
  if (alike.length > 0 || isCountryCode(target)) return alike.length > 0 ? alike : same
  const isPlaced = ({ by, name }: Column) => by === 'mapping' || placeOfName(target as ContactField, name) !== undefined
  return same.every(isPlaced) ? [] : same
}

/** What is to be known of columns of one target that nobody mapped or ordered. */
export function warnOfMerged(columns: readonly Column[], order: ColumnOrder): readonly ImportWarning[] {
  return [...sharing(inOrder(columns, order))].flatMap(([target, same]) => {
    const [first] = same
    if (first === undefined || same.length === 1 || order[target] !== undefined) return []
    if (same.every(({ by }) => by === 'mapping')) return []
    const names = same.map(({ index, name }) => `${index + 1} ${quoted(name)}`)
    const detail = `Columns ${listed(names)} are ${same.length === 2 ? 'both' : 'all'} ${target}: of each row the first in this order that is not empty counts. Say with order if another one is to come first, and map those to null that are not wanted.`
    return [{ code: 'columns_merged', column: first.name, detail }]
  })
}

const mostListed = 8

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostListed)
  return names.length > mostListed ? `${shown.join(', ')} and ${names.length - mostListed} more` : shown.join(', ')
}
