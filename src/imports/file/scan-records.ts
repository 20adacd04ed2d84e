import { type FileRefusal, FileRefused } from './file-refusal.ts'

/** Where the scanner stands within a cell. */
const cellStart = 0
const bare = 1
const inQuotes = 2
/** Behind a quote inside quotes: the end of the cell, or the first half of a doubled quote. */
const afterQuote = 3
/** Blanks at the beginning of a cell: a quote behind them opens it. */
const leadingBlanks = 4
/** Blanks behind a closing quote. */
const trailingBlanks = 5

/** What a byte means; all the others are text. */
const text = 0
const quote = 1
const separator = 2
const lineFeed = 3
const carriageReturn = 4
const nul = 5
const blank = 6

const none = new Uint8Array(0)

/** From the first byte to behind the last one; before 0 are those that were held. */
type Span = readonly [from: number, upTo: number]

/**
 * Walks over CSV before it is parsed, to know what the parser does not tell: on which line each record begins, and
 * where the first thing stands that makes the file unreadable. Stops a record that grows over `maxRowBytes`, so that
 * the parser never holds more. A quote inside a bare cell is text; text behind a closing quote is refused, since
 * there a quote was left open and rows would melt into one another in silence. Blanks around the quotes of a cell do not
 * count, and are taken away, so that the parser, to which they are text, reads the same. Breaks are LF, CRLF and a lone CR.
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
  /** Blanks with which the bytes so far ended: whether they count is not known yet. */
  #held: Uint8Array = none

  /** `firstLine`: the number of the line on which the stream begins. */
  constructor(delimiter: string, maxRowBytes: number, firstLine: number) {
    this.#meanings[0x20] = blank
    this.#meanings[0x09] = blank
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

  /**
   * @returns the bytes for the parser, which may be fewer than those that were given so far
   * @throws FileRefused for what makes the file unreadable
   */
  scan(bytes: Uint8Array): Uint8Array {
    const meanings = this.#meanings
    const base = this.#position
    let state = this.#state
    let blanksFrom = -this.#held.length
    let dropped: Span[] | undefined
    for (let index = 0; index < bytes.length; index++) {
      const meaning = meanings[bytes[index] as number] as number
      if (meaning === text) {
        if (state === cellStart || state === leadingBlanks) state = bare
        else if (state === afterQuote || state === trailingBlanks) this.#refuse(base + index, state, textBehindQuote)
        continue
      }
      if (meaning === blank) {
        if (state === cellStart) {
          state = leadingBlanks
          blanksFrom = index
        } else if (state === afterQuote || state === trailingBlanks) {
          state = trailingBlanks
          dropped ??= []
          dropped.push([index, index + 1])
        }
        continue
      }
      this.#checkSize(base + index, state)
      if (meaning === separator) {
        if (state !== inQuotes) state = cellStart
      } else if (meaning === quote) {
        if (state === trailingBlanks) this.#refuse(base + index, state, textBehindQuote)
        if (state === leadingBlanks) {
          dropped ??= []
          dropped.push([blanksFrom, index])
        }
        if (state === cellStart || state === leadingBlanks) this.#quoteLine = this.#line
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
    return this.#forParser(bytes, dropped, blanksFrom)
  }

  /** Where the record begins whose end has not come, in bytes from the start of the stream. */
  get recordStart(): number {
    return this.#recordStart
  }

  /**
   * The stream has ended.
   * @returns what is left for the parser
   * @throws FileRefused when it ended inside quotes
   */
  end(): Uint8Array {
    if (this.#state === inQuotes) throw new FileRefused(openQuote(this.#quoteLine))
    if (this.#position > this.#recordStart) this.#recordLines.push(this.#recordLine)
    return this.#held
  }

  /** Without what is dropped, and without the blanks at the end, which wait for what comes behind them. */
  #forParser(bytes: Uint8Array, dropped: readonly Span[] | undefined, blanksFrom: number): Uint8Array {
    const offset = this.#held.length
    const all = offset === 0 ? bytes : Buffer.concat([this.#held, bytes])
    const end = this.#state === leadingBlanks ? blanksFrom + offset : all.length
    this.#held = end === all.length ? none : all.subarray(end)
    if (dropped === undefined) return all.subarray(0, end)
    const kept: Uint8Array[] = []
    let from = 0
    for (const [start, upTo] of dropped) {
      kept.push(all.subarray(from, start + offset))
      from = upTo + offset
    }
    return Buffer.concat([...kept, all.subarray(from, end)])
  }

  /** What stands behind the bytes scanned so far cannot be read. @throws FileRefused always. */
  refuse(refusal: (line: number) => FileRefusal): never {
    return this.#refuse(this.#position, this.#state, refusal)
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
  return unreadable(line, 'There is a NUL byte, so this is no text file. Export it as CSV in UTF-8.')
}

function tooLong(line: number, maxRowBytes: number): FileRefusal {
  const detail = `The row that begins on line ${line} has more than ${maxRowBytes} bytes, the limit for a row. Shorten it, or check that the file has line breaks.`
  return { code: 'payload-too-large', detail, line }
}
