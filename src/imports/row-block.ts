import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import type { Contact } from '../domain/contact.ts'
import type { Warning } from '../domain/outcome.ts'

/** Why a row cannot be sent to any account. */
export type RowRefusal = {
  readonly code: string
  readonly detail: string
  /** The column's name in the file; empty when no single one is to blame. */
  readonly column: string
  readonly value: string
}

/** One row of an import, read and checked once, for all accounts. */
export type BlockRow = {
  /** From 1, without the header. */
  readonly row: number
  /** On which line of the file it begins, from 1. */
  readonly line: number
  readonly contact: Contact
  readonly warnings: readonly Warning[]
  readonly refusal?: RowRefusal
  /** The earlier row that is the same person. */
  readonly duplicateOf?: number
  /** The only accounts that are to get it; absent for all of the list. */
  readonly accounts?: readonly string[]
}

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** Rows that are stored and sent together, at most. */
export const rowsPerBlock = 1_000

/** Behind each piece of a block. JSON has no line break of its own, so that pieces can be told apart unread. */
const separator = ',\n'
/** Most blocks are smaller, and so come in one piece. */
const decodedBytes = 512 * 1024

/**
 * Collects a block: its rows, and behind them their cells as uploaded, which the reports alone need. Used again for one
 * block after the other.
 */
export class BlockEncoder {
  #rows: string[] = []
  #cells: string[] = []
  #bytes = Buffer.alloc(0)

  get length(): number {
    return this.#rows.length
  }

  add(row: BlockRow, cells: readonly string[]): void {
    this.#rows.push(JSON.stringify(row) + separator)
    this.#cells.push(JSON.stringify(cells) + separator)
  }

  /** The block as it is stored: compressed, off the main thread. Nothing may be added until then. */
  async encode(): Promise<Buffer> {
    const text = this.#rows.concat(this.#cells).join('')
    this.#rows = []
    this.#cells = []
    if (this.#bytes.length < text.length * 3) this.#bytes = Buffer.allocUnsafeSlow(text.length * 3)
    const length = this.#bytes.write(text)
    return compress(this.#bytes.subarray(0, length), { pledgedSrcSize: length })
  }
}

/** The rows of a stored block. */
export async function decodeBlock(payload: Buffer): Promise<RowBlock> {
  return new RowBlock(await decompress(payload, { chunkSize: decodedBytes }))
}

/**
 * Rows that are read when they are asked for: neither does memory hold a whole block of them, nor does reading one keep
 * others waiting. Members that a contact lacks are absent, not `undefined`.
 */
export class RowBlock {
  readonly #bytes: Buffer
  /** Where each piece begins, and the last one ends. */
  readonly #starts: number[] = [0]
  readonly length: number

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    for (let at = bytes.indexOf(separator); at >= 0; at = bytes.indexOf(separator, at + separator.length))
      this.#starts.push(at + separator.length)
    this.length = (this.#starts.length - 1) / 2
  }

  /** From `from` up to `upTo` (exclusive). */
  rows(from: number, upTo: number): readonly BlockRow[] {
    return this.#pieces(from, upTo) as BlockRow[]
  }

  row(at: number): BlockRow {
    return this.rows(at, at + 1)[0] as BlockRow
  }

  /** The cells of a row, as uploaded. */
  cells(at: number): readonly string[] {
    const [cells = []] = this.#pieces(this.length + at, this.length + at + 1) as string[][]
    return cells
  }

  #pieces(from: number, upTo: number): unknown[] {
    if (from >= upTo) return []
    const [start = 0, end = 0] = [this.#starts[from], this.#starts[upTo]]
    return JSON.parse(`[${this.#bytes.toString('utf8', start, end - separator.length)}]`) as unknown[]
  }
}
