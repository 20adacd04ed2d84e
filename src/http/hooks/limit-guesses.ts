import { Problem } from '../problems/problems.ts'

/** How many wrong keys may come from one address in a window. */
const guessesPerWindow = 100
const windowMs = 60_000
/** How many addresses are remembered; the oldest give way. */
const mostAddresses = 10_000

/**
 * Counts wrong keys by address, and valid ones from where they may not be used: the answer to the next one there,
 * `undefined` while that is the ordinary one. Whoever has a valid key and may use it there is never counted, so that a
 * guesser behind a shared address does not shut out the others, nor a thief the client whose key it has.
 */
export type GuessLimit = (address: string, now: number) => Problem | undefined

export function createGuessLimit(): GuessLimit {
  const guesses = new Map<string, { count: number; readonly endsAt: number }>()
  return (address, now) => {
    const key = networkOf(address)
    let seen = guesses.get(key)
    if (seen === undefined || now >= seen.endsAt) {
      guesses.delete(key)
      if (guesses.size >= mostAddresses) guesses.delete(guesses.keys().next().value as string)
      seen = { count: 0, endsAt: now + windowMs }
      guesses.set(key, seen)
    }
    seen.count++
    return seen.count > guessesPerWindow ? tooManyGuesses(Math.ceil((seen.endsAt - now) / 1000)) : undefined
  }
}

/** Whoever has one IPv6 address has a whole /64 of them. `address` is in canonical form. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length)
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ? tail.split(':') : [])]
  return all.slice(0, 4).join(':')
}

function tooManyGuesses(seconds: number): Problem {
  return new Problem('rate-limited', {
    detail: `Too many requests without a valid client key came from this address. Wait ${seconds} seconds.`,
    retryAfterSeconds: seconds,
  })
}
