import { NotBegun, StoreUnavailable } from '../store-port.ts'
import type { Addressed, Barred, PreparedAddresses, SuppressionLookUp } from './look-up.ts'

/** Who is suppressed of the contacts of one request, or one chunk of an import. */
export type SuppressionWatch = {
  /** As it was last looked up. */
  readonly barred: Barred
  /**
   * Looks again where that is too long ago for a call that is about to go out; `undefined`: it is not.
   * @throws StoreUnavailable: nothing may go out
   */
  refresh(): Promise<void> | undefined
}

/** What was looked up is good for calls that go out so much later. */
export const freshForMs = 1_000
/** A store that takes longer than that for each of so many answers is as good as away. */
const looks = 3

/**
 * Looks contacts up, and again when it is asked to. Everything up to the question to the store is done at once, so that it
 * goes out beside what else is asked in the same turn of the event loop.
 * @throws NotBegun: the store could not be asked
 */
export async function watchSuppressions(
  lookUp: SuppressionLookUp,
  contacts: readonly Addressed[],
  now = performanceNow,
): Promise<SuppressionWatch> {
  try {
    const preparing = lookUp.prepare(contacts)
    const addresses = preparing instanceof Promise ? await preparing : preparing
    const askedAt = now()
    return new Watch(lookUp, addresses, await lookUp.lookUp(addresses), askedAt, now)
  } catch (error) {
    throw error instanceof StoreUnavailable ? new NotBegun(error.message) : error
  }
}

function performanceNow(): number {
  return performance.now()
}

class Watch implements SuppressionWatch {
  readonly #lookUp: SuppressionLookUp
  readonly #addresses: PreparedAddresses
  readonly #now: () => number
  /** When the last question that was answered was put. */
  #askedAt: number
  #looking: Promise<void> | undefined
  barred: Barred

  constructor(
    lookUp: SuppressionLookUp,
    addresses: PreparedAddresses,
    barred: Barred,
    askedAt: number,
    now: () => number,
  ) {
    this.#lookUp = lookUp
    this.#addresses = addresses
    this.barred = barred
    this.#askedAt = askedAt
    this.#now = now
  }

  refresh(): Promise<void> | undefined {
    return this.#isFresh() ? undefined : this.#untilFresh()
  }

  #isFresh(): boolean {
    return this.#now() - this.#askedAt <= freshForMs
  }

  async #untilFresh(): Promise<void> {
    for (let look = 0; look < looks && !this.#isFresh(); look++) {
      // All calls of a request that have waited share an answer.
      this.#looking ??= this.#lookAgain()
      await this.#looking
    }
    if (!this.#isFresh()) throw new StoreUnavailable('The suppression list answers too slowly.')
  }

  async #lookAgain(): Promise<void> {
    try {
      const askedAt = this.#now()
      this.barred = await this.#lookUp.lookUp(this.#addresses)
      this.#askedAt = askedAt
    } finally {
      this.#looking = undefined
    }
  }
}
