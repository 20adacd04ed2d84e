/** How many requests a client may make in a window of time, as configured. */
export type Quota = { readonly requests: number; readonly windowSeconds: number }

/** What a client may still do. */
export type Allowance = {
  readonly allowed: boolean
  readonly remaining: number
  /** Until the window ends, at least 1. */
  readonly resetSeconds: number
}

/**
 * Counts that the replicas of a gateway share. Adds to the window of a key, which begins with the first count and ends
 * `windowMs` later, and tells its total and how much longer it lasts.
 */
export type SharedCounts = {
  add(key: string, count: number, windowMs: number): Promise<{ readonly total: number; readonly msLeft: number }>
}

/** What one replica has to tell the others; `term` says of which window. */
export type Unshared = { readonly count: number; readonly msLeft: number; readonly term: number }

/** The running window of one client, as this replica knows it. Times are in milliseconds on one clock. */
export class QuotaWindow {
  #used = 0
  #unshared = 0
  #endsAt = 0
  #term = 0

  /** Uses one request of the quota, if there is one left. */
  use({ requests, windowSeconds }: Quota, now: number): Allowance {
    if (now >= this.#endsAt) {
      this.#used = 0
      this.#unshared = 0
      this.#endsAt = now + windowSeconds * 1000
      this.#term++
    }
    const allowed = this.#used < requests
    if (allowed) {
      this.#used++
      this.#unshared++
    }
    return {
      allowed,
      remaining: Math.max(0, requests - this.#used),
      resetSeconds: Math.max(1, Math.ceil(Math.round(this.#endsAt - now) / 1000)),
    }
  }

  /** Counts what a request that was let in turned out to cost besides, be there as much left or not. */
  charge(requests: number): void {
    this.#used += requests
    this.#unshared += requests
  }

  /** Hands over what the other replicas do not know yet; `undefined` when that is nothing. */
  takeUnshared(now: number): Unshared | undefined {
    if (this.#unshared === 0 || now >= this.#endsAt) return undefined
    const count = this.#unshared
    this.#unshared = 0
    return { count, msLeft: this.#endsAt - now, term: this.#term }
  }

  /** Takes over what all replicas together have used, once they know of `shared`; a window that is over stays over. */
  merge(shared: Unshared, { total, msLeft }: { readonly total: number; readonly msLeft: number }, now: number): void {
    if (shared.term !== this.#term) return
    this.#used = total + this.#unshared
    this.#endsAt = now + msLeft
  }

  /** Takes back what could not be shared, to be shared later. */
  giveBack({ count, term }: Unshared): void {
    if (term === this.#term) this.#unshared += count
  }

  /** True when nothing is lost with it. */
  isOver(now: number): boolean {
    return now >= this.#endsAt
  }
}
