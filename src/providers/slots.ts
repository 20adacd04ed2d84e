/**
 * The places for simultaneous calls to one account. A call beyond them waits in line, and not longer than its deadline;
 * the line is bounded, so that a hanging provider cannot pile up work.
 */
export class Slots {
  readonly #limit: number
  readonly #longestLine: number
  #taken = 0
  readonly #line = new Set<Waiting>()

  constructor(limit: number, longestLine: number) {
    this.#limit = limit
    this.#longestLine = longestLine
  }

  /** Takes a place: at once where one is free, else `'deadline'` after `waitMs`, or `'busy'` when the line is full. */
  take(waitMs: number): true | 'busy' | Promise<true | 'deadline'> {
    if (this.#taken < this.#limit) {
      this.#taken++
      return true
    }
    if (this.#line.size >= this.#longestLine) return 'busy'
    return new Promise((resolve) => {
      const waiting: Waiting = {
        admit: resolve,
        timer: setTimeout(() => {
          this.#line.delete(waiting)
          resolve('deadline')
        }, waitMs),
      }
      this.#line.add(waiting)
    })
  }

  /** Gives a place back, to the first in line if there is one. */
  free(): void {
    const [first] = this.#line
    if (first === undefined) {
      this.#taken--
      return
    }
    this.#line.delete(first)
    clearTimeout(first.timer)
    first.admit(true)
  }

  get waiting(): number {
    return this.#line.size
  }
}

type Waiting = { readonly admit: (result: true | 'deadline') => void; readonly timer: NodeJS.Timeout }
