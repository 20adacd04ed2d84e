import { type Attempt, attemptsOf, type CallsTold } from '../../domain/attempt.ts'
import type { ChunkResult, ImportWait } from '../../services/import-store-port.ts'

type Tallied = Pick<ChunkResult, 'calls' | 'waitedMs'>

/** Counts the calls of a job, and what they waited for, from one commit to the next. */
export class CallTally implements CallsTold {
  #calls: Record<string, number> = {}
  #waitedMs: Partial<Record<ImportWait, number>> = {}

  ended(last: Attempt): void {
    for (const attempt of attemptsOf(last)) {
      const { operation, result, took = 0, waitedForPlace, waitedForPace, gaveWay, nextIn } = attempt
      const call = `${operation} ${result}`
      this.#calls[call] = (this.#calls[call] ?? 0) + 1
      this.waited('provider', took)
      this.waited('place', waitedForPlace)
      this.waited('pace', waitedForPace)
      this.waited('priority', gaveWay)
      this.waited('again', nextIn)
    }
  }

  waited(what: ImportWait, ms: number): void {
    if (ms > 0) this.#waitedMs[what] = (this.#waitedMs[what] ?? 0) + ms
  }

  /** What was counted since it was taken last, in whole milliseconds; what is below one is not lost. */
  take(): Tallied {
    const tallied: Tallied = { calls: this.#calls, waitedMs: {} }
    const left: Partial<Record<ImportWait, number>> = {}
    for (const [what, ms] of Object.entries(this.#waitedMs)) {
      Object.assign(tallied.waitedMs, { [what]: Math.floor(ms) })
      Object.assign(left, { [what]: ms % 1 })
    }
    this.#calls = {}
    this.#waitedMs = left
    return tallied
  }
}
