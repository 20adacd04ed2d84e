import { pipeline, Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { stringify } from 'csv-stringify'
import { accountIndexOf, reportColumns, reportIndexes } from '../columns/report-columns.ts'
import { neutralizeCell } from '../file/formula-cells.ts'
import type { CsvFormat } from '../file/sniff-csv.ts'
import { inFormat } from './in-format.ts'

/** A row that did not get in, as it was uploaded, and where and why. */
export type Rejection = {
  readonly row: number
  readonly cells: readonly string[]
  /** The accounts that lack it for this reason; none means all accounts of the list. */
  readonly accounts: readonly string[]
  readonly status: string
  readonly code: string
  readonly detail: string
}

/** So many rows are written before others have their turn. */
const rowsInTurn = 200

/** What a report needs to look like the file that was uploaded. */
export type UploadedFile = { readonly header: readonly string[]; readonly format: CsvFormat }

/**
 * Writes the rows that did not get in as CSV: columns, delimiter, line breaks and encoding as uploaded, then
 * `_row,_account,_status,_code,_detail`. What an earlier report added is left out first. Missing cells are written
 * empty, surplus ones behind the last column. Cells that a spreadsheet would run as a formula are neutralised
 * (formula-cells.ts), and `readCsv` undoes that. Rows are taken as they are needed; the stream fails as they fail.
 */
export function errorReportCsv(
  rejections: Iterable<Rejection> | AsyncIterable<Rejection>,
  { header, format }: UploadedFile,
): Readable {
  const own = reportIndexes(header)
  const account = accountIndexOf(header, own)
  const kept = header
    .keys()
    .filter((index) => !own.has(index) && index !== account)
    .toArray()
  const writer = stringify({
    delimiter: format.delimiter,
    record_delimiter: format.lineBreak,
    quote_record_delimiter: true,
    cast: { string: neutralizeCell },
  })
  async function* records(): AsyncGenerator<string[]> {
    yield [...kept.map((index) => header[index] as string), ...reportColumns]
    let written = 0
    for await (const rejection of rejections) {
      // With the embedded store nothing of this waits for anything else.
      if (++written % rowsInTurn === 0) await setImmediate()
      yield toRecord(rejection, kept, header.length)
    }
  }
  // An error of the rows destroys the writer, whose reader is told; nobody else need be told here.
  pipeline(Readable.from(records()), writer, () => {})
  return inFormat(writer, format)
}

function toRecord({ cells, row, accounts, status, code, detail }: Rejection, kept: readonly number[], columns: number) {
  return [
    ...kept.map((index) => cells[index] ?? ''),
    ...[String(row), accounts.join(' '), status, code, detail],
    ...cells.slice(columns),
  ]
}
