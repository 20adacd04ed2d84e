import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import { type Answer, Connection } from './connection.ts'
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

export type LoadOptions = {
  readonly port: number
  readonly connections: number
  /** It ends after so many seconds, or so many requests. */
  readonly seconds?: number
  readonly requests?: number
  /** Requests a second, sent at fixed times whether or not earlier ones were answered; without it as fast as they are. */
  readonly rate?: number
}

/** Numbers of requests go on over all stretches of a process, so that no key comes twice. */
let serial = 0

/** Makes requests for a while, and checks every answer. */
export async function generate(requests: Requests, options: LoadOptions): Promise<Load> {
  const tally = new Tally(requests)
  const lost = Promise.withResolvers<never>()
  const pool = Array.from({ length: options.connections }, () => new Connection(options.port, lost.reject))
  const startedAt = performance.now()
  try {
    await Promise.race([
      options.rate === undefined ? closedLoop(pool, tally, options) : openLoop(pool, tally, options.rate, options),
      lost.promise,
    ])
    return tally.load((performance.now() - startedAt) / 1000)
  } finally {
    for (const connection of pool) connection.close()
  }
}

class Tally {
  readonly #requests: Requests
  readonly #times: RecordableHistogram = createHistogram()
  #count = 0
  #wrong = 0
  #fault: string | undefined

  constructor(requests: Requests) {
    this.#requests = requests
  }

  /** Sends the next request; its time counts from `dueAt`. */
  send(connection: Connection, dueAt: number, done: () => void): void {
    const n = serial++
    connection.send(this.#requests.make(n), (answer) => {
      this.#note(n, answer, performance.now() - dueAt)
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

/** Each connection sends its next request when the last one is answered. */
async function closedLoop(pool: Connection[], tally: Tally, { seconds, requests }: LoadOptions): Promise<void> {
  const endsAt = performance.now() + (seconds ?? Number.POSITIVE_INFINITY) * 1000
  let left = requests ?? Number.POSITIVE_INFINITY
  await Promise.all(
    pool.map(
      (connection) =>
        new Promise<void>((resolve) => {
          const next = () => {
            const now = performance.now()
            if (now >= endsAt || left <= 0) return resolve()
            left--
            tally.send(connection, now, next)
          }
          next()
        }),
    ),
  )
}

/** Requests at fixed times. One that finds no free connection waits for one, and its time runs from when it was due. */
async function openLoop(pool: Connection[], tally: Tally, rate: number, { seconds = 1 }: LoadOptions): Promise<void> {
  const free = [...pool]
  const waiting: number[] = []
  const startedAt = performance.now()
  const all = Math.round(rate * seconds)
  let sent = 0
  let answered = 0
  await new Promise<void>((resolve) => {
    const send = (connection: Connection, dueAt: number) =>
      tally.send(connection, dueAt, () => {
        const next = waiting.shift()
        if (next === undefined) free.push(connection)
        else send(connection, next)
        if (++answered === all) resolve()
      })
    const tick = () => {
      for (; sent < all; sent++) {
        const dueAt = startedAt + (sent / rate) * 1000
        if (dueAt > performance.now()) break
        const connection = free.pop()
        if (connection === undefined) waiting.push(dueAt)
        else send(connection, dueAt)
      }
      if (sent < all) setTimeout(tick, 1)
    }
    tick()
  })
}
