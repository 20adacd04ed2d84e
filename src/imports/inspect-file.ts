import type { ContactList } from '../services/catalog/catalog.ts'
import { type ColumnGuess, guessColumns } from './columns/guess-columns.ts'
import { warnOfEncoding } from './encodings/warn-of-encoding.ts'
import type { CsvRow } from './file/csv-row.ts'
import { cutCell, type FileRefusal, FileRefused } from './file/file-refusal.ts'
import type { Delimiter } from './file/find-delimiter.ts'
import { readTableFile, type TableFile } from './file/read-table.ts'
import type { SpooledUpload } from './file/spool-upload.ts'
import type { CsvLimits } from './file/table-of-records.ts'
import type { ImportOptions } from './import-options.ts'
import { inspectedBytes } from './inspected-bytes.ts'
import { hasContent } from './rows/cell-rules.ts'
import { type UnderstoodFile, understandFile } from './understand-file.ts'

export type FileToInspect = {
  readonly list: ContactList
  readonly options: ImportOptions
  /** Whether the upload is the whole file; `undefined`: it is if it is shorter than what is looked at. */
  readonly isWhole: boolean | undefined
}

/** What a file is taken for. */
export type Inspection = {
  /** By its name in the Encoding Standard, in lower case; `null`: it is a workbook. */
  readonly encoding: string | null
  /** `null`: it is a workbook. */
  readonly delimiter: Delimiter | null
  /** The line, or row of the sheet, on which the header begins, from 1. */
  readonly headerRow: number
  readonly columns: readonly InspectedColumn[]
  /** Rows below the header that were looked at. */
  readonly rowsSeen: number
  /** Whether these are all. */
  readonly complete: boolean
  /** What an import of it would begin with. */
  readonly warnings: UnderstoodFile['warnings']
  /** Why an import with these options would refuse its columns. */
  readonly refusal?: FileRefusal
}

export type InspectedColumn = ColumnGuess & {
  /** Its first cells that are not empty, cut to the length that reports show. */
  readonly samples: readonly string[]
}

/**
 * Tells what an import takes a file for. Columns that nothing is known of are no refusal here, since whoever asks may be
 * about to say what they are.
 * @throws FileRefused for all else that an import refuses; UploadNotKept
 */
export async function inspectFile(
  request: FileToInspect,
  upload: SpooledUpload,
  limits: CsvLimits,
): Promise<Inspection> {
  try {
    return await inspect(request, upload, limits)
  } finally {
    // Before anything is said of the file, what was read must be known to be what was sent.
    await upload.verify()
  }
}

async function inspect(
  { list, options, isWhole }: FileToInspect,
  upload: SpooledUpload,
  limits: CsvLimits,
): Promise<Inspection> {
  const { mapping, order } = options
  const isAll = upload.bytes <= inspectedBytes && (isWhole ?? upload.bytes < inspectedBytes)
  const reading = { ...options, limits, ...(!isAll && { firstBytes: inspectedBytes }) }
  const file = await readTableFile(upload, reading, immediately)
  try {
    const understood = await understandFile(file, options, list.targets)
    if ('refusal' in understood && understood.refusal.code === 'validation-failed')
      throw new FileRefused(understood.refusal)
    const { samples, rowsSeen, isEnded } = await sampleRows(file)
    const guesses = guessColumns(file.header, file.firstRows, mapping, order)
    return {
      encoding: file.isWorkbook ? null : (file.format.encoding ?? 'utf-8'),
      delimiter: file.isWorkbook ? null : file.format.delimiter,
      headerRow: file.headerLine,
      columns: guesses.map((guess, index) => ({ ...guess, samples: samples[index] ?? [] })),
      rowsSeen,
      complete: isEnded && (isAll || file.isWorkbook),
      warnings: 'refusal' in understood ? [...file.warnings, ...(await warnOfEncoding(file))] : understood.warnings,
      ...('refusal' in understood && { refusal: understood.refusal }),
    }
  } finally {
    file.close()
  }
}

/** Somebody waits for the answer: others have no more than their turn in between. */
function immediately(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

const samplesOfColumn = 3

/** A workbook may have so many more that they would take seconds. */
const mostRowsOfWorkbook = 1_000

/** Reads the rows to their end, or as many of a workbook as are enough. */
async function sampleRows({ header, batches, isWorkbook }: Pick<TableFile, 'header' | 'batches' | 'isWorkbook'>) {
  const samples = header.map((): string[] => [])
  let open = [...samples.keys()]
  let rowsSeen = 0
  for await (const batch of batches) {
    if (isWorkbook && rowsSeen >= mostRowsOfWorkbook) return { samples, rowsSeen, isEnded: false }
    rowsSeen += batch.length
    for (const row of batch) open = open.filter((index) => isOpen(samples[index] as string[], row, index))
  }
  return { samples, rowsSeen, isEnded: true }
}

/** Takes a cell that is not empty; true while more are wanted. */
function isOpen(samples: string[], { cells }: CsvRow, index: number): boolean {
  const cell = cells[index]?.trim() ?? ''
  if (hasContent(cell)) samples.push(cutCell(cell))
  return samples.length < samplesOfColumn
}
