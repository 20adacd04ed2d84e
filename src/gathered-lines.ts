/** As many lines of the log as a hundred requests make. */
const pieceBytes = 32_768
/** A UTF-16 code unit as UTF-8. */
const mostBytesOfUnit = 3

/**
 * Gathers lines in a buffer and hands them on together, at most `latestMs` after the first of them: text that waited would be
 * work for the garbage collector, and so would be new buffers. While there is nothing to hand on nothing is done.
 */
export class GatheredLines {
  readonly #handOn: (piece: Buffer) => void
  readonly #latestMs: number
  #piece = Buffer.allocUnsafeSlow(pieceBytes)
  /** The one that is given back, for the next piece. */
  #spare: Buffer<ArrayBuffer> | undefined
  #bytes = 0
  #timer: NodeJS.Timeout | undefined

  constructor(handOn: (piece: Buffer) => void, latestMs: number) {
    this.#handOn = handOn
    this.#latestMs = latestMs
  }

  /** Of what is not handed on yet. */
  get bytes(): number {
    return this.#bytes
  }

  add(line: string): void {
    const mostBytes = line.length * mostBytesOfUnit
    if (mostBytes > pieceBytes - this.#bytes) this.flush()
    if (mostBytes > pieceBytes) this.#handOn(Buffer.from(line))
    else {
      this.#bytes += this.#piece.write(line, this.#bytes)
      this.#timer ??= setTimeout(() => this.flush(), this.#latestMs).unref()
    }
  }

  /** Gives a piece back that was handed on and is needed no more. */
  giveBack({ buffer }: Buffer): void {
    if (buffer.byteLength === pieceBytes) this.#spare = Buffer.from(buffer as ArrayBuffer)
  }

  /** Hands on at once. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#bytes === 0) return
    const piece = this.#piece.subarray(0, this.#bytes)
    this.#piece = this.#spare ?? Buffer.allocUnsafeSlow(pieceBytes)
    this.#spare = undefined
    this.#bytes = 0
    this.#handOn(piece)
  }
}
