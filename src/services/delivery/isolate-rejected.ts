import type { ConflictPolicy, Contact } from '../../domain/contact.ts'
import { certainlyNotApplied, type Failure, failureRules, type Result } from '../../domain/failure.ts'
import type { OutcomeError } from '../../domain/outcome.ts'
import type { Account } from '../../providers/account.ts'
import type { ItemResult } from '../../providers/adapter-port.ts'
import { isOfTheData, itemOfRefusal, refusedAlike } from './refused-items.ts'

/** How many more calls may be spent on finding the contacts that a provider refuses. */
export type IsolationBudget = {
  /** Takes one call; false when none is left. */
  take(): boolean
  /** One more bad contact stands alone: the search for the next has a share of its own. */
  foundOne(): void
}

const mostCalls = 50

/** A budget for a request with so many contacts: `2·log2(n)+2` calls per bad one, at most 50; for all its batches together. */
export function createIsolationBudget(contacts: number): IsolationBudget {
  const share = 2 * Math.log2(Math.max(contacts, 1)) + 2
  let spent = 0
  let found = 0
  return {
    take: () => {
      if (spent >= Math.min(mostCalls, Math.floor(share * (found + 1)))) return false
      spent++
      return true
    },
    foundOne: () => {
      found++
    },
  }
}

/** Sends a part of the refused batch. */
export type SendPart = (part: readonly Contact[]) => Promise<Result<readonly ItemResult[]>>

export type Isolation = {
  readonly budget: IsolationBudget
  /** A refusal leaves none of a batch applied (`BatchOperation.atomic`). */
  readonly atomic: boolean
  readonly onConflict: ConflictPolicy
  /** Refusals of this account that are about no contact. */
  readonly alike: Account['policies']['alike']
}

/**
 * Splits a batch that a provider refused over its data until the bad contacts stand alone. The result has the length and
 * order of `contacts`: what the provider said of a contact, or the failure of the call that it was in. A contact is
 * `rejected` only after it was refused alone, or by its name (`Failure.named`). Contacts that could not be told apart,
 * since the budget ran out or a call failed for another reason, are `failed` where a refusal certainly leaves nothing
 * behind, else `unknown`. A refusal that meets contacts alike, wherever they stand in the batch, is about none of them:
 * the search ends, and nobody is told to be at fault.
 */
export async function isolateRejected(
  contacts: readonly Contact[],
  refusal: Failure,
  send: SendPart,
  isolation: Isolation,
): Promise<readonly Result<ItemResult>[]> {
  const search = new Search(contacts, refusal, send, isolation)
  const named = new Set(refusal.named)
  let suspects = contacts.map((_, index) => index).filter((index) => !named.has(index))
  if (named.size > 0) suspects = (await search.attempt(suspects)) === 'refused' && suspects.length > 1 ? suspects : []
  if (isolation.alike.holds(refusal)) suspects = await search.compareAlone(suspects)
  while (suspects.length > 0) {
    const rest = await search.findOne(suspects)
    // All that nobody suspects go in one call; when it is refused, there is another bad contact among them.
    suspects = rest.length > 0 && (await search.attempt(rest)) === 'refused' && rest.length > 1 ? rest : []
    suspects = await search.compareAlone(suspects)
  }
  return search.results()
}

type Verdict = 'taken' | 'refused' | 'ended'
/** This many contacts, each refused alone in the same words before any was taken, are no coincidence. */
const fewestAlike = 3
/** Why the search was given up. */
type End = Pick<OutcomeError, 'code' | 'detail'>

class Search {
  readonly #contacts: readonly Contact[]
  readonly #refusal: Failure
  readonly #send: SendPart
  readonly #isolation: Isolation
  readonly #results = new Map<number, Result<ItemResult>>()
  /** What was said of those who were refused alone. */
  readonly #alone: Failure[] = []
  #someTaken = false
  #isAlike = false
  #end: End | undefined

  constructor(contacts: readonly Contact[], refusal: Failure, send: SendPart, isolation: Isolation) {
    this.#contacts = contacts
    this.#refusal = refusal
    this.#send = send
    this.#isolation = isolation
    for (const index of refusal.named ?? []) this.#refuse(index, refusal)
  }

