import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'

/** How often Node looks how late it is. Each look wakes the process, a hundred times a second. */
const resolutionMs = 10
const sampleMs = 1_000
/** After so many samples in which nobody asked there is nobody who would. */
const samplesUnasked = 10

/**
 * How late the event loop is, and how full heap and memory are. It is measured only while somebody asks, and for some seconds after
 * that: a process without requests is left asleep. What was measured before a rest says nothing after it.
 */
export class LoopDelay {
  readonly #ofSample = monitorEventLoopDelay({ resolution: resolutionMs })
  readonly #ofReading = monitorEventLoopDelay({ resolution: resolutionMs })
  readonly #sampleMs: number
  #timer: NodeJS.Timeout | undefined
  #unasked = 0
  #meanMs = 0
  #heapBytes = 0
  #residentBytes = 0
  #sampleBeganAt = 0

  constructor(lengthMs = sampleMs) {
    this.#sampleMs = lengthMs
  }

  /** The mean of the last sample in ms; its length when all of it was one turn of the loop, 0 while there is none. */
  get meanMs(): number {
    this.#unasked = 0
    if (this.#timer === undefined) this.#begin()
    return this.#meanMs
  }

  /** How much of the heap was in use at the end of the last sample; 0 while there is none. */
  get heapBytes(): number {
    return this.#heapBytes
  }

  /** How much memory the process held at the end of the last sample, in its heap and outside; 0 while there is none. */
  get residentBytes(): number {
    return this.#residentBytes
  }

  /** What was measured since this was asked last: in ms, 0 where nothing was. */
  read(): { readonly meanMs: number; readonly p99Ms: number } {
    const { count, mean } = this.#ofReading
    const figures =
      count === 0
        ? { meanMs: 0, p99Ms: 0 }
        : { meanMs: lateness(mean), p99Ms: lateness(this.#ofReading.percentile(99)) }
    this.#ofReading.reset()
    return figures
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#meanMs = 0
    this.#heapBytes = 0
    this.#residentBytes = 0
    for (const histogram of this.#histograms) histogram.disable()
  }

  get #histograms(): readonly ReturnType<typeof monitorEventLoopDelay>[] {
    return [this.#ofSample, this.#ofReading]
  }

  #begin(): void {
    for (const histogram of this.#histograms) histogram.enable()
    this.#ofSample.reset()
    this.#sampleBeganAt = performance.now()
    this.#timer = setInterval(() => this.#endSample(), this.#sampleMs).unref()
  }

  #endSample(): void {
    const { count, mean } = this.#ofSample
    const now = performance.now()
    this.#meanMs = count === 0 ? now - this.#sampleBeganAt : lateness(mean)
    this.#ofSample.reset()
    this.#sampleBeganAt = now
    this.#heapBytes = getHeapStatistics().used_heap_size
    this.#residentBytes = process.memoryUsage.rss()
    if (++this.#unasked > samplesUnasked) this.close()
  }
}

/** What is measured is the time between two looks. */
function lateness(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolutionMs)
}
