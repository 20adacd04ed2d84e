import type { Clock } from './clock.ts'

/** Among replicas: whose turn it is to write a person. Keys are any text. */
export type WriterLeases = {
  /** The turn; `taken`: another has it. Rejects when the replicas cannot agree now. */
  take(key: string): Promise<Lease | 'taken'>
}

/** `follows`: the person was written a short while ago, by whichever replica. */
export type Lease = { readonly follows: boolean; giveBack(): void }

export type Turn = {
  /** False: another replica may write the same person at the same time. */
  readonly alone: boolean
  /** Another wrote this person just now: what was read before the turn may be out of date. */
  readonly follows: boolean
}

/** So long the replicas know that a person was written. It is kept short, since it is kept for each of them. */
export const traceMs = 2_000
/** What was read longer ago may be older than that; the rest is for the clocks. */
const freshMs = traceMs / 2

/** Another replica is asked for its turn after so long, and then less and less often. */
const firstPollMs = 15
const longestPollMs = 250

/**
 * One writer per person at an account. Where a contact is read, changed and written back, a second one that does the same
 * in between would be undone in silence: so they stand in line here, and between replicas by a lease. Of who is written
 * once and for all nothing is asked.
 */
export class PersonWriters {
  readonly #account: string
  readonly #clock: Clock
  readonly #leases: WriterLeases | undefined
  readonly #lines = new Map<string, Promise<void>>()

  constructor(account: string, clock: Clock, leases: WriterLeases | undefined) {
    this.#account = account
    this.#clock = clock
    this.#leases = leases
  }

  /**
   * Does the work when it is its turn; `undefined`, and nothing done, when that does not come before `deadlineAt`. `readAt`:
   * when the reading began on which the work builds. All times are on the account's clock.
   */
  async inLine<Value>(
    person: string,
    deadlineAt: number,
    work: (turn: Turn) => Promise<Value>,
    readAt = this.#clock.now(),
  ): Promise<Value | undefined> {
    const before = this.#lines.get(person)
    const { promise: ended, resolve: leave } = Promise.withResolvers<void>()
    const line = before === undefined ? ended : before.then(() => ended)
    this.#lines.set(person, line)
    let lease: Lease | 'taken' | undefined
    try {
      if (before !== undefined && !(await this.#isOverBefore(before, deadlineAt))) return undefined
      lease = await this.#take(`${this.#account} ${person}`, deadlineAt)
      if (lease === 'taken') return undefined
      const isOld = this.#clock.now() - readAt > freshMs
      const follows = before !== undefined || lease === undefined || lease.follows || isOld
      return await work({ alone: lease !== undefined, follows })
    } finally {
      if (typeof lease === 'object') lease.giveBack()
      leave()
      if (this.#lines.get(person) === line) this.#lines.delete(person)
    }
  }

  async #isOverBefore(line: Promise<void>, deadlineAt: number): Promise<boolean> {
    const { promise: late, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => resolve(false), Math.max(0, deadlineAt - this.#clock.now()))
    const isOver = await Promise.race([line.then(() => true), late])
    clearTimeout(timer)
    return isOver
  }

  /** `undefined`: the replicas cannot agree. */
  async #take(key: string, deadlineAt: number): Promise<Lease | 'taken' | undefined> {
    const leases = this.#leases
    if (leases === undefined) return theOnlyOne
    for (let pollMs = firstPollMs; ; pollMs = Math.min(pollMs * 2, longestPollMs)) {
      const lease = await leases.take(key).catch(() => undefined)
      if (lease !== 'taken') return lease
      const waitMs = pollMs * (0.5 + this.#clock.random() / 2)
      if (this.#clock.now() + waitMs >= deadlineAt) return 'taken'
      await this.#clock.sleep(waitMs)
    }
  }
}

const theOnlyOne: Lease = { follows: false, giveBack() {} }
