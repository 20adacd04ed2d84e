import { parse } from 'csv-parse/sync'
import { looksLikeHeader } from '../columns/column-contents.ts'
import { fieldOfName, reachesPeople } from '../columns/header-names.ts'

export const delimiters = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof delimiters)[number]

const sampledRecords = 50
/** Wider files are refused. */
const mostColumns = 500
/** Above a header may stand what a program writes about its file. */
const recordsAbove = 20

/**
 * Finds the delimiter of CSV from its first records: the one under which a column reaches people, then the one under
 * which most columns have a name that is known, then the one under which a later record looks like a header, then the one
 * under which most records are as wide as the header, then the one with the widest header; `,` when the file has one column. `isCut`: the sample ends somewhere inside a record.
 */
export function findDelimiter(sample: string, isCut: boolean): Delimiter {
  const candidates = delimiters.map((delimiter) => ({ delimiter, ...judge(sample, isCut, delimiter) }))
  const [best] = candidates.toSorted(
    (a, b) =>
      b.reaching - a.reaching || b.known - a.known || b.later - a.later || b.steady - a.steady || b.width - a.width,
  )
  return best?.delimiter ?? ','
}

function judge(sample: string, isCut: boolean, delimiter: Delimiter) {
  const [header = [], ...rows] = firstRecords(sample, isCut, delimiter)
  const fields = header.slice(0, mostColumns).flatMap((name) => fieldOfName(name)?.field ?? [])
  const alike = rows.filter((row) => row.length === header.length).length
  const steady = header.length > 1 && rows.length > 0 ? alike / rows.length : 0
  const reaching = Number(fields.some(reachesPeople))
  const later = Number(fields.length === 0 && rows.slice(0, recordsAbove).some(looksLikeHeader))
  return { reaching, known: fields.length, later, steady, width: header.length }
}

function firstRecords(sample: string, isCut: boolean, delimiter: Delimiter): string[][] {
  const records: string[][] = []
  try {
    parse(sample, {
      delimiter,
      ...csvGrammar,
      // Quotes behind a blank are quotes; in what is parsed in earnest the scanner sees to that.
      ltrim: true,
      rtrim: true,
      to: sampledRecords,
      on_record: (record: string[]) => {
        records.push(record)
        return null
      },
    })
    if (isCut && records.length > 1 && records.length < sampledRecords) records.pop()
  } catch {
    // A quote is still open where the sample ends. The records before it are enough.
  }
  return records
}

/** How the parser reads a file that the scanner has passed: as most programs do, and the same here and there. */
export const csvGrammar = {
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_quotes: true,
  relax_column_count: true,
  skip_empty_lines: true,
}
