/** Time and chance, handed to the policies so that a test can hold them. */
export type Clock = {
  /** Milliseconds that only grow. */
  now(): number
  /** Resolves after so many milliseconds; a wait never ends early, however long it is. */
  sleep(ms: number): Promise<void>
  /** From 0 up to, and without, 1. */
  random(): number
}

/** A timer with a longer delay than this would fire at once (Node: 32 bits). */
export const longestTimerMs = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(Math.max(ms, 0), longestTimerMs))),
  random: Math.random,
}
