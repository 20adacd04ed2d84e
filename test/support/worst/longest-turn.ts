/**
 * Watches how long this thread works without a break. Time in which it waits for others of the machine does not count:
 * it is the processor's time of this thread, in milliseconds, between two breaks.
 */
export function watchTurns(): { readonly longest: () => number; readonly stop: () => void } {
  let longest = 0
  let isWatching = true
  let before = process.threadCpuUsage()
  const look = () => {
    const now = process.threadCpuUsage()
    longest = Math.max(longest, (now.user + now.system - before.user - before.system) / 1_000)
    before = now
    if (isWatching) again()
  }
  // Without a reference it comes in each turn, and the loop sleeps all the same where there is nothing to do.
  const again = () => setImmediate(look).unref()
  again()
  return {
    longest: () => {
      const turn = longest
      longest = 0
      return turn
    },
    stop: () => {
      isWatching = false
    },
  }
}
