import { type CsvFile, type CsvLimits, defaultCsvLimits, type ReadCsvOptions, readCsv } from './read-csv.ts'
import type { SpooledUpload } from './spool-upload.ts'
import { containerOf, nameCompoundFile } from './xlsx/name-container.ts'
import { readXlsx, type WorkbookWarning } from './xlsx/read-xlsx.ts'
import type { GiveWay } from './xlsx/read-xml.ts'

/** A file whose header was read, whatever kind it is. */
export type TableFile = CsvFile & {
  /** What is to be known of how it was read. */
  readonly warnings: readonly WorkbookWarning[]
}

/**
 * Reads an upload as what its bytes are, whatever its name says: an Excel workbook or CSV.
 * @throws FileRefused; UploadNotKept
 */
export async function readTableFile(
  upload: SpooledUpload,
  options: ReadCsvOptions,
  giveWay: GiveWay,
): Promise<TableFile> {
  const container = upload.bytes === 0 ? undefined : containerOf(await upload.readAt(0))
  if (container === 'compound') throw await nameCompoundFile(upload)
  if (container === 'zip') return readXlsx(upload, tableLimits(options), giveWay)
  return { ...(await readCsv(upload.read(), options)), warnings: [] }
}

function tableLimits({ limits }: ReadCsvOptions): CsvLimits {
  return { ...defaultCsvLimits, ...limits }
}
