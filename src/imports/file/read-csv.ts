import type { Readable } from 'node:stream'
import { notUtf8 } from '../encodings/encoding-refusals.ts'
import { Utf8Check } from './check-utf8.ts'
import { FileRefused } from './file-refusal.ts'
import { csvGrammar } from './find-delimiter.ts'
import { parseRecords } from './parse-records.ts'
import { readAsUtf8, rejoin } from './read-as-utf8.ts'
import { RecordScanner } from './scan-records.ts'
import { type DeclaredCsv, sniffCsv, sniffedBytes } from './sniff-csv.ts'
import {
  asRefusal,
  type CsvFile,
  type CsvLimits,
  defaultCsvLimits,
  overLimit,
  type Records,
  readTable,
} from './table-of-records.ts'
import { wholeRecords } from './whole-records.ts'
import { withoutEndMark } from './without-end-mark.ts'

export type ReadCsvOptions = DeclaredCsv & {
  /** A label of the Encoding Standard. Without it the file is UTF-8, or UTF-16 with a byte order mark. */
  readonly encoding?: string
  readonly limits?: Partial<CsvLimits>
}

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
  let chunks: AsyncIterator<Uint8Array> =
    options.firstBytes === undefined ? limited(source, limits.maxBytes) : beginning(source, options.firstBytes)
  let records: AsyncGenerator<Records> | undefined
  try {
    const isPiece = options.firstBytes !== undefined
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
    return await readTable(records, scanner, { limits, format, isPiece })
  } catch (error) {
    await (records ?? chunks).return?.(undefined)
    throw asRefusal(error)
  }
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

/** So many bytes of the source, which ends with its reader. */
async function* beginning(source: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let missing = bytes
  for await (const chunk of source) {
    yield chunk.subarray(0, missing)
    missing -= chunk.length
    if (missing <= 0) return
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
