import type { OutcomeStatus } from '../../domain/outcome.ts'
import type { ImportRecord, ImportStore } from '../../services/import-store-port.ts'
import { type ImportColumns, recallColumns } from '../columns/import-columns.ts'
import { matchHeader } from '../columns/match-header.ts'
import { cutCell } from '../file/file-refusal.ts'
import type { ImportOptions } from '../import-options.ts'
import { type CellRules, cellRules, columnOfPointer } from '../rows/cell-rules.ts'
import { RowBlock } from '../rows/row-block.ts'
import type { ImportFormat } from '../start-import.ts'
import type { Rejection } from './errors-csv.ts'
import { decodeReport, type ReportEntry } from './report-codec.ts'

/** A row that did not get in, or was passed over, at one account. */
export type ImportError = {
  readonly row: number
  readonly line: number
  readonly column: string
  readonly value: string
  readonly account: string
  readonly status: OutcomeStatus
  readonly code: string
  readonly detail: string
}

/** Where a page of errors ends: the next one begins with this entry of this block. */
export type ErrorPosition = { readonly block: number; readonly entry: number }

type ReportedImport = Pick<ImportRecord, 'id' | 'format' | 'options'>

/** A page of an import's errors, by row, then by account. `next` is absent on the last page. */
export async function readErrors(store: ImportStore, uploaded: ReportedImport, from: ErrorPosition, limit: number) {
  const { id } = uploaded
  const columns = columnsOf(uploaded)
  const rules = cellRules(uploaded.options as ImportOptions)
  const items: ImportError[] = []
  for await (const { block, rows, entries } of reportedBlocks(store, id, from.block)) {
    const start = block === from.block ? from.entry : 0
    const room = limit - items.length
    items.push(...entries.slice(start, start + room).map((entry) => errorOf(entry, rows, columns, rules)))
    if (start + room < entries.length) return { items, next: { block, entry: start + room } }
    if (items.length >= limit) return { items, next: { block: block + 1, entry: 0 } }
  }
  return { items }
}

/** What a caller can mend and send again: one rejection a row, naming the accounts that lack it. */
export async function* readRejections(store: ImportStore, id: string): AsyncGenerator<Rejection> {
  for await (const { rows, entries } of reportedBlocks(store, id, 0)) {
    const lacking = entries.filter(({ status, code }) => status !== 'skipped' || code === 'no_target')
    for (const [at, ofRow] of Map.groupBy(lacking, (entry) => entry.at)) {
      const told = (text: (entry: ReportEntry) => string) => [...new Set(ofRow.map(text))].join('; ')
      const { row, cells } = rows.uploaded(at)
      yield {
        row,
        cells,
        accounts: ofRow.map(({ account }) => account),
        status: told(({ status }) => status),
        code: told(({ code }) => code),
        detail: told(({ detail }) => detail),
      }
    }
  }
}

type PlacedEntry = ReportEntry & { readonly account: string }
const blocksPerLook = 50

/** Blocks that have something to report, in the order of the file, with their entries by row. */
async function* reportedBlocks(store: ImportStore, id: string, from: number) {
  for (let next = from; ; ) {
    const blocks = await store.blocksWithReports(id, next, blocksPerLook)
    for (const block of blocks) {
      const [payload, reports] = await Promise.all([store.readBlock(id, block), store.readReports(id, block)])
      // Without this block the report would look whole and not be it.
      if (payload === undefined) throw new Error('A block of an import that has something to report is gone.')
      const entries = [...reports].flatMap(([account, chunks]): PlacedEntry[] =>
        chunks.flatMap((chunk) => decodeReport(chunk).map((entry) => ({ ...entry, account }))),
      )
      yield { block, rows: new RowBlock(payload), entries: entries.sort((one, other) => one.at - other.at) }
    }
    if (blocks.length < blocksPerLook) return
    next = (blocks.at(-1) as number) + 1
  }
}

function errorOf(
  { at, account, status, code, detail, pointer = '', ...cell }: PlacedEntry,
  rows: RowBlock,
  columns: ImportColumns | undefined,
  rules: CellRules,
): ImportError {
  const { row, line, cells } = rows.uploaded(at)
  const { name = '', index = -1 } = (columns && columnOfPointer(columns, pointer, cells, rules)) ?? {}
  const { column = name, value = cells[index] ?? '' } = cell
  return { row, line, column, value: cutCell(value), account, status, code, detail }
}

/** What the columns were taken for; `undefined` when an earlier version took them and this one would not: its reports stay. */
function columnsOf({ format, options }: ReportedImport): ImportColumns | undefined {
  const { header, columns } = format as ImportFormat
  if (columns !== undefined) return recallColumns(columns, header)
  const match = matchHeader(header, (options as ImportOptions).mapping)
  return 'columns' in match ? match.columns : undefined
}
