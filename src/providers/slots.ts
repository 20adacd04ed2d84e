import type { CallPriority } from '../domain/call-context.ts'
import { type Clock, longestTimerMs } from './clock.ts'
import type { Pace } from './pace.ts'

/** While both wait, one of this many places that become free goes to an import. */
const importTurn = 4

/**
 * The places for simultaneous calls to one account. A call beyond them, or ahead of the account's pace, waits in line, and
 * not longer than its deadline; the lines are bounded, so that a hanging provider cannot pile up work. Interactive calls
 * and imports have a line each. While interactive calls wait, imports have at most half of the places and at most every
 * fourth turn; a fourth of the turns is theirs, so that they come forward all the same.
 */
export class Slots {
  readonly #limit: number
  readonly #longestLine: number
  readonly #paced: Paced | undefined
  readonly #taken = { interactive: 0, import: 0 }
  readonly #lines = { interactive: new Set<Waiting>(), import: new Set<Waiting>() }
  #turn = 0
  #isBooking = false
  /** Where there is a pace: since when no place is free, and for how long in all before. */
  #fullSince: number | undefined
  #fullMs = 0

  constructor(limit: number, longestLine: number, paced?: Paced) {
    this.#limit = limit
    this.#longestLine = longestLine
    this.#paced = paced
  }

  /** Takes a place: at once where one is free, else `'deadline'` after `waitMs`, or `'busy'` when the line is full. */
  take(waitMs: number, priority: CallPriority = 'interactive'): true | 'busy' | Promise<true | 'deadline'> {
    if (this.#paced === undefined && this.#free > 0) {
      this.#taken[priority]++
      return true
    }
    const line = this.#lines[priority]
    if (line.size >= this.#longestLine) return 'busy'
    const turn = new Promise<true | 'deadline'>((resolve) => {
      const leave = () => {
        line.delete(waiting)
        resolve('deadline')
      }
      const waiting = { admit: resolve, timer: setTimeout(leave, Math.min(waitMs, longestTimerMs)) }
      line.add(waiting)
    })
    this.#moveUp()
    return turn
  }

  /** Gives a place back, to the next in line if there is one. */
  free(priority: CallPriority = 'interactive'): void {
    this.#taken[priority]--
    if (this.#fullSince !== undefined && this.#paced !== undefined) {
      this.#fullMs += this.#paced.clock.now() - this.#fullSince
      this.#fullSince = undefined
    }
    this.#moveUp()
  }

  get waiting(): number {
    return this.#lines.interactive.size + this.#lines.import.size
  }

  /**
   * For how long no place was free, in all (ms): of a wait for pace and place this much more was for a place. `undefined` where
   * there is no pace: then one waits for a place alone.
   */
  fullMs(): number | undefined {
    if (this.#paced === undefined) return undefined
    return this.#fullMs + (this.#fullSince === undefined ? 0 : this.#paced.clock.now() - this.#fullSince)
  }

  get #free(): number {
    return this.#limit - this.#taken.interactive - this.#taken.import
  }

  #moveUp(): void {
    if (this.#paced === undefined) while (this.#free > 0 && this.#admitNext());
    else if (!this.#isBooking) void this.#moveUpInPace(this.#paced)
  }

  /** One booking at a time, for those who can go now; who goes is decided when the moment has come. */
  async #moveUpInPace({ pace, clock }: Paced): Promise<void> {
    this.#isBooking = true
    try {
      while (this.#free > 0 && this.waiting > 0) {
        const booking = pace.book(Math.min(this.#free, this.waiting))
        const { count, waitMs } = booking instanceof Promise ? await booking : booking
        if (waitMs > 0) await clock.sleep(waitMs)
        for (let admitted = 0; admitted < count && this.#free > 0; admitted++) this.#admitNext()
      }
    } finally {
      this.#isBooking = false
    }
  }

  #admitNext(): boolean {
    const priority = this.#whoseTurn()
    const line = this.#lines[priority]
    const [first] = line
    if (first === undefined) return false
    line.delete(first)
    clearTimeout(first.timer)
    this.#taken[priority]++
    if (this.#paced !== undefined && this.#free === 0) this.#fullSince = this.#paced.clock.now()
    first.admit(true)
    return true
  }

  #whoseTurn(): CallPriority {
    const { interactive, import: imports } = this.#lines
    if (imports.size === 0) return 'interactive'
    if (interactive.size === 0) return 'import'
    const mayImport = this.#taken.import + 1 <= Math.max(1, this.#limit / 2)
    this.#turn = (this.#turn + 1) % importTurn
    return this.#turn === 0 && mayImport ? 'import' : 'interactive'
  }
}

/** A pace that cannot be asked (a rejected `book`) must not be handed in: see `withSubstitute`. */
type Paced = { readonly pace: Pace; readonly clock: Pick<Clock, 'now' | 'sleep'> }
type Waiting = { readonly admit: (result: true | 'deadline') => void; readonly timer: NodeJS.Timeout }
