import { type Attempt, attemptsOf, type CallsTold } from './attempt.ts'

/** Calls of one account that are told in full. */
export const mostCallsTold = 20
/** Of so many that are held the worst are picked out. */
const mostHeld = 500

/** The calls of one account: the worst of them, in the order of their first attempts, and how many there were beside. */
export type CallsAt = {
  readonly account: string
  /** By their last attempts. */
  readonly calls: readonly Attempt[]
  readonly leftOut: number
}

/** The calls that one request has made. What it holds is bounded, however many they are. */
export class CallsMade implements CallsTold {
  #held: Attempt[] | undefined
  #leftOut: Map<string, number> | undefined

  ended(last: Attempt): void {
    if (this.#held === undefined) this.#held = [last]
    else if (this.#held.push(last) > mostHeld) this.#thinOut(this.#held)
  }

  get any(): boolean {
    return this.#held !== undefined
  }

  /** By account, at most `most` calls of each. */
  byAccount(most = mostCallsTold): readonly CallsAt[] {
    return [...Map.groupBy(this.#held ?? [], ({ account }) => account)].map(([account, calls]) => {
      const told = worstOf(calls, most)
      const leftOut = calls.length - told.length + (this.#leftOut?.get(account) ?? 0)
      return { account, calls: told.toSorted((one, other) => firstAt(one) - firstAt(other)), leftOut }
    })
  }

  #thinOut(held: readonly Attempt[]): void {
    this.#leftOut ??= new Map()
    const kept: Attempt[] = []
    for (const [account, calls] of Map.groupBy(held, ({ account }) => account)) {
      const worst = worstOf(calls, mostCallsTold)
      kept.push(...worst)
      this.#leftOut.set(account, (this.#leftOut.get(account) ?? 0) + calls.length - worst.length)
    }
    this.#held = kept
  }
}

function firstAt(last: Attempt): number {
  return last.before === undefined ? last.at : firstAt(last.before)
}

function worstOf(calls: readonly Attempt[], most: number): readonly Attempt[] {
  if (calls.length <= most) return calls
  return calls.toSorted((one, other) => badnessOf(other) - badnessOf(one)).slice(0, most)
}

/** Those that failed are worse than those that were sent several times, and these worse than those that took long. */
function badnessOf(last: Attempt): number {
  const failed = last.result === 'ok' ? 0 : 1e12
  return failed + last.number * 1e9 + timeOf(last)
}

function timeOf(last: Attempt): number {
  return attemptsOf(last).reduce((sum, { took = 0, waitedForPlace, waitedForPace, nextIn }) => {
    return sum + took + waitedForPlace + waitedForPace + nextIn
  }, 0)
}
