import { type ColumnTarget, isCountryCode } from './column-target.ts'

export type MappedColumn = {
  readonly index: number
  readonly name: string
  readonly target: ColumnTarget
  /** Its cells are JSON, as we write those that text alone would not bring back. */
  readonly isJson: boolean
}

/** A header that was understood: what each cell of a row is. */
export type ImportColumns = {
  readonly header: readonly string[]
  /** Columns that alone carry a part of the contact, in the order of the file. */
  readonly mapped: readonly MappedColumn[]
  /** Columns that carry the same part, two or more: the first of them that is not empty counts. */
  readonly merged: readonly (readonly MappedColumn[])[]
  /** Columns that say of which country the number in another one is. */
  readonly countryCodes: readonly MappedColumn[]
  /** The index of the cell that names a row's accounts, in an error report that is uploaded again. */
  readonly accountIndex: number | undefined
}

/** `columns`: in the order in which those of one target count. */
export function arrangeColumns(
  header: readonly string[],
  columns: readonly MappedColumn[],
  accountIndex: number | undefined,
): ImportColumns {
  const countryCodes = columns.filter(({ target }) => isCountryCode(target))
  const parts = columns.filter(({ target }) => !isCountryCode(target))
  const byTarget = [...Map.groupBy(parts, ({ target }) => target).values()]
  const mapped = byTarget.flatMap((same) => (same.length === 1 ? same : []))
  const merged = byTarget.filter((same) => same.length > 1)
  return { header, mapped: mapped.sort((one, other) => one.index - other.index), merged, countryCodes, accountIndex }
}

/** Those that carry a part of the contact: alone, or with others. */
export function carriers({ mapped, merged }: ImportColumns): readonly MappedColumn[] {
  return [...mapped, ...merged.flat()]
}

/** The columns that a pointer into the contact (`/phone`) comes from, in the order in which they count. */
export function columnsOfPointer(columns: ImportColumns, pointer: string): readonly MappedColumn[] {
  const target = pointer
    .replace(/^\//, '')
    .replaceAll('/', '.')
    .replace(/^tags\..*/, 'tags')
  return carriers(columns).filter((column) => column.target === target)
}

/** The same without the names, as it is kept with an import: what reports need need not be found anew. */
export type KeptColumns = {
  readonly mapped: readonly (readonly [index: number, target: ColumnTarget, isJson: boolean])[]
  readonly accountIndex: number | undefined
}

export function keepColumns(columns: ImportColumns): KeptColumns {
  const all = [...carriers(columns), ...columns.countryCodes]
  return { mapped: all.map(({ index, target, isJson }) => [index, target, isJson]), accountIndex: columns.accountIndex }
}

export function recallColumns({ mapped, accountIndex }: KeptColumns, header: readonly string[]): ImportColumns {
  const columns = mapped.map(([index, target, isJson]) => ({ index, target, isJson, name: header[index] ?? '' }))
  return arrangeColumns(header, columns, accountIndex)
}
