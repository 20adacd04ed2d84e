import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { CsvRow } from '../../../src/imports/file/csv-row.ts'
import { type FileRefusal, FileRefused } from '../../../src/imports/file/file-refusal.ts'
import { readTableFile, type TableFile } from '../../../src/imports/file/read-table.ts'
import { type SpooledUpload, spoolUpload } from '../../../src/imports/file/spool-upload.ts'
import { type CsvLimits, defaultCsvLimits } from '../../../src/imports/file/table-of-records.ts'
import { readXlsx } from '../../../src/imports/file/xlsx/read-xlsx.ts'

export type WholeWorkbook = Pick<TableFile, 'format' | 'header' | 'warnings'> & { readonly rows: readonly CsvRow[] }
export type Reading = { readonly limits?: Partial<CsvLimits>; readonly headerRow?: number }

const noWait = async () => {}

/** Reads an upload to its end. @throws what reading throws, and when a file is left in the folder of uploads */
export async function readWorkbookOf(bytes: Uint8Array, reading: Reading = {}): Promise<WholeWorkbook> {
  return withUpload(bytes, async (upload) => {
    const { format, header, warnings, batches } = await open(upload, reading)
    const rows: CsvRow[] = []
    for await (const batch of batches) rows.push(...batch)
    return { format, header, warnings, rows }
  })
}

function open(upload: SpooledUpload, { limits = {}, headerRow }: Reading): Promise<TableFile> {
  if (headerRow === undefined) return readTableFile(upload, { limits }, noWait)
  return readXlsx(upload, { ...defaultCsvLimits, ...limits }, noWait, headerRow)
}

async function withUpload<T>(bytes: Uint8Array, read: (upload: SpooledUpload) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'workbook-'))
  const upload = await spoolUpload(Readable.from([bytes]), folder, bytes.length)
  const reading = read(upload).finally(upload.close)
  await reading.catch(() => {})
  const left = openFilesIn(folder)
  rmSync(folder, { recursive: true })
  if (left.length > 0) throw new Error(`${left} is left in the folder of uploads.`)
  return reading
}

/** Files of a folder that this process has open, also those that have no name any more; Linux alone can tell. */
function openFilesIn(folder: string): string[] {
  const files = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return ''
    }
  })
  return [...readdirSync(folder), ...files.filter((file) => file.startsWith(folder))]
}

/** The header and the cells of the rows. */
export async function cellsOf(bytes: Uint8Array, reading?: Reading): Promise<readonly (readonly string[])[]> {
  const { header, rows } = await readWorkbookOf(bytes, reading)
  return [header, ...rows.map(({ cells }) => cells)]
}

/** What the file is refused with; `undefined` when it is read to its end. */
export async function refusalOfWorkbook(bytes: Uint8Array, reading?: Reading): Promise<FileRefusal | undefined> {
  const error = await readWorkbookOf(bytes, reading).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error === undefined || error instanceof FileRefused) return error?.refusal
  throw error
}
