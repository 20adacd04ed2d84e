import { Problem } from '../problems/problems.ts'
import { countByNetwork } from './count-by-network.ts'

/** How many wrong keys may come from one network in a minute. */
const guessesPerMinute = 100

/**
 * Counts wrong keys by address, and valid ones from where they may not be used: the answer to the next one there,
 * `undefined` while that is the ordinary one. Whoever has a valid key and may use it there is never counted, so that a
 * guesser behind a shared address does not shut out the others, nor a thief the client whose key it has.
 */
export type GuessLimit = (address: string, now: number) => Problem | undefined

export function createGuessLimit(): GuessLimit {
  const count = countByNetwork(guessesPerMinute)
  return (address, now) => {
    const seconds = count(address, now)
    return seconds === undefined ? undefined : tooManyGuesses(seconds)
  }
}

function tooManyGuesses(seconds: number): Problem {
  return new Problem('rate-limited', {
    detail: `Too many requests without a valid client key came from this address. Wait ${seconds} seconds.`,
    retryAfterSeconds: seconds,
  })
}
