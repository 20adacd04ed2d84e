import { type NumberFormat, numberText, plainFormat } from './number-format.ts'
import type { XmlHandler } from './read-xml.ts'
import { RichText } from './rich-text.ts'
import { brokenWorkbook, workbookTooLarge } from './workbook-refusals.ts'

/** A row as it stands in the part of a sheet. */
export type SheetRow = {
  /** Its number in the sheet, from 1. */
  readonly line: number
  /** From the first column on: texts, or the number of a shared one. */
  readonly cells: readonly (string | number)[]
  /** Columns, from 0, whose cells are formulas without a value: they are empty in `cells`. */
  readonly unvalued: readonly number[] | undefined
}

export type SheetLimits = { readonly maxColumns: number; readonly maxRowBytes: number }

type Row = { cells: (string | number)[]; unvalued: number[] | undefined }
type Cell = { readonly type: string; readonly style: number; hasFormula: boolean; hasValue: boolean }

/** Of any sheet. */
const mostLines = 1_048_576
const lettersOfAlphabet = 26

/** Takes the rows out of the part of a sheet. @throws FileRefused */
export class SheetRows implements XmlHandler {
  readonly #formats: readonly NumberFormat[]
  readonly #is1904: boolean
  readonly #limits: SheetLimits
  readonly #text: RichText
  #rows: SheetRow[] = []
  #isInData = false
  /** False as long as the part has not said where its rows begin. */
  hasData = false
  #line = 0
  #row: Row | undefined
  #cell: Cell | undefined
  #column = -1
  #isInValue = false
  #isInString = false

  constructor(formats: readonly NumberFormat[], is1904: boolean, limits: SheetLimits) {
    this.#formats = formats
    this.#is1904 = is1904
    this.#limits = limits
    this.#text = new RichText(limits.maxRowBytes)
  }

  /** Those that ended since the last time. */
  take(): readonly SheetRow[] {
    const rows = this.#rows
    this.#rows = []
    return rows
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#cell !== undefined) this.#openInCell(name, this.#cell)
    else if (name === 'c' && this.#row !== undefined) this.#beginCell(attributes)
    else if (name === 'row' && this.#isInData) this.#beginRow(attributes.r)
    else if (name === 'sheetData') this.hasData = this.#isInData = true
  }

  text(text: string): void {
    if (this.#isInValue) this.#text.addValue(text)
    else if (this.#isInString) this.#text.add(text)
  }

  close(name: string): void {
    if (name === 'v') this.#isInValue = false
    else if (name === 'is') this.#isInString = false
    else if (name === 'c') this.#endCell()
    else if (name === 'row') this.#endRow()
    else if (name === 'sheetData') this.#isInData = false
    else if (this.#isInString) this.#text.close(name)
  }

  #beginRow(number: string | undefined): void {
    const line = number === undefined ? this.#line + 1 : Number(number)
    if (!(Number.isInteger(line) && line > this.#line && line <= mostLines))
      throw brokenWorkbook(`behind row ${this.#line} stands a row that does not follow it`)
    this.#line = line
    this.#column = -1
    this.#row = { cells: [], unvalued: undefined }
  }

  #endRow(): void {
    if (this.#row !== undefined) this.#rows.push({ line: this.#line, ...this.#row })
    this.#row = undefined
  }

  #beginCell({ r: place, t: type = 'n', s: style = '0' }: Readonly<Record<string, string>>): void {
    this.#column = place === undefined ? this.#column + 1 : this.#columnOf(place)
    this.#cell = { type, style: Number(style), hasFormula: false, hasValue: false }
  }

  /** `C7` is column 2, from 0. Cells stand in the order of their columns. */
  #columnOf(place: string): number {
    let column = 0
    let at = 0
    for (; at < place.length; at++) {
      const letter = place.charCodeAt(at) - beforeA
      if (letter < 1 || letter > lettersOfAlphabet) break
      column = column * lettersOfAlphabet + letter
    }
    if (at === 0 || Number(place.slice(at)) !== this.#line || column - 1 <= this.#column)
      throw brokenWorkbook(`row ${this.#line} has a cell in a place where it cannot be`)
    return column - 1
  }

  #openInCell(name: string, cell: Cell): void {
    if (name === 'v') this.#isInValue = cell.hasValue = true
    else if (name === 'f') cell.hasFormula = true
    else if (name === 'is') this.#isInString = cell.hasValue = true
    else if (this.#isInString) this.#text.open(name)
  }

  #endCell(): void {
    const cell = this.#cell
    this.#cell = undefined
    if (cell === undefined || this.#row === undefined) return
    const text = this.#text.take()
    const isText = cell.type === 'str' || cell.type === 'inlineStr'
    const isValued = cell.hasValue && (isText || text !== '')
    if (!isValued && cell.hasFormula) {
      this.#row.unvalued ??= []
      this.#row.unvalued.push(this.#column)
    }
    const value = isValued ? this.#valueOf(text, cell) : ''
    if (value !== '') this.#put(value, this.#row.cells)
  }

  #put(value: string | number, cells: (string | number)[]): void {
    if (this.#column >= this.#limits.maxColumns)
      throw workbookTooLarge(
        `Row ${this.#line} has a value in column ${this.#column + 1}, and an import has at most ${this.#limits.maxColumns} columns`,
      )
    while (cells.length < this.#column) cells.push('')
    cells.push(value)
  }

  #valueOf(text: string, { type, style }: Cell): string | number {
    if (type === 's') return sharedIndex(text)
    if (type === 'b') return text.trim() === '1' ? 'TRUE' : 'FALSE'
    if (type === 'd') return text.trim().replace(midnight, '')
    if (type !== 'n') return text
    return numberText(text, this.#formats[style] ?? plainFormat, this.#is1904) ?? text
  }
}

const beforeA = 'A'.charCodeAt(0) - 1
const midnight = /T00:00(?::00(?:\.0+)?)?Z?$/

function sharedIndex(text: string): number {
  const index = Number(text)
  if (!Number.isSafeInteger(index) || index < 0) throw brokenWorkbook('a cell refers to a text that is not there')
  return index
}
