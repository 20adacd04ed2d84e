import { type EventLoopUtilization, performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long after a request whose caller waits for the answer another is expected. */
const attentionMs = 1_000
/** Meanwhile imports go on when this share of the time since their last turn was idle, */
const idleShare = 0.5
/** or after so long. */
const longestWaitMs = 50
/** Timers are no finer. */
const shortestSleepMs = 1

/**
 * Puts the work of all imports of the process in line, so that requests are answered before it. One piece is done in a
 * pass of the event loop. While requests come, imports also leave the loop idle for half of the time: otherwise each
 * step of a request would stand behind several of theirs, here and at the providers.
 */
export class YieldToCallers {
  #last: Promise<void> = Promise.resolve()
  #lastAlone: Promise<unknown> = Promise.resolve()
  #attendedAt = Number.NEGATIVE_INFINITY
  #settledAt: EventLoopUtilization = performance.eventLoopUtilization()

  /** Somebody waits for an answer. */
  attend(): void {
    this.#attendedAt = performance.now()
  }

  /** The turn of a piece of work that takes time. */
  own(): Promise<void> {
    this.#last = this.#last.then(() => this.#next())
    return this.#last
  }

  /** The turn of a call: at once while nobody waits for an answer. */
  giveWay(): Promise<void> | undefined {
    return this.#isAttending ? this.own() : undefined
  }

  /** Work of which there is only one at a time, in the order in which it was asked for. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const own = this.#lastAlone.then(work)
    this.#lastAlone = own.catch(() => undefined)
    return own
  }

  get #isAttending(): boolean {
    return performance.now() - this.#attendedAt < attentionMs
  }

  async #next(): Promise<void> {
    if (this.#isAttending) await this.#untilIdleEnough()
    await new Promise((resolve) => setImmediate(resolve))
  }

  async #untilIdleEnough(): Promise<void> {
    const latestAt = performance.now() + longestWaitMs
    for (let missingMs = this.#missingIdleMs(); missingMs > 0; missingMs = this.#missingIdleMs()) {
      const leftMs = latestAt - performance.now()
      if (leftMs <= 0) break
      // What is missing adds up until it is worth a timer.
      if (missingMs < shortestSleepMs) return
      await sleep(Math.min(missingMs, leftMs))
    }
    this.#settledAt = performance.eventLoopUtilization()
  }

  #missingIdleMs(): number {
    const { active, idle } = performance.eventLoopUtilization(this.#settledAt)
    return (active * idleShare) / (1 - idleShare) - idle
  }
}
