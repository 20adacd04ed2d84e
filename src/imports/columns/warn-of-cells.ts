import type { Warning } from '../../domain/outcome.ts'
import type { CsvRow } from '../file/csv-row.ts'
import { type CellRules, usualPlaceholders } from '../rows/cell-rules.ts'
import { rowToContact } from '../rows/row-to-contact.ts'
import type { ImportWarning } from './column-target.ts'
import type { ImportColumns, MappedColumn } from './import-columns.ts'

/** What of the first rows does not count, column by column. Which rows those are, and later ones, their losses tell. */
export function warnOfCells(
  firstRows: readonly CsvRow[],
  columns: ImportColumns,
  rules: CellRules,
): readonly ImportWarning[] {
  const warnings = firstRows.flatMap((row) => rowToContact(row, { ...columns, merged: [] }, rules).warnings)
  const alone = [...columns.mapped, ...columns.countryCodes].flatMap((column) => explainAll(warnings, column))
  // A pointer does not tell which of several columns it was.
  const merged = columns.merged.flat().flatMap((column) => {
    const only = { ...columns, mapped: [column], merged: [], countryCodes: [] }
    return explainAll(
      firstRows.flatMap((row) => rowToContact(row, only, rules).warnings),
      column,
    )
  })
  return [...alone, ...merged]
}

function explainAll(warnings: readonly Warning[], column: MappedColumn): readonly ImportWarning[] {
  const pointer = `/${column.target.replace('.', '/')}`
  const codes = new Set(warnings.filter((warning) => warning.pointer === pointer).map(({ code }) => code))
  return [...codes].flatMap((code) => explain(code, column))
}

function explain(code: string, { index, name }: MappedColumn): ImportWarning[] {
  const column = `column ${index + 1}`
  if (code === 'placeholder_ignored') {
    const detail = `Cells of ${column} that say that there is no value (such as ${usualPlaceholders.join(', ')}) count as empty. Say in emptyCells which ones do.`
    return [{ code, column: name, detail }]
  }
  if (code === 'formula_without_value') {
    const detail = `Cells of ${column} are formulas whose values are not in the file; they count as empty. Open the workbook in a spreadsheet program, save it and upload it again: then they are.`
    return [{ code, column: name, detail }]
  }
  if (code !== 'group_ignored') return []
  const detail = `Groups that Google puts every contact in, such as * myContacts, are no tags of ${column}.`
  return [{ code, column: name, detail }]
}