  /**
   * Halves the suspects, of which one at least is bad, until one stands alone. The halves that were not looked into are
   * the result: nothing is known of them.
   */
  async findOne(all: readonly number[]): Promise<number[]> {
    let suspects = all
    const rest: number[] = []
    while (suspects.length > 1) {
      const half = suspects.length >> 1
      const [first, second] = [suspects.slice(0, half), suspects.slice(half)]
      const verdict = await this.attempt(first)
      if (verdict === 'ended') return []
      if (verdict === 'refused') rest.unshift(...second)
      if (verdict === 'refused' && first.length === 1) return rest
      suspects = verdict === 'refused' ? first : second
    }
    // The others were taken, so that it must be this one; it is not rejected before it was refused alone.
    return (await this.attempt(suspects)) === 'ended' ? [] : rest
  }

  /**
   * While nobody was taken yet, tries contacts alone from both ends and the middle, until three in all were refused: when
   * that was in the same words, the refusal is about no contact. Gives those that are still to be looked into.
   */
  async compareAlone(suspects: readonly number[]): Promise<number[]> {
    const missing = fewestAlike - this.#alone.length
    if (this.#someTaken || missing <= 0 || suspects.length < missing) return [...suspects]
    const probes = [suspects.length - 1, (suspects.length - 1) >> 1, 0].slice(0, missing)
    for (const probe of probes) if (!(await this.#isRefusedAlike(suspects[probe] as number))) break
    if (this.#alone.length === fewestAlike && this.#areAllAlike()) {
      this.#isolation.alike.note(this.#refusal)
      this.#isAlike = true
      return []
    }
    return this.#end === undefined ? suspects.filter((index) => !this.#results.has(index)) : []
  }

  async #isRefusedAlike(index: number): Promise<boolean> {
    return (await this.attempt([index])) === 'refused' && this.#areAllAlike()
  }

  #areAllAlike(): boolean {
    return this.#alone.every((one) => this.#isolation.alike.areAlike(this.#alone[0] as Failure, one))
  }

  /** Sends some of the contacts again. After `ended` nothing is sent any more. */
  async attempt(part: readonly number[]): Promise<Verdict> {
    if (this.#end !== undefined) return 'ended'
    if (!this.#isolation.budget.take()) return this.#endWith('isolation_budget_exhausted', budgetExhausted)
    const answer = await this.#send(part.map((index) => this.#contacts[index] as Contact))
    if ('failure' in answer && isOfTheData(answer.failure)) {
      if (part.length > 1) return 'refused'
      this.#alone.push(answer.failure)
      this.#refuse(part[0] as number, answer.failure)
      this.#isolation.budget.foundOne()
      return 'refused'
    }
    if ('failure' in answer) {
      const { code } = failureRules[answer.failure.kind]
      for (const index of part) this.#results.set(index, this.#afterRefusal(answer.failure))
      return this.#endWith(code, callFailed)
    }
    part.forEach((index, place) => {
      this.#results.set(index, { ok: answer.ok[place] as ItemResult })
    })
    this.#someTaken = true
    return 'taken'
  }

  /** That this call was not applied says nothing of the refused calls in which the same contacts were before. */
  #afterRefusal(failure: Failure): Result<ItemResult> {
    const isCertain = this.#isolation.atomic || !certainlyNotApplied(failure)
    return isCertain
      ? { failure }
      : { ok: undecided({ code: failureRules[failure.kind].code, detail: callFailed }, false) }
  }

  #refuse(index: number, failure: Failure): void {
    this.#results.set(index, { ok: itemOfRefusal(failure, this.#isolation.onConflict) })
  }

  #endWith(code: OutcomeError['code'], detail: string): Verdict {
    this.#end = { code, detail }
    return 'ended'
  }

  /** One per contact. Those that are left were in refused batches only. */
  results(): readonly Result<ItemResult>[] {
    if (this.#isAlike) return this.#contacts.map(() => ({ ok: refusedAlike(this.#refusal) }))
    const { atomic } = this.#isolation
    return this.#contacts.map((_, index) => this.#results.get(index) ?? { ok: undecided(this.#end as End, atomic) })
  }
}

function undecided({ code, detail }: End, atomic: boolean): ItemResult {
  return { status: atomic ? 'failed' : 'unknown', error: { code, detail, retriable: true } }
}

const budgetExhausted =
  'The provider refused a batch without naming the bad contact, and too many are bad to find them all. Send it again, in smaller batches.'
const callFailed =
  'The provider refused a batch without naming the bad contact, and a call that was to find it failed. Send it again.'
