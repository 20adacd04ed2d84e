/** The columns that our own error report adds, in the order of its columns. */
export const reportColumns = ['_row', '_account', '_status', '_code', '_detail'] as const

/**
 * The columns of a header that our own error report added, by index; an earlier version wrote `_line` too. There are none
 * unless all five are there: a file may have a `_status` of its own. Where a name comes twice the last one is ours, since we
 * write ours behind the others.
 */
export function reportIndexes(header: readonly string[]): ReadonlySet<number> {
  const places = new Map(header.map((name, index) => [normalized(name), index]))
  const own = reportColumns.flatMap((name) => places.get(name) ?? [])
  if (own.length < reportColumns.length) return new Set()
  const lines = places.get('_line')
  return new Set(lines === undefined ? own : [...own, lines])
}

/**
 * The column that tells for which accounts a row is. It does so in any file, or the rows of a report of which no more than
 * this column is left would go to all accounts again.
 */
export function accountIndexOf(header: readonly string[], own = reportIndexes(header)): number | undefined {
  const index = header.findIndex((name, at) => isAccountColumn(name) && (own.size === 0 || own.has(at)))
  return index < 0 ? undefined : index
}

function isAccountColumn(name: string): boolean {
  return normalized(name) === '_account'
}

function normalized(name: string): string {
  return name.trim().toLowerCase()
}
