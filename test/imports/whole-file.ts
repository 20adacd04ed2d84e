import { parseContact } from '../../src/domain/parse-contact.ts'
import { matchHeader } from '../../src/imports/columns/match-header.ts'
import type { ColumnMapping } from '../../src/imports/columns/take-columns.ts'
import type { CsvRow } from '../../src/imports/file/csv-row.ts'
import { type FileRefusal, FileRefused } from '../../src/imports/file/file-refusal.ts'
import { type ReadCsvOptions, readCsv } from '../../src/imports/file/read-csv.ts'
import type { CsvFormat } from '../../src/imports/file/sniff-csv.ts'
import { rowToContact } from '../../src/imports/rows/row-to-contact.ts'

export type WholeFile = { readonly format: CsvFormat; readonly header: readonly string[]; readonly rows: CsvRow[] }

/** Cuts bytes at the given places, each from 0 to 1 of the length. */
export function chunksOf(bytes: Uint8Array, cuts: readonly number[] = []): Uint8Array[] {
  const places = [0, ...cuts.map((cut) => Math.round(cut * bytes.length)).sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end))
}

export async function* streamOf(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks
}

export async function readWhole(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options?: ReadCsvOptions,
): Promise<WholeFile> {
  const source = Symbol.asyncIterator in chunks ? chunks : streamOf(chunks)
  const { format, header, batches } = await readCsv(source, options)
  const rows: CsvRow[] = []
  for await (const batch of batches) rows.push(...batch)
  return { format, header, rows }
}

/** What the file is refused with; `undefined` when it is read to its end. */
export async function refusalOf(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options?: ReadCsvOptions,
): Promise<FileRefusal | undefined> {
  const error = await readWhole(chunks, options).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error === undefined || error instanceof FileRefused) return error?.refusal
  throw error
}

/** The file as contacts: those that are good, as an import would send them, and what is wrong with each other row. */
export async function readContacts(bytes: Uint8Array, mapping?: ColumnMapping, defaultCountry?: string) {
  const { header, rows } = await readWhole([bytes])
  const match = matchHeader(header, mapping)
  if ('refusal' in match) throw new FileRefused(match.refusal)
  return rows.map((row) => {
    const { draft, errors, accounts } = rowToContact(row, match.columns)
    const read = parseContact(draft, defaultCountry)
    const code = errors[0]?.code ?? read.error?.code
    return { row: row.row, line: row.line, code, accounts, contact: read.contact, draft }
  })
}
