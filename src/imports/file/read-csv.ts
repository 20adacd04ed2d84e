import type { Readable } from 'node:stream'
import { CsvError } from 'csv-parse'
import { isLongerThan } from '../../domain/contact-limits.ts'
import { notUtf8 } from '../encodings/encoding-refusals.ts'
import { Utf8Check } from './check-utf8.ts'
import type { CsvRow } from './csv-row.ts'
import { type FileRefusal, FileRefused } from './file-refusal.ts'
import { csvGrammar } from './find-delimiter.ts'
import { restoreRow } from './formula-cells.ts'
import { parseRecords } from './parse-records.ts'
import { readAsUtf8, rejoin } from './read-as-utf8.ts'
import { RecordScanner } from './scan-records.ts'
import { type CsvFormat, type DeclaredCsv, sniffCsv, sniffedBytes } from './sniff-csv.ts'
import { wholeRecords } from './whole-records.ts'
import { withoutEndMark } from './without-end-mark.ts'

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

export type ReadCsvOptions = DeclaredCsv & {
  /** A label of the Encoding Standard. Without it the file is UTF-8, or UTF-16 with a byte order mark. */
  readonly encoding?: string
  readonly limits?: Partial<CsvLimits>
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

/** How many bytes are parsed in one go; then others get their turn. */
const pieceBytes = 16_384

/**
 * Reads CSV from a stream, header first, with memory for a few rows only. What spreadsheets and other programs put
 * around a value is taken away (see formula-cells.ts), and so is a Ctrl-Z at the end. The source is destroyed when it is not
 * read to its end.
 * @throws FileRefused when the file is no CSV, is over a limit, or has no header; and what the source throws.
 */
export async function readCsv(
  source: Readable | AsyncIterable<Uint8Array>,
  options: ReadCsvOptions = {},
): Promise<CsvFile> {
  const limits = { ...defaultCsvLimits, ...options.limits }
  let chunks: AsyncIterator<Uint8Array> = limited(source, limits.maxBytes)
  let records: AsyncGenerator<Records> | undefined
  try {
    const isPiece = options.isPiece === true
    const file = await readAsUtf8(chunks, options.encoding, isPiece)
    chunks = file.chunks
    const { head, written } = file
    const sniffed = sniffCsv(head.subarray(0, sniffedBytes), options)
    if ('code' in sniffed) throw new FileRefused(sniffed)
    const { skippedBytes, skippedLines } = sniffed
    const format = { ...sniffed.format, ...written }
    const newScanner = () => new RecordScanner(format.delimiter, limits.maxRowBytes, 1 + skippedLines)
    const scanner = newScanner()
    const text = rejoin(head.subarray(skippedBytes), chunks)
    records = parseRecords(checked(isPiece ? wholeRecords(text, newScanner()) : text, scanner), {
      ...csvGrammar,
      delimiter: format.delimiter,
      max_record_size: limits.maxRowBytes,
    })
    const { header, headerLine, rest } = await readHeader(records, scanner, limits.maxColumns, isPiece)
    const all = records
    const rows = readRows(followedBy([rest], all), scanner, { ...limits, columns: header.length, isPiece })
    const first = await readFirst(rows)
    const batches = followedBy(first, rows)
    return { format, header, headerLine, firstRows: first.flat(), batches, close: () => void all.return(undefined) }
  } catch (error) {
    await (records ?? chunks).return?.(undefined)
    throw asRefusal(error)
  }
}

type Records = readonly string[][]

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

/** The source, which ends with its reader. @throws FileRefused when there are more bytes. */
async function* limited(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let total = 0
  for await (const chunk of source) {
    total += chunk.length
    if (total > maxBytes) throw new FileRefused(overLimit(`The file has more than ${maxBytes} bytes`))
    yield chunk
  }
}

/** Hands the bytes on once they are known to be readable, so that the parser never sees what it would choke on. */
async function* checked(chunks: AsyncIterable<Uint8Array>, scanner: RecordScanner): AsyncGenerator<Uint8Array> {
  const utf8 = new Utf8Check()
  let end: Uint8Array = new Uint8Array(0)
  for await (const chunk of withoutEndMark(chunks)) {
    for (let start = 0; start < chunk.length; start += pieceBytes) {
      const piece = chunk.subarray(start, start + pieceBytes)
      const { text, isBroken } = utf8.take(piece)
      const clean = scanner.scan(text)
      if (isBroken) await refuseEncoding(scanner, piece)
      yield clean
      end = piece
    }
  }
  if (utf8.endsBroken()) await refuseEncoding(scanner, end)
  yield scanner.end()
}

/** @throws FileRefused always, with the encoding that the bytes seem to be in */
async function refuseEncoding(scanner: RecordScanner, bytes: Uint8Array): Promise<never> {
  const { guessEncoding } = await import('../encodings/guess-encoding.ts')
  return scanner.refuse((line) => notUtf8(line, guessEncoding(bytes)))
}

/** The names, and the records that were read with them. */
async function readHeader(
  records: AsyncGenerator<Records>,
  scanner: RecordScanner,
  maxColumns: number,
  isPiece: boolean,
) {
  for (;;) {
    const next = await records.next()
    if (next.done === true)
      throw new FileRefused(
        unreadable(isPiece ? cutHeader : 'The file has no header row. Name its columns in the first row.'),
      )
    for (const [index, record] of next.value.entries()) {
      const line = scanner.takeRecordLine()
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
  scanner: RecordScanner,
  { columns, maxRows, isPiece }: { readonly columns: number; readonly maxRows: number; readonly isPiece: boolean },
): AsyncGenerator<readonly CsvRow[], void> {
  let row = 0
  try {
    for await (const some of records) {
      const batch: CsvRow[] = []
      for (const record of some) {
        const line = scanner.takeRecordLine()
        if (isBlank(record)) continue
        const cells = readCells(record, columns)
        if (++row > maxRows) throw new FileRefused({ ...overLimit(`The file has more than ${maxRows} rows`), line })
        batch.push({ row, line, cells })
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
function asRefusal(error: unknown): unknown {
  return error instanceof CsvError ? new FileRefused(unreadable('The file is no CSV that can be read.')) : error
}

function unreadable(detail: string): FileRefusal {
  return { code: 'file-unreadable', detail }
}

function overLimit(what: string): FileRefusal {
  return { code: 'payload-too-large', detail: `${what}, the limit for an import. Split the file.` }
}
