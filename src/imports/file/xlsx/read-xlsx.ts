import { quoted } from '../file-refusal.ts'
import type { CsvFormat } from '../sniff-csv.ts'
import type { SpooledUpload } from '../spool-upload.ts'
import { type CsvFile, type CsvLimits, type Records, readTable } from '../table-of-records.ts'
import { readStyles } from './read-styles.ts'
import { readWorkbook, type Workbook } from './read-workbook.ts'
import type { GiveWay } from './read-xml.ts'
import { SharedStrings } from './shared-strings.ts'
import { SheetReader } from './sheet-reader.ts'
import { SheetRows } from './sheet-rows.ts'
import { openWorkbookParts, type WorkbookParts } from './workbook-parts.ts'

export const workbookWarningCodes = ['report_is_csv', 'sheets_ignored', 'option_ignored'] as const

/** What is to be known of how a workbook was read. It is of no single column. */
export type WorkbookWarning = {
  readonly code: (typeof workbookWarningCodes)[number]
  readonly column: ''
  readonly detail: string
}

export type WorkbookFile = CsvFile & { readonly isWorkbook: true; readonly warnings: readonly WorkbookWarning[] }

/** Reports on a workbook are CSV, in the form that spreadsheets everywhere open as UTF-8. */
const reportFormat: CsvFormat = { delimiter: ',', bom: true, lineBreak: '\r\n' }
const reportIsCsv =
  'The file is an Excel workbook; its errors.csv is CSV in UTF-8 with a byte order mark, with commas. Mend it in a spreadsheet program and upload it as CSV or as .xlsx.'

/** Unpacked, a workbook comes to at most so many times what it may have packed. */
const mostUnpacked = 20

/**
 * Reads the first sheet of an Excel workbook (.xlsx) that is not hidden, with memory for a few rows and 32 MB of its texts.
 * Of a range of merged cells the first one has the value; hidden rows and columns count like others. `headerRow`: the row
 * of the sheet that holds the names of the columns; the first that is not blank when it is not given.
 * @throws FileRefused for what is no workbook, is broken or over a limit; UploadNotKept. Nothing is left on disk then.
 */
export async function readXlsx(
  upload: SpooledUpload,
  limits: CsvLimits,
  giveWay: GiveWay,
  headerRow?: number,
): Promise<WorkbookFile> {
  const maxUnpackedBytes = limits.maxBytes * mostUnpacked
  const parts = await openWorkbookParts(upload, maxUnpackedBytes)
  let strings: SharedStrings | undefined
  let records: AsyncGenerator<Records> | undefined
  const close = async () => {
    parts.close()
    await strings?.close()
  }
  try {
    const workbook = await readWorkbook(parts, giveWay)
    strings = await readStrings(parts, workbook, upload, limits, giveWay)
    const formats = workbook.styles === undefined ? [] : await readStyles(parts.read(workbook.styles), giveWay)
    const sheet = { name: workbook.sheet.name, rows: new SheetRows(formats, workbook.is1904, limits), strings }
    const reader = new SheetReader(sheet, { ...limits, maxTableBytes: maxUnpackedBytes }, headerRow)
    records = endingWith(reader.read(parts.read(workbook.sheet.part), giveWay), close)
    const table = await readTable(records, reader, { limits, format: reportFormatFor(headerRow) })
    return { ...table, isWorkbook: true, warnings: warningsOf(workbook) }
  } catch (error) {
    await records?.return(undefined)
    await close()
    throw error
  }
}

/** A report goes up again with the options that its file had. */
function reportFormatFor(headerRow = 1): CsvFormat {
  return headerRow === 1 ? reportFormat : { ...reportFormat, linesAbove: headerRow - 1 }
}

/** The items, and then, also when they are left early, the end. */
async function* endingWith<T>(items: AsyncGenerator<T>, end: () => Promise<void>): AsyncGenerator<T> {
  try {
    yield* items
  } finally {
    await end()
  }
}

async function readStrings(
  parts: WorkbookParts,
  { sharedStrings }: Workbook,
  upload: SpooledUpload,
  { maxRowBytes }: CsvLimits,
  giveWay: GiveWay,
): Promise<SharedStrings | undefined> {
  if (sharedStrings === undefined) return undefined
  return SharedStrings.read(parts.read(sharedStrings), await upload.openBeside(), maxRowBytes, giveWay)
}

function warningsOf({ sheet, sheets }: Workbook): readonly WorkbookWarning[] {
  const detail = `Of the ${sheets} sheets of the workbook only ${quoted(sheet.name)} is imported, the first that is not hidden. Upload the others as workbooks of their own.`
  const others: WorkbookWarning[] = sheets > 1 ? [{ code: 'sheets_ignored', column: '', detail }] : []
  return [{ code: 'report_is_csv', column: '', detail: reportIsCsv }, ...others]
}
