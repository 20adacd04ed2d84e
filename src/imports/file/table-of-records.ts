import { CsvError } from 'csv-parse'
import { isLongerThan } from '../../domain/contact-limits.ts'
import type { CsvRow } from './csv-row.ts'
import { type FileRefusal, FileRefused } from './file-refusal.ts'
import { restoreRow } from './formula-cells.ts'
import type { CsvFormat } from './sniff-csv.ts'

export type CsvLimits = {
  /** Of the whole file. */
  readonly maxBytes: number
  readonly maxRows: number
  /** Of one row, without its line break; the header is one too. */
  readonly maxRowBytes: number
  readonly maxColumns: number
}

export const defaultCsvLimits: CsvLimits = {
  maxBytes: 50 * 1_024 * 1_024,
  maxRows: 500_000,
  maxRowBytes: 64 * 1_024,
  maxColumns: 500,
}

/** A file whose header was read. */
export type CsvFile = {
  readonly format: CsvFormat
  /** The names as uploaded; nameless columns at the end are left out. */
  readonly header: readonly string[]
  /** The line on which the header begins, from 1, as an editor counts lines. */
  readonly headerLine: number
  /** Some rows, a hundred if there are as many and they are not long; they come in `batches` too. */
  readonly firstRows: readonly CsvRow[]
  /**
   * The rows, read as they are asked for, a few kilobytes of the file at a time; once only. Ends the reading of the source
   * when it is left early.
   * @throws FileRefused, also after batches: a file is good only when the last batch has come.
   */
  readonly batches: AsyncIterable<readonly CsvRow[]>
  /** Ends the reading where `batches` is not read. */
  close(): void
}

/** Of the name of a column, in characters. */
const longestName = 200

export type Records = readonly string[][]

/** Tells of each record, in their order, on which line it begins. */
export type RecordLines = {
  takeRecordLine(): number
  /** Of the record whose line was taken last: as in `CsvRow`. */
  readonly unvalued?: readonly number[] | undefined
}

/** What is known of a file before its records are read. */
export type Table = {
  readonly format: CsvFormat
  readonly limits: CsvLimits
  /** It goes on behind its records, or may. */
  readonly isPiece?: boolean
}

/** Makes a file of records, of which the first one that is not blank is its header. @throws FileRefused */
export async function readTable(records: AsyncGenerator<Records>, lines: RecordLines, table: Table): Promise<CsvFile> {
  const { header, headerLine, rest } = await readHeader(records, lines, table)
  const rows = readRows(followedBy([rest], records), lines, header.length, table)
  const first = await readFirst(rows)
  const batches = followedBy(first, rows)
  return {
    format: table.format,
    header,
    headerLine,
    firstRows: first.flat(),
    batches,
    close: () => void records.return(undefined),
  }
}

/** The items that were read ahead, and then the others. */
async function* followedBy<Some>(ahead: readonly Some[], others: AsyncGenerator<Some>): AsyncGenerator<Some> {
  try {
    yield* ahead
    yield* others
  } finally {
    await others.return(undefined)
  }
}

const rowsAhead = 100
/** Where rows are long. */
const batchesAhead = 16

/** The batches with the first hundred rows. */
async function readFirst(batches: AsyncGenerator<readonly CsvRow[]>): Promise<(readonly CsvRow[])[]> {
  const first: (readonly CsvRow[])[] = []
  for (let rows = 0; rows < rowsAhead && first.length < batchesAhead; ) {
    const next = await batches.next()
    if (next.done === true) break
    first.push(next.value)
    rows += next.value.length
  }
  return first
}

/** The names, and the records that were read with them. */
async function readHeader(
  records: AsyncGenerator<Records>,
  lines: RecordLines,
  { limits: { maxColumns }, isPiece }: Table,
) {
  for (;;) {
    const next = await records.next()
    if (next.done === true)
      throw new FileRefused(
        unreadable(isPiece ? cutHeader : 'The file has no header row. Name its columns in the first row.'),
      )
    for (const [index, record] of next.value.entries()) {
      const line = lines.takeRecordLine()
      const header: readonly string[] = readCells(record, 0)
      if (header.length === 0) continue
      const refusal = header.length > maxColumns ? tooWide(header.length, maxColumns) : findLongName(header)
      if (refusal !== undefined) throw new FileRefused({ ...refusal, line })
      return { header, headerLine: line, rest: next.value.slice(index + 1) }
    }
  }
}

const cutHeader = 'The piece of the file ends before its header row does. Send more of it.'

function tooWide(columns: number, maxColumns: number): FileRefusal {
  return overLimit(`The header has ${columns} columns, more than ${maxColumns}`)
}

function findLongName(header: readonly string[]): FileRefusal | undefined {
  const long = header.findIndex((name) => isLongerThan(name, longestName))
  if (long < 0) return undefined
  const mend =
    header.length === 1
      ? 'If its columns are separated by another sign, name it as the delimiter'
      : 'If it is no header, put one above it'
  return unreadable(`Column ${long + 1} has a name of more than ${longestName} characters. Shorten it. ${mend}.`)
}

async function* readRows(
  records: AsyncIterable<Records>,
  lines: RecordLines,
  columns: number,
  { limits: { maxRows }, isPiece }: Table,
): AsyncGenerator<readonly CsvRow[], void> {
  let row = 0
  try {
    for await (const some of records) {
      const batch: CsvRow[] = []
      for (const record of some) {
        const line = lines.takeRecordLine()
        const { unvalued } = lines
        if (isBlank(record) && unvalued === undefined) continue
        const cells = readCells(record, columns)
        if (++row > maxRows) throw new FileRefused({ ...overLimit(`The file has more than ${maxRows} rows`), line })
        batch.push(unvalued === undefined ? { row, line, cells } : { row, line, cells, unvalued })
      }
      if (batch.length > 0) yield batch
    }
  } catch (error) {
    throw asRefusal(error)
  }
  if (row === 0 && !isPiece)
    throw new FileRefused(unreadable('The file has a header but no row beneath it. Nothing can be imported.'))
}

function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '')
}

/** The cells as they were meant; blank ones at the end go, but not below `columns`. Changes the array. */
function readCells(cells: string[], columns: number): string[] {
  while (cells.length > columns && cells.at(-1)?.trim() === '') cells.pop()
  return restoreRow(cells)
}

/** The parser's own refusals, should it know one that the scanner does not. */
export function asRefusal(error: unknown): unknown {
  return error instanceof CsvError ? new FileRefused(unreadable('The file is no CSV that can be read.')) : error
}

function unreadable(detail: string): FileRefusal {
  return { code: 'file-unreadable', detail }
}

export function overLimit(what: string): FileRefusal {
  return { code: 'payload-too-large', detail: `${what}, the limit for an import. Split the file.` }
}
