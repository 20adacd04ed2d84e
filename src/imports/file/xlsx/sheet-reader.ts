import { FileRefused, quoted } from '../file-refusal.ts'
import type { RecordLines, Records } from '../table-of-records.ts'
import { type GiveWay, parseXml } from './read-xml.ts'
import type { SharedStrings } from './shared-strings.ts'
import type { SheetRow, SheetRows } from './sheet-rows.ts'
import { brokenWorkbook, unreadableWorkbook, workbookTooLarge } from './workbook-refusals.ts'

export type Sheet = {
  readonly name: string
  readonly rows: SheetRows
  /** Absent in a workbook whose cells hold all texts themselves. */
  readonly strings: SharedStrings | undefined
}

export type TableLimits = {
  readonly maxRowBytes: number
  /** Of all rows together: cells that share a text take next to nothing in the file. */
  readonly maxTableBytes: number
}

/** Rows come in batches of about so many bytes. */
const batchBytes = 64 * 1_024

type Record = { readonly line: number; readonly unvalued: readonly number[] | undefined }

/** Reads the rows of a sheet as records, of which the first one is the header, with their texts looked up. */
export class SheetReader implements RecordLines {
  readonly #sheet: Sheet
  readonly #limits: TableLimits
  readonly #headerRow: number | undefined
  /** Those that were read and not taken, and the one that was taken last. */
  #records: Record[] = []
  #last: Record | undefined
  /** Of the header; `undefined` before it. */
  #width: number | undefined
  #tableBytes = 0

  constructor(sheet: Sheet, limits: TableLimits, headerRow: number | undefined) {
    this.#sheet = sheet
    this.#limits = limits
    this.#headerRow = headerRow
  }

  takeRecordLine(): number {
    this.#last = this.#records.shift()
    if (this.#last === undefined) throw new Error('more records were taken than read')
    return this.#last.line
  }

  get unvalued(): readonly number[] | undefined {
    return this.#last?.unvalued
  }

  /** @throws FileRefused; UploadNotKept */
  async *read(part: AsyncIterable<Uint8Array>, giveWay: GiveWay): AsyncGenerator<Records, void, undefined> {
    const { rows } = this.#sheet
    for await (const _ of parseXml(part, rows, giveWay)) yield* this.#batches(rows.take())
    if (!rows.hasData) throw brokenWorkbook('its first sheet has no place for rows')
    if (this.#width === undefined) throw this.#noHeader()
  }

  async *#batches(rows: readonly SheetRow[]): AsyncGenerator<Records, void, undefined> {
    let batch: string[][] = []
    let upTo = this.#tableBytes + batchBytes
    for (const row of rows) {
      const cells = await this.#textsOf(row)
      if (!this.#isPart(row, cells)) continue
      this.#records.push(row)
      batch.push(this.#asWideAsHeader(cells))
      if (this.#tableBytes < upTo) continue
      yield batch
      batch = []
      upTo = this.#tableBytes + batchBytes
    }
    if (batch.length > 0) yield batch
  }

  /** True for the header and all that stands behind it. */
  #isPart({ line, unvalued }: SheetRow, cells: readonly string[]): boolean {
    if (this.#width !== undefined) return true
    const headerRow = this.#headerRow ?? line
    if (line < headerRow) return false
    const isBlank = unvalued === undefined && cells.every((cell) => cell.trim() === '')
    if (isBlank && this.#headerRow === undefined) return false
    if (isBlank || line > headerRow) throw this.#noHeader()
    if (unvalued !== undefined) throw headerWithoutValue(line)
    this.#width = cells.length
    return true
  }

  /** A sheet leaves out empty cells at the end of a row, so none can have been cut off. */
  #asWideAsHeader(cells: string[]): string[] {
    while (cells.length < (this.#width ?? 0)) cells.push('')
    return cells
  }

  #noHeader(): FileRefused {
    const name = quoted(this.#sheet.name)
    if (this.#headerRow !== undefined)
      return unreadableWorkbook(
        `Row ${this.#headerRow} of the sheet ${name}, where its header should be, is blank`,
        'Say in headerRow which row names its columns',
      )
    return unreadableWorkbook(
      `The sheet ${name} is empty`,
      'The first sheet that is not hidden is imported: move the one with the people there, with the names of its columns in the first row',
    )
  }

  async #textsOf({ line, cells }: SheetRow): Promise<string[]> {
    const { strings } = this.#sheet
    const texts: string[] = []
    let bytes = Math.max(0, cells.length - 1)
    for (const cell of cells) {
      const shared = typeof cell === 'string' ? cell : stringsOf(strings).get(cell)
      const text = typeof shared === 'string' ? shared : await shared
      bytes += Buffer.byteLength(text)
      if (bytes > this.#limits.maxRowBytes) throw rowTooLong(line, this.#limits.maxRowBytes)
      texts.push(text)
    }
    this.#tableBytes += bytes
    if (this.#tableBytes > this.#limits.maxTableBytes)
      throw workbookTooLarge(`The rows of the workbook come to more than ${this.#limits.maxTableBytes} bytes`)
    return texts
  }
}

function stringsOf(strings: SharedStrings | undefined): SharedStrings {
  if (strings === undefined) throw brokenWorkbook('a cell refers to a text that is not there')
  return strings
}

function rowTooLong(line: number, maxRowBytes: number): FileRefused {
  const detail = `Row ${line} of the sheet has more than ${maxRowBytes} bytes, the limit for a row. Shorten it.`
  return new FileRefused({ code: 'payload-too-large', detail, line })
}

function headerWithoutValue(line: number): FileRefused {
  return unreadableWorkbook(
    `In row ${line}, the header, stands a formula whose value is not in the file`,
    'Open the workbook in a spreadsheet program and save it: then it is',
  )
}
