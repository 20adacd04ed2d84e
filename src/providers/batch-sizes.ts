import type { OperationName } from './adapter-port.ts'

/** What an account's provider has been found to take in one call; remembered while the process lives. */
export class BatchSizes {
  readonly #known = new Map<OperationName, { most: number; taken: number }>()

  /** The most contacts for one call: the given number, or fewer where the provider has refused so many. */
  most(operation: OperationName, given: number): number {
    return Math.min(given, this.#known.get(operation)?.most ?? given)
  }

  /**
   * A call with so many contacts was too large. Returns the new limit, if there is one now. A number that was taken
   * before is not given up at once: one contact may be very large.
   */
  refused(operation: OperationName, contacts: number): number | undefined {
    const known = this.#of(operation)
    if (contacts <= known.taken) {
      known.taken = 0
      return undefined
    }
    const half = Math.max(1, contacts >> 1)
    if (half >= known.most) return undefined
    known.most = half
    return half
  }

  /** A call with so many contacts was not too large. */
  taken(operation: OperationName, contacts: number): void {
    const known = this.#known.get(operation)
    // Before anything was refused there is nothing to remember.
    if (known !== undefined && contacts > known.taken) known.taken = contacts
  }

  #of(operation: OperationName) {
    const known = this.#known.get(operation) ?? { most: Number.POSITIVE_INFINITY, taken: 0 }
    this.#known.set(operation, known)
    return known
  }
}
