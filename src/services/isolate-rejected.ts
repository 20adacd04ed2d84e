import type { Contact } from '../domain/contact.ts'
import { type Failure, failureRules, type Result } from '../domain/failure.ts'
import type { OutcomeError } from '../domain/outcome.ts'
import type { ItemResult } from '../providers/port.ts'

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
}

/**
 * Splits a batch that a provider refused over its data (`invalid`) without naming the contact, until the bad contacts
 * stand alone. The result has the length and order of `contacts`: what the provider said of a contact, or the failure of
 * the call that it was in. A contact is `rejected` only after it was refused alone. Contacts that could not be told apart,
 * since the budget ran out or a call failed for another reason, are `failed` where a refusal certainly leaves nothing
 * behind, else `unknown`.
 */
export async function isolateRejected(
  contacts: readonly Contact[],
  send: SendPart,
  isolation: Isolation,
): Promise<readonly Result<ItemResult>[]> {
  const search = new Search(contacts, send, isolation)
  let suspects = contacts.map((_, index) => index)
  while (suspects.length > 0) {
    const rest = await search.findOne(suspects)
    // All that nobody suspects go in one call; when it is refused, there is another bad contact among them.
    suspects = rest.length > 0 && (await search.attempt(rest)) === 'refused' && rest.length > 1 ? rest : []
  }
  return search.results()
}

type Verdict = 'taken' | 'refused' | 'ended'
/** Why the search was given up. */
type End = Pick<OutcomeError, 'code' | 'detail'>

class Search {
  readonly #contacts: readonly Contact[]
  readonly #send: SendPart
  readonly #isolation: Isolation
  readonly #results = new Map<number, Result<ItemResult>>()
  #end: End | undefined

  constructor(contacts: readonly Contact[], send: SendPart, isolation: Isolation) {
    this.#contacts = contacts
    this.#send = send
    this.#isolation = isolation
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

  /** Sends some of the contacts again. After `ended` nothing is sent any more. */
  async attempt(part: readonly number[]): Promise<Verdict> {
    if (this.#end !== undefined) return 'ended'
    if (!this.#isolation.budget.take()) return this.#endWith('isolation_budget_exhausted', budgetExhausted)
    const answer = await this.#send(part.map((index) => this.#contacts[index] as Contact))
    if ('failure' in answer && answer.failure.kind === 'invalid') {
      if (part.length > 1) return 'refused'
      this.#results.set(part[0] as number, { ok: rejected(answer.failure) })
      this.#isolation.budget.foundOne()
      return 'refused'
    }
    part.forEach((index, place) => {
      this.#results.set(index, 'ok' in answer ? { ok: answer.ok[place] as ItemResult } : answer)
    })
    return 'ok' in answer ? 'taken' : this.#endWith(failureRules[answer.failure.kind].code, callFailed)
  }

  #endWith(code: OutcomeError['code'], detail: string): Verdict {
    this.#end = { code, detail }
    return 'ended'
  }

  /** One per contact. Those that are left were in refused batches only. */
  results(): readonly Result<ItemResult>[] {
    const { atomic } = this.#isolation
    return this.#contacts.map((_, index) => this.#results.get(index) ?? { ok: undecided(this.#end as End, atomic) })
  }
}

function rejected({ provider }: Failure): ItemResult {
  const { code, detail } = failureRules.invalid
  return {
    status: 'rejected',
    error: { code, detail, retriable: false, ...(provider !== undefined && { provider }) },
  }
}

function undecided({ code, detail }: End, atomic: boolean): ItemResult {
  return { status: atomic ? 'failed' : 'unknown', error: { code, detail, retriable: true } }
}

const budgetExhausted =
  'The provider refused a batch without naming the bad contact, and too many are bad to find them all. Send it again, in smaller batches.'
const callFailed =
  'The provider refused a batch without naming the bad contact, and a call that was to find it failed. Send it again.'
