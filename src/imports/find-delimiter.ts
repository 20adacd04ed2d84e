import { parse } from 'csv-parse/sync'
import { fieldOfName, reachesPeople } from './header-names.ts'

export const delimiters = [',', ';', '\t'] as const
export type Delimiter = (typeof delimiters)[number]

const sampledRecords = 50

/**
 * Finds the delimiter of CSV from its first records: the one under which a column reaches people, then the one under
 * which most columns have a name that is known, then the one under which most records are as wide as the header, then
 * the one with the widest header; `,` when the file has one column. `isCut`: the sample ends somewhere inside a record.
 */
export function findDelimiter(sample: string, isCut: boolean): Delimiter {
  const candidates = delimiters.map((delimiter) => ({ delimiter, ...judge(sample, isCut, delimiter) }))
  const [best] = candidates.toSorted(
    (a, b) => b.reaching - a.reaching || b.known - a.known || b.steady - a.steady || b.width - a.width,
  )
  return best?.delimiter ?? ','
}

function judge(sample: string, isCut: boolean, delimiter: Delimiter) {
  const [header = [], ...rows] = firstRecords(sample, isCut, delimiter)
  const fields = header.flatMap((name) => fieldOfName(name) ?? [])
  const alike = rows.filter((row) => row.length === header.length).length
  const steady = header.length > 1 && rows.length > 0 ? alike / rows.length : 0
  return { reaching: Number(fields.some(reachesPeople)), known: fields.length, steady, width: header.length }
}

function firstRecords(sample: string, isCut: boolean, delimiter: Delimiter): string[][] {
  const records: string[][] = []
  try {
    parse(sample, {
      delimiter,
      ...csvGrammar,
      to: sampledRecords,
      on_record: (record: string[]) => {
        records.push(record)
        return null
      },
    })
    if (isCut && records.length > 1 && records.length < sampledRecords) records.pop()
  } catch {
    // A quote that is open where the sample ends. The records before it are enough.
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
