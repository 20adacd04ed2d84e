import type { Destination } from '../services/catalog/catalog.ts'
import type { ImportWarning } from './columns/column-target.ts'
import { headerLosses, type LossWarning } from './columns/header-losses.ts'
import type { ImportColumns } from './columns/import-columns.ts'
import { type HeaderMatch, matchHeader } from './columns/match-header.ts'
import { warnOfCells } from './columns/warn-of-cells.ts'
import { warnOfEncoding } from './encodings/warn-of-encoding.ts'
import type { FileRefusal } from './file/file-refusal.ts'
import type { TableFile } from './file/read-table.ts'
import type { WorkbookWarning } from './file/xlsx/read-xlsx.ts'
import type { ImportOptions } from './import-options.ts'
import { cellRules } from './rows/cell-rules.ts'

/** What the columns of a file are, and what an import of it begins with. */
export type UnderstoodFile = {
  readonly columns: ImportColumns
  readonly warnings: readonly (ImportWarning | LossWarning | WorkbookWarning)[]
}

type ReadFile = Pick<TableFile, 'header' | 'firstRows' | 'format' | 'warnings'>

/** Tells by the header and the first rows of a file what an import to these targets takes it for, or why it refuses it. */
export async function understandFile(
  file: ReadFile,
  options: ImportOptions,
  targets: readonly Destination[],
): Promise<UnderstoodFile | { readonly refusal: FileRefusal }> {
  const match: HeaderMatch = matchHeader(file.header, options.mapping, file.firstRows, options.order)
  if ('refusal' in match) return match
  const warnings = [
    ...file.warnings,
    ...match.warnings,
    ...headerLosses(match.columns, targets),
    ...warnOfCells(file.firstRows, match.columns, cellRules(options)),
    ...(await warnOfEncoding(file)),
  ]
  return { columns: match.columns, warnings }
}
