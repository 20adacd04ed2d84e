/** A turn of the event loop that comes later than this is the machine's doing. */
const longestTurnMs = 25
const turnMs = 5

export type TurnClock = {
  /** Milliseconds since the start. */
  now(): number
  /** The same, and the clock stops. */
  stop(): number
}

/**
 * A clock for how long something waits: it goes on while this thread gets its turns, and stands still while a busy machine
 * keeps it from them. What holds up the thread itself it does not count either; that is not for it to measure.
 */
export function startTurnClock(): TurnClock {
  let counted = 0
  let last = performance.now()
  const count = () => {
    const now = performance.now()
    counted += Math.min(now - last, longestTurnMs)
    last = now
    return counted
  }
  const timer = setInterval(count, turnMs)
  return {
    now: count,
    stop: () => {
      clearInterval(timer)
      return count()
    },
  }
}
