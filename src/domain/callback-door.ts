import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { addressMatcher } from './ip-address.ts'

/** Who may call an account's callback URL: whoever has a token of it and comes from where it may be used. */
export type CallbackDoor = {
  /** Takes the same time whatever the token is, and however many there are. */
  readonly opensTo: (token: string) => boolean
  readonly allowsAddress: (address: string) => boolean
}

/** What became of a call that came with a token of the account. */
export const callbackResults = ['stored', 'unreadable', 'store_away', 'network', 'too_many'] as const
export type CallbackResult = (typeof callbackResults)[number]

/** One token or two, while one is exchanged for the other. Without `networks` every address may call. */
export function callbackDoor(
  [one, other = one]: readonly [string, (string | undefined)?],
  networks: readonly string[] | undefined,
): CallbackDoor {
  const [first, second] = [digestOf(one), digestOf(other)]
  return {
    opensTo: (token) => {
      const digest = digestOf(token)
      const [isFirst, isSecond] = [timingSafeEqual(digest, first), timingSafeEqual(digest, second)]
      return isFirst || isSecond
    },
    allowsAddress: networks === undefined ? () => true : addressMatcher(networks),
  }
}

/** Where there is no door: nobody has its token, and it takes as long to say so. */
export const closedDoor: CallbackDoor = callbackDoor([randomBytes(32).toString('base64url')], undefined)

function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}
