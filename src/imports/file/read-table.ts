import { type ReadCsvOptions, readCsv } from './read-csv.ts'
import type { SpooledUpload } from './spool-upload.ts'
import { type CsvFile, type CsvLimits, defaultCsvLimits } from './table-of-records.ts'
import { containerOf, nameCompoundFile } from './xlsx/name-container.ts'
import { readXlsx, type WorkbookWarning } from './xlsx/read-xlsx.ts'
import type { GiveWay } from './xlsx/read-xml.ts'

/** A file whose header was read, whatever kind it is. */
export type TableFile = CsvFile & {
  readonly isWorkbook: boolean
  /** What is to be known of how it was read. */
  readonly warnings: readonly WorkbookWarning[]
}

/**
 * Reads an upload as what its bytes are, whatever its name says: an Excel workbook, which is read whole, or CSV.
 * @throws FileRefused; UploadNotKept
 */
export async function readTableFile(
  upload: SpooledUpload,
  options: ReadCsvOptions,
  giveWay: GiveWay,
): Promise<TableFile> {
  const container = upload.bytes === 0 ? undefined : containerOf(await upload.readAt(0))
  if (container === 'compound') throw await nameCompoundFile(upload)
  if (container === 'zip') {
    const file = await readXlsx(upload, tableLimits(options), giveWay, options.headerRow)
    return { ...file, warnings: [...file.warnings, ...ignoredOptions(options)] }
  }
  return { ...(await readCsv(upload.read(), options)), isWorkbook: false, warnings: [] }
}

function tableLimits({ limits }: ReadCsvOptions): CsvLimits {
  return { ...defaultCsvLimits, ...limits }
}

/** What is said of a workbook that only a file of text has. */
function ignoredOptions(options: ReadCsvOptions): WorkbookWarning[] {
  const given = (['encoding', 'delimiter'] as const).filter((name) => options[name] !== undefined)
  const detail = `The file is an Excel workbook, which has no ${given.join(' and no ')}: that option counts for nothing. Leave it out.`
  return given.length === 0 ? [] : [{ code: 'option_ignored', column: '', detail }]
}
