import type { CsvRow } from '../file/csv-row.ts'
import type { Column, FoundBy } from './column.ts'
import { type Contents, contentsOf } from './column-contents.ts'
import type { ColumnTarget } from './column-target.ts'
import { type ColumnOrder, inOrder } from './merge-columns.ts'
import { type ColumnMapping, takeColumns } from './take-columns.ts'

/** What a column is taken for, and how sure that is. */
export type ColumnGuess = {
  readonly index: number
  /** Its name in the file. */
  readonly header: string
  /** `null`: it is not imported. */
  readonly field: ColumnTarget | null
  /** From 0 to 1, one of `confidences`. */
  readonly confidence: number
  /** What its cells look like where no name tells; an import proposes it, and does not take it. */
  readonly proposal?: Contents
  /** Of several columns of one field: as which of them it counts, from 1. */
  readonly place?: number
}

/** How sure a guess is, by what it goes by. `contents`: of the proposal. `nothing`: nothing is known of the column. */
export const confidences = {
  mapping: 1,
  ourName: 1,
  name: 0.9,
  words: 0.8,
  fallback: 0.6,
  contents: 0.5,
  nothing: 0,
} as const satisfies Record<FoundBy | 'contents' | 'nothing', number>

/**
 * What an import with this mapping takes each column for, in the order of the file; also of a header that it refuses. A
 * mapping that does not fit counts as far as it does, and so does an order.
 */
export function guessColumns(
  header: readonly string[],
  firstRows: readonly CsvRow[],
  mapping: ColumnMapping = {},
  order: ColumnOrder = {},
): readonly ColumnGuess[] {
  const { columns } = takeColumns(header, mapping)
  const places = placesOf(columns, order)
  return columns.map((column) => {
    const place = places.get(column)
    return place === undefined ? guessOf(column, firstRows) : { ...guessOf(column, firstRows), place }
  })
}

/** Of those that share a field, from 1. */
function placesOf(columns: readonly Column[], order: ColumnOrder): ReadonlyMap<Column, number> {
  const byTarget = Map.groupBy(inOrder(columns, order), ({ target }) => target)
  const sharing = [...byTarget.values()].filter((same) => same.length > 1)
  return new Map(sharing.flatMap((same) => same.map((column, index) => [column, index + 1] as const)))
}

function guessOf({ index, name, target, by, isReport }: Column, firstRows: readonly CsvRow[]): ColumnGuess {
  if (by !== undefined) return { index, header: name, field: target ?? null, confidence: confidences[by] }
  // What a report adds is known to be no part of the contact.
  if (isReport) return { index, header: name, field: null, confidence: confidences.ourName }
  const contents = contentsOf(firstRows, index)
  const found = contents === undefined ? 'nothing' : 'contents'
  const proposal = contents === undefined ? {} : { proposal: contents }
  return { index, header: name, field: null, confidence: confidences[found], ...proposal }
}
