import type { Claim, ClaimResult, StoredAnswer } from '../../src/services/store-port.ts'

type Run = Claim & { leaseUntil: number; died: boolean; marks: readonly string[] }
type Answer = { fingerprint: Buffer; answer: StoredAnswer; until: number }

/** One idempotency key as simply as it can be said, on a clock of its own that starts at 0. */
export class IdempotencyModel {
  #now = 0
  #run: Run | undefined
  #answer: Answer | undefined

  pass(ms: number): void {
    this.#now += ms
    if (this.#run && this.#run.leaseUntil + this.#run.keepMs <= this.#now) this.#run = undefined
    if (this.#answer && this.#answer.until <= this.#now) this.#answer = undefined
  }

  claim(claim: Claim): ClaimResult {
    const [run, answer] = [this.#run, this.#answer]
    const known = run?.fingerprint ?? answer?.fingerprint
    if (known !== undefined && !known.equals(claim.fingerprint)) return { kind: 'reused' }
    if (run && run.leaseUntil > this.#now) return { kind: 'running', retryAfterMs: run.leaseUntil - this.#now }
    if (!run && answer && !answer.answer.resumable) return { kind: 'done', answer: answer.answer }
    const { intent, marks } = run ?? { intent: '', marks: [] }
    const died = run !== undefined
    const leaseUntil = this.#now + claim.leaseMs
    this.#run = { ...claim, leaseUntil, died, marks, intent: died ? intent : claim.intent }
    if (!died && !answer) return { kind: 'claimed' }
    return { kind: 'resumed', previous: answer?.answer, died, intent, marks }
  }

  mark(owner: string, mark: string): boolean {
    return this.#asOwner(owner, (run) => {
      this.#run = { ...run, marks: [...run.marks, mark] }
    })
  }

  renew(owner: string, leaseMs: number): boolean {
    return this.#asOwner(owner, (run) => {
      this.#run = { ...run, leaseUntil: this.#now + leaseMs }
    })
  }

  complete(owner: string, answer: StoredAnswer, ttlMs: number): boolean {
    return this.#asOwner(owner, ({ fingerprint }) => {
      const earlier = this.#answer?.until ?? 0
      const until = this.#now + ttlMs
      this.#answer = { fingerprint, answer, until: earlier > this.#now ? Math.min(earlier, until) : until }
      this.#run = undefined
    })
  }

  restore(fingerprint: Buffer, answer: StoredAnswer, ttlMs: number): boolean {
    if (this.#run !== undefined || this.#answer !== undefined) return false
    this.#answer = { fingerprint, answer, until: this.#now + ttlMs }
    return true
  }

  withdraw(owner: string): boolean {
    return this.#asOwner(owner, (run) => {
      this.#run = run.died ? { ...run, owner: '', leaseUntil: this.#now } : undefined
    })
  }

  release(owner: string): boolean {
    return this.#asOwner(owner, () => {
      this.#run = undefined
    })
  }

  #asOwner(owner: string, change: (run: Run) => void): boolean {
    if (this.#run?.owner !== owner) return false
    change(this.#run)
    return true
  }
}
