import { type FileRefusal, FileRefused } from './file-refusal.ts'

/** Where the scanner stands within a cell. */
const cellStart = 0
const bare = 1
const inQuotes = 2
/** Behind a quote inside quotes: the end of the cell, or the first half of a doubled quote. */
const afterQuote = 3

/** What a byte means; all the others are text. */
const text = 0
const quote = 1
const separator = 2
const lineFeed = 3
const carriageReturn = 4
const nul = 5

/**
 * Walks over CSV before it is parsed, to know what the parser does not tell: on which line each record begins, and
 * where the first thing stands that makes the file unreadable. Stops a record that grows over `maxRowBytes`, so that
 * the parser never holds more. A quote inside a bare cell is text; text behind a closing quote is refused, since
 * there a quote was left open and rows would melt into one another in silence. Breaks are LF, CRLF and a lone CR.
 */
export class RecordScanner {
  readonly #meanings = new Uint8Array(256)
  readonly #maxRowBytes: number
  #state = cellStart
  /** All positions are bytes from the start of the stream. */
  #position = 0
  #recordStart = 0
  #returnAt = -2
  #line: number
  #recordLine: number
  #quoteLine = 0
  #recordLines: number[] = []
  #taken = 0

  /** `firstLine`: the number of the line on which the stream begins. */
  constructor(delimiter: string, maxRowBytes: number, firstLine: number) {
    this.#meanings[0x22] = quote
    this.#meanings[delimiter.charCodeAt(0)] = separator
    this.#meanings[0x0a] = lineFeed
    this.#meanings[0x0d] = carriageReturn
    this.#meanings[0] = nul
    this.#maxRowBytes = maxRowBytes
    this.#line = firstLine
    this.#recordLine = firstLine
  }

  /** The line on which the next record begins, in the order of the records; empty lines are no records. */
  takeRecordLine(): number {
    const line = this.#recordLines[this.#taken++]
    if (line === undefined) throw new Error('more records were parsed than scanned')
    if (this.#taken >= 1_024) {
      this.#recordLines = this.#recordLines.slice(this.#taken)
      this.#taken = 0
    }
    return line
  }

  /** @throws FileRefused for what makes the file unreadable. */
  scan(bytes: Uint8Array): void {
    const meanings = this.#meanings
    const base = this.#position
    let state = this.#state
    for (let index = 0; index < bytes.length; index++) {
      const meaning = meanings[bytes[index] as number] as number
      if (meaning === text) {
        if (state === cellStart) state = bare
        else if (state === afterQuote) this.#refuse(base + index, state, textBehindQuote)
        continue
      }
      this.#checkSize(base + index, state)
      if (meaning === separator) {
        if (state !== inQuotes) state = cellStart
      } else if (meaning === quote) {
        if (state === cellStart) this.#quoteLine = this.#line
        if (state !== bare) state = state === inQuotes ? afterQuote : inQuotes
      } else if (meaning === nul) this.#refuse(base + index, state, nulByte)
      else {
        this.#breakLine(meaning, base + index, state)
        if (state !== inQuotes) state = cellStart
      }
    }
    this.#state = state
    this.#position = base + bytes.length
    this.#checkSize(this.#position, state)
  }

  /** The stream has ended. @throws FileRefused when it ended inside quotes. */
  end(): void {
    if (this.#state === inQuotes) throw new FileRefused(openQuote(this.#quoteLine))
    if (this.#position > this.#recordStart) this.#recordLines.push(this.#recordLine)
  }

  /** What stands behind the bytes scanned so far is not UTF-8. @throws FileRefused always. */
  refuseEncoding(): never {
    return this.#refuse(this.#position, this.#state, notUtf8)
  }

  #breakLine(meaning: number, position: number, state: number): void {
    const isSecondHalf = meaning === lineFeed && this.#returnAt === position - 1
    if (meaning === carriageReturn) this.#returnAt = position
    if (!isSecondHalf) this.#line++
    if (state === inQuotes) return
    if (position > this.#recordStart) this.#recordLines.push(this.#recordLine)
    this.#recordStart = position + 1
    this.#recordLine = this.#line
  }

  #checkSize(position: number, state: number): void {
    if (position - this.#recordStart <= this.#maxRowBytes) return
    // A quoted cell that goes on over lines is most likely a quote that was never closed.
    const isOpen = state === inQuotes && this.#line > this.#quoteLine
    throw new FileRefused(isOpen ? openQuote(this.#quoteLine) : tooLong(this.#recordLine, this.#maxRowBytes))
  }

  #refuse(position: number, state: number, refusal: (line: number) => FileRefusal): never {
    this.#checkSize(position, state)
    throw new FileRefused(refusal(this.#line))
  }
}

function unreadable(line: number, detail: string): FileRefusal {
  return { code: 'file-unreadable', detail, line }
}

function openQuote(line: number): FileRefusal {
  return unreadable(
    line,
    `A quote that opens on line ${line} is not closed. Close it, or write a quote that belongs to the text twice ("").`,
  )
}

function textBehindQuote(line: number): FileRefusal {
  return unreadable(
    line,
    `On line ${line} text follows a closing quote. A quote before it was left open, or a quote that belongs to the text has to be written twice ("").`,
  )
}

/** A NUL byte on that line. */
export function nulByte(line: number): FileRefusal {
  return unreadable(line, `Line ${line} holds a NUL byte, so this is no text file. Export it as CSV in UTF-8.`)
}

function notUtf8(line: number): FileRefusal {
  return unreadable(
    line,
    `Line ${line} is not UTF-8; most likely the file is in Windows-1252. Export it as CSV in UTF-8 (in Excel “CSV UTF-8”).`,
  )
}

function tooLong(line: number, maxRowBytes: number): FileRefusal {
  const detail = `The row that begins on line ${line} has more than ${maxRowBytes} bytes, the limit for a row. Shorten it, or check that the file has line breaks.`
  return { code: 'payload-too-large', detail, line }
}
