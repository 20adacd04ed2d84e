const windowMs = 60_000
/** Of one network, and of all of them together. */
const linesPerNetwork = 10
const linesInAll = 300

/** How many lines were left out, by reason. */
export type LeftOut = Readonly<Record<string, number>>

/**
 * Keeps whoever is refused from filling the log: a few lines a minute of one network, and not too many of all of them. What
 * is left out is counted, and told when the minute is over.
 */
export class LineLimit {
  readonly #tell: (leftOut: LeftOut) => void
  readonly #lines = new Map<string, number>()
  #leftOut: Record<string, number> = {}
  #inAll = 0
  #timer: NodeJS.Timeout | undefined

  constructor(tell: (leftOut: LeftOut) => void) {
    this.#tell = tell
  }

  /** True when the line may be written. */
  take(network: string, reason: string): boolean {
    this.#timer ??= setTimeout(() => this.close(), windowMs).unref()
    const lines = this.#lines.get(network) ?? 0
    if (lines >= linesPerNetwork || this.#inAll >= linesInAll) {
      this.#leftOut[reason] = (this.#leftOut[reason] ?? 0) + 1
      return false
    }
    this.#lines.set(network, lines + 1)
    this.#inAll++
    return true
  }

  /** Ends the minute, and tells what was left out. */
  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const leftOut = this.#leftOut
    this.#lines.clear()
    this.#leftOut = {}
    this.#inAll = 0
    if (Object.keys(leftOut).length > 0) this.#tell(leftOut)
  }
}
