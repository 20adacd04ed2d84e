import type { Failure, TokenGrant } from '../providers/account.ts'

/** One token, told from the next by its identity. Times are those of `performance.now()`. */
export type Token = { readonly text: string; readonly expiresAt: number; renewAt: number }

export type Taken = { readonly ok: Token } | { readonly failure: Failure }

/** One request for a token. It ends by itself. */
export type AskForToken = () => Promise<{ readonly ok: TokenGrant } | { readonly failure: Failure }>

/** So long before its end, or a fifth of its life if that is less, a token is replaced while it still serves. */
const earlyMs = 60_000
/** So long before its end, or a twentieth of its life, it is not sent any more: the call has to arrive. */
const arrivalMs = 5_000
/** An early renewal that failed is not tried again sooner. */
const restMs = 5_000

/**
 * Keeps the token of one account. It is asked for when a call needs it, and early enough that calls seldom wait. Only one is
 * asked for at a time, whoever waits, so that a token never takes the place of one that was given later.
 */
export class TokenKeeper {
  readonly #request: AskForToken
  readonly #now: () => number
  #token: Token | undefined
  #asking: Promise<Taken> | undefined

  constructor(request: AskForToken, now: () => number = () => performance.now()) {
    this.#request = request
    this.#now = now
  }

  /** A token that can be sent now. A failure when there is none within `timeoutMs`. */
  async take(timeoutMs: number): Promise<Taken> {
    const now = this.#now()
    const token = this.#token
    if (token === undefined || now >= token.expiresAt) return withinTime(this.#ask(), timeoutMs)
    // What goes wrong with it meanwhile is told to who needs a token when there is none.
    if (now >= token.renewAt) this.#ask().catch(() => {})
    return { ok: token }
  }

  /** The provider refused this token. One that has taken its place since stays. */
  giveUp(token: Token): void {
    if (this.#token === token) this.#token = undefined
  }

  /** Asks for another token, or waits for the one that is asked for already. */
  #ask(): Promise<Taken> {
    this.#asking ??= this.#renew().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  async #renew(): Promise<Taken> {
    const askedAt = this.#now()
    const old = this.#token
    const asked = await this.#request()
    if ('failure' in asked) {
      if (old !== undefined) old.renewAt = this.#now() + restMs
      return asked
    }
    const { token: text, expiresInMs } = asked.ok
    const end = askedAt + expiresInMs
    const token = {
      text,
      expiresAt: end - Math.min(arrivalMs, expiresInMs / 20),
      renewAt: end - Math.min(earlyMs, expiresInMs / 5),
    }
    this.#token = token
    return { ok: token }
  }
}

/** Who has no time left does not end the asking: others wait for it. */
async function withinTime(asking: Promise<Taken>, timeoutMs: number): Promise<Taken> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Taken>((resolve) => {
    timer = setTimeout(() => resolve({ failure: { kind: 'timeout', beforeSending: true } }), timeoutMs)
  })
  try {
    return await Promise.race([asking, late])
  } finally {
    clearTimeout(timer)
  }
}
