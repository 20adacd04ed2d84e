import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import { now } from './clock.ts'
import type { Answer, Connection } from './connection.ts'
import type { Requests } from './requests.ts'

/** What one stretch of load came to. Times are in milliseconds. */
export type Load = {
  /** Answers that were right. */
  readonly count: number
  /** Answers that were not, with one of the reasons. */
  readonly wrong: number
  readonly fault: string | undefined
  readonly seconds: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** Numbers of requests go on over all stretches of a process, so that no key comes twice. */
let serial = 0

/** Sends requests and notes what became of them. `onTime` gets the time of each right answer. */
export class Tally {
  readonly #requests: Requests
  readonly #onTime: (ms: number) => void
  readonly #times: RecordableHistogram = createHistogram()
  #count = 0
  #wrong = 0
  #fault: string | undefined

  constructor(requests: Requests, onTime: (ms: number) => void = () => {}) {
    this.#requests = requests
    this.#onTime = onTime
  }

  /** Sends the next request; its time counts from `dueAt`. */
  send(connection: Connection, dueAt: number, done: () => void): void {
    const n = serial++
    connection.send(this.#requests.make(n), (answer) => {
      this.#note(n, answer, now() - dueAt)
      done()
    })
  }

  #note(n: number, answer: Answer, ms: number): void {
    const fault = this.#requests.fault(n, answer)
    if (fault !== undefined) {
      this.#wrong++
      this.#fault ??= fault
      return
    }
    this.#count++
    this.#times.record(Math.max(1, Math.round(ms * 1_000_000)))
    this.#onTime(ms)
  }

  load(seconds: number): Load {
    const at = (percent: number) => this.#times.percentile(percent) / 1_000_000
    return {
      count: this.#count,
      wrong: this.#wrong,
      fault: this.#fault,
      seconds,
      p50: at(50),
      p99: at(99),
      p999: at(99.9),
      max: this.#times.max / 1_000_000,
    }
  }
}
