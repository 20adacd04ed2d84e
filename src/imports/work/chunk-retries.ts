import { setTimeout as sleep } from 'node:timers/promises'

const longestTries = 6
const firstWaitMs = 500
const longestWaitMs = 15_000

/**
 * How long imports try again at an account that fails for now: up to about 45 s for a chunk, with full jitter. If that
 * does not help, the next chunks are tried once each until one succeeds: a provider that is down for an hour does not
 * hold up half a million rows for weeks.
 */
export class ChunkRetries {
  #lost = false

  succeeded(): void {
    this.#lost = false
  }

  /** Waits before the next try; false when there is to be none. `attempt` counts from 1. */
  async waitBefore(attempt: number): Promise<boolean> {
    if (this.#lost || attempt >= longestTries) {
      this.#lost = true
      return false
    }
    const most = Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs)
    await sleep(most * (0.5 + Math.random() / 2), undefined, { ref: false })
    return true
  }
}
