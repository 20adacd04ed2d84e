import type { Clock } from '../../src/providers/clock.ts'

/** A clock that stands still until all is waiting, and then goes on to the first who is to wake up. */
export type ManualClock = Clock & {
  /** Moves on by so many milliseconds, waking up whoever is due on the way, in order. */
  advance(ms: number): Promise<void>
  /** Runs until `work` has ended. */
  until<Value>(work: Promise<Value>): Promise<Value>
}

/** Starts at 0. `random` gives the values in turn, the last one for ever; without any it is really random. */
export function createManualClock(...random: readonly number[]): ManualClock {
  let now = 0
  let drawn = 0
  let sleepers: { readonly at: number; readonly wake: () => void }[] = []
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
  const wakeNext = (limit: number): boolean => {
    const next = sleepers.reduce<(typeof sleepers)[number] | undefined>(
      (first, one) => (first === undefined || one.at < first.at ? one : first),
      undefined,
    )
    if (next === undefined || next.at > limit) return false
    sleepers = sleepers.filter((one) => one !== next)
    now = Math.max(now, next.at)
    next.wake()
    return true
  }
  return {
    now: () => now,
    sleep: (ms) => new Promise((resolve) => sleepers.push({ at: now + Math.max(ms, 0), wake: resolve })),
    random: () => random[Math.min(drawn++, random.length - 1)] ?? Math.random(),
    async advance(ms) {
      const end = now + ms
      await settled()
      while (wakeNext(end)) await settled()
      now = end
    },
    async until(work) {
      let ended = false
      const end = () => {
        ended = true
      }
      work.then(end, end)
      await settled()
      while (!ended) {
        if (!wakeNext(Number.POSITIVE_INFINITY) && !ended) await settled()
        await settled()
      }
      return work
    },
  }
}
