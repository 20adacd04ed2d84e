import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib'
import type { CsvRow } from '../file/csv-row.ts'
import { type BlockRow, type NewRow, PieceCollector, readPiece, rowsPerPiece } from './row-piece.ts'

/** Rows that are stored and sent together, at most; fewer where they are long. */
const rowsPerBlock = 1_000
const charactersPerBlock = 1_000_000

const compress = promisify(zstdCompress)
/**
 * The fastest level: rows of one file are much alike, and slower ones win next to nothing. What a part comes to is a few
 * kilobytes; the chunks that Node would make for it by default are 128, and live until they are collected.
 */
const compression = { params: { [constants.ZSTD_c_compressionLevel]: 1 }, chunkSize: 16 * 1024 }

/** Stands behind each piece of a part. JSON has no line break of its own, so pieces can be told apart unread. */
const separator = '\n'
const separatorByte = 0x0a
/** The smallest chunk that Node allows. */
const smallestChunk = 64
/** Four numbers: bytes of the rows, compressed; rows; bytes of the rows, and of the cells that follow them, not compressed. */
const headBytes = 16

/** The rows of a piece as uploaded, which the reports alone need. `row`: the number of the first one. */
type Uploaded = {
  readonly row: number
  readonly lines: readonly number[]
  readonly cells: readonly (readonly string[])[]
}

/**
 * Collects a block: its rows, and apart from them their cells as uploaded. Used again for one block after the other. Rows
 * come in the order of the file, without gaps.
 */
export class BlockEncoder {
  readonly #piece = new PieceCollector()
  #uploaded: CsvRow[] = []
  #rows = ''
  #cells = ''
  #bytes = Buffer.alloc(0)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** To be asked when a piece is full. */
  get isFull(): boolean {
    return this.#length >= rowsPerBlock || this.#rows.length + this.#cells.length >= charactersPerBlock
  }

  add(row: NewRow, uploaded: CsvRow): void {
    this.#piece.add(row)
    this.#uploaded.push(uploaded)
    this.#length++
    if (this.#uploaded.length === rowsPerPiece) this.#endPiece()
  }

  /** The block as it is stored: compressed, off the main thread. Nothing may be added until then. */
  async encode(): Promise<Buffer> {
    this.#endPiece()
    const room = Buffer.byteLength(this.#rows) + Buffer.byteLength(this.#cells)
    if (this.#bytes.length < room) this.#bytes = Buffer.allocUnsafeSlow(room)
    const rowsEnd = this.#bytes.write(this.#rows)
    const cellsEnd = rowsEnd + this.#bytes.write(this.#cells, rowsEnd)
    const head = Buffer.alloc(headBytes)
    const [rows, cells] = await Promise.all([
      compress(this.#bytes.subarray(0, rowsEnd), compression),
      compress(this.#bytes.subarray(rowsEnd, cellsEnd), compression),
    ])
    head.writeUInt32LE(rows.length, 0)
    head.writeUInt32LE(this.#length, 4)
    head.writeUInt32LE(rowsEnd, 8)
    head.writeUInt32LE(cellsEnd - rowsEnd, 12)
    this.#rows = ''
    this.#cells = ''
    this.#length = 0
    return Buffer.concat([head, rows, cells])
  }

  #endPiece(): void {
    const [first] = this.#uploaded
    if (first === undefined) return
    const cells: Uploaded = {
      row: first.row,
      lines: this.#uploaded.map(({ line }) => line),
      cells: this.#uploaded.map((row) => row.cells),
    }
    this.#uploaded = []
    this.#rows += this.#piece.take() + separator
    this.#cells += JSON.stringify(cells) + separator
  }
}

/**
 * A stored block, whose rows are read when they are asked for: neither does memory hold a whole block of them, nor does
 * reading one keep others waiting.
 */
export class RowBlock {
  readonly #payload: Buffer
  readonly #pieces: readonly Buffer[]
  #uploaded: readonly Buffer[] | undefined
  #last: { readonly piece: number; readonly uploaded: Uploaded } | undefined
  readonly length: number

  /** @throws where the payload is not a whole block */
  constructor(payload: Buffer) {
    if (payload.length < headBytes) throw damaged()
    const packed = payload.readUInt32LE(0)
    this.#payload = payload
    this.length = payload.readUInt32LE(4)
    this.#pieces = this.#unpack(payload.subarray(headBytes, headBytes + packed), payload.readUInt32LE(8))
  }

  /** From `from` up to `upTo` (exclusive). */
  rows(from: number, upTo: number): readonly BlockRow[] {
    const rows: BlockRow[] = []
    for (let start = from - (from % rowsPerPiece); start < upTo; start += rowsPerPiece) {
      const piece = readPiece(String(this.#pieces[start / rowsPerPiece]))
      if (piece.length !== this.#rowsOf(start / rowsPerPiece)) throw damaged()
      if (start === from && start + piece.length === upTo) return piece
      const end = Math.min(piece.length, upTo - start)
      for (let at = Math.max(0, from - start); at < end; at++) rows.push(piece[at] as BlockRow)
    }
    return rows
  }

  /** A row as it was uploaded. Reports ask for one after the other: the piece that was asked for last is at hand. */
  uploaded(at: number): CsvRow {
    const [piece, place] = [Math.floor(at / rowsPerPiece), at % rowsPerPiece]
    if (this.#last?.piece !== piece) this.#last = { piece, uploaded: this.#readUploaded(piece) }
    const { row, lines, cells } = this.#last.uploaded
    return { row: row + place, line: lines[place] as number, cells: cells[place] as readonly string[] }
  }

  #readUploaded(piece: number): Uploaded {
    const packed = this.#payload.readUInt32LE(0)
    this.#uploaded ??= this.#unpack(this.#payload.subarray(headBytes + packed), this.#payload.readUInt32LE(12))
    const uploaded = JSON.parse(String(this.#uploaded[piece])) as Uploaded
    if (uploaded.cells.length !== this.#rowsOf(piece)) throw damaged()
    return uploaded
  }

  /** How many rows a piece has to have. */
  #rowsOf(piece: number): number {
    return Math.min(rowsPerPiece, this.length - piece * rowsPerPiece)
  }

  /** The pieces of a part, unread: as many as the rows need. */
  #unpack(packed: Buffer, length: number): readonly Buffer[] {
    // One byte more, or room for another such part would be made when this one is full.
    const bytes = zstdDecompressSync(packed, { chunkSize: Math.max(length + 1, smallestChunk) })
    if (bytes.length !== length) throw damaged()
    const pieces: Buffer[] = []
    for (let start = 0; start < length; ) {
      const end = bytes.indexOf(separatorByte, start)
      if (end === -1) throw damaged()
      pieces.push(bytes.subarray(start, end))
      start = end + 1
    }
    if (pieces.length !== Math.ceil(this.length / rowsPerPiece)) throw damaged()
    return pieces
  }
}

function damaged(): Error {
  return new Error('A stored block of an import is damaged: it is not as long as it says.')
}
