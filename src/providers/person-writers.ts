import type { Clock } from './clock.ts'

/** Among replicas: whose turn it is to write people at an account. */
export type WriterLeases = {
  /** One person's turn; `taken`: another has it. Rejects when the replicas cannot agree now. */
  take(account: string, person: string): Promise<Lease | 'taken'>
  /** Many people's turn, which nobody has until it is taken. */
  ofGroup(account: string, people: readonly string[]): GroupLease
}

export type Lease = {
  /** How long ago the last writer of the person ended, on whichever replica; `undefined`: nobody did lately. */
  readonly endedMsAgo: number | undefined
  giveBack(): void
}

export type GroupLease = {
  /**
   * Takes it: whoever comes later waits for its end. Resolves with the people whom others still have; asked again, it
   * tells again. Rejects when the replicas cannot agree now.
   */
  take(): Promise<readonly string[]>
  giveBack(): void
}

export type Turn = {
  /** False: another replica may write the same person at the same time. */
  readonly alone: boolean
  /** Another wrote this person just now: what was read before the turn may be out of date. */
  readonly follows: boolean
}

export type GroupTurn = {
  /** As above, for everybody in it. */
  readonly alone: boolean
  /** Those whom others have had for all of the time: they must not be written. */
  readonly late: ReadonlySet<string>
}

/** How long the replicas remember that a person was written. It is short, since it is remembered for every person. */
export const traceMs = 2_000
/** A contact that was read longer ago may be older than that; the rest is for differing clocks. */
const freshMs = traceMs / 2
/** How exact a difference of two times in whole milliseconds is. */
const roundingMs = 1

/** Another replica is asked for its turn after so long, and then less and less often. */
const firstPollMs = 15
const longestPollMs = 250

/** People who are written at once. */
type Group = { readonly has: (person: string) => boolean; readonly ended: Promise<void> }

/**
 * One writer per person at an account. Where a contact is read, changed and written back, a second one that does the same
 * in between would be undone in silence, and so would a file that has the person: so they stand in line here, and between
 * replicas by a lease. A person who is written without being read needs no turn.
 */
export class PersonWriters {
  readonly #account: string
  readonly #clock: Clock
  readonly #leases: WriterLeases | undefined
  readonly #lines = new Map<string, Promise<void>>()
  readonly #groups = new Set<Group>()

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
    const before = this.#before(person)
    const { promise: ended, resolve: leave } = Promise.withResolvers<void>()
    const line = before === undefined ? ended : before.then(() => ended)
    this.#lines.set(person, line)
    let lease: Lease | 'taken' | undefined
    try {
      if (before !== undefined && !(await this.#isOverBefore(before, deadlineAt))) return undefined
      lease = await this.#take(person, deadlineAt)
      if (lease === 'taken') return undefined
      const ageMs = this.#clock.now() - readAt
      const { endedMsAgo = Number.POSITIVE_INFINITY } = lease ?? {}
      const isOld = ageMs > freshMs || endedMsAgo <= ageMs + roundingMs
      return await work({ alone: lease !== undefined, follows: before !== undefined || lease === undefined || isOld })
    } finally {
      if (typeof lease === 'object') lease.giveBack()
      leave()
      // A writer that gives up while others are still before it leaves them in the line.
      void line.then(() => this.#lines.get(person) === line && this.#lines.delete(person))
    }
  }

  /**
   * Does the work that writes many people at once when it is their turn, or when `waitUntil` has come: without those who
   * are late. Whoever comes for one of them meanwhile waits. Groups do not wait for each other.
   */
  async inLineOfAll<Value>(
    people: readonly string[],
    waitUntil: number,
    work: (turn: GroupTurn) => Promise<Value>,
  ): Promise<Value> {
    const { promise: ended, resolve: leave } = Promise.withResolvers<void>()
    const group = { has: lookUp(people), ended }
    const late = new Set<string>()
    const waits: Promise<void>[] = []
    for (const [person, line] of this.#lines) {
      if (!group.has(person)) continue
      const wait = async () => void ((await this.#isOverBefore(line, waitUntil)) || late.add(person))
      waits.push(wait())
    }
    this.#groups.add(group)
    const lease = this.#leases?.ofGroup(this.#account, people)
    try {
      if (waits.length > 0) await Promise.all(waits)
      const alone = lease === undefined || (await this.#takeAll(lease, waitUntil, late))
      return await work({ alone, late })
    } finally {
      lease?.giveBack()
      leave()
      this.#groups.delete(group)
    }
  }

  /** All who write the person now, or are to. */
  #before(person: string): Promise<void> | undefined {
    const line = this.#lines.get(person)
    if (this.#groups.size === 0) return line
    const before = line === undefined ? [] : [line]
    for (const group of this.#groups) if (group.has(person)) before.push(group.ended)
    return before.length < 2 ? before[0] : Promise.all(before).then(() => {})
  }

  async #isOverBefore(line: Promise<void>, deadlineAt: number): Promise<boolean> {
    const { promise: late, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => resolve(false), Math.max(0, deadlineAt - this.#clock.now()))
    const isOver = await Promise.race([line.then(() => true), late])
    clearTimeout(timer)
    return isOver
  }

  /** `undefined`: the replicas cannot agree. */
  async #take(person: string, deadlineAt: number): Promise<Lease | 'taken' | undefined> {
    const leases = this.#leases
    if (leases === undefined) return theOnlyOne
    const take = () => leases.take(this.#account, person).catch(() => undefined)
    return this.#poll(take, (lease) => lease !== 'taken', deadlineAt)
  }

  /** False: the replicas cannot agree. */
  async #takeAll(lease: GroupLease, waitUntil: number, late: Set<string>): Promise<boolean> {
    const take = () => lease.take().catch(() => undefined)
    const taken = await this.#poll(take, (others) => others === undefined || others.length === 0, waitUntil)
    for (const person of taken ?? []) late.add(person)
    return taken !== undefined
  }

  /** Asks until the answer is good, or there is no time left for another one. */
  async #poll<Value>(ask: () => Promise<Value>, isGood: (value: Value) => boolean, deadlineAt: number): Promise<Value> {
    for (let pollMs = firstPollMs; ; pollMs = Math.min(pollMs * 2, longestPollMs)) {
      const value = await ask()
      if (isGood(value)) return value
      const waitMs = pollMs * (0.5 + this.#clock.random() / 2)
      if (this.#clock.now() + waitMs >= deadlineAt) return value
      await this.#clock.sleep(waitMs)
    }
  }
}

const theOnlyOne: Lease = { endedMsAgo: undefined, giveBack() {} }

/** Looks people up; what that takes is made when it is asked first, since mostly nobody asks. */
function lookUp(people: readonly string[]): (person: string) => boolean {
  let set: ReadonlySet<string> | undefined
  return (person) => {
    set ??= new Set(people)
    return set.has(person)
  }
}
