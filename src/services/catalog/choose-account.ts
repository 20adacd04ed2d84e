import type { Account } from '../../providers/account.ts'
import { type Capability, canDo } from './capabilities.ts'

/** The account for a request, or why there is none. Accounts that the client may not use are never candidates. */
export type AccountChoice<Place> =
  | { readonly chosen: Place }
  | { readonly refused: 'notFound' }
  /** `accounts`: those that were asked for it, none of which can do it. */
  | { readonly refused: 'unsupported'; readonly accounts: readonly Account[] }
  /** `accounts`: those that can do it, of which one has to be named. */
  | { readonly refused: 'ambiguous'; readonly accounts: readonly Account[] }

/** Chooses the account that the client names or, where it names none, the only one that can do it. */
export function chooseAccount<Place extends { readonly account: Account }>(
  candidates: readonly Place[],
  capability: Capability,
  wanted: string | undefined,
): AccountChoice<Place> {
  const asked = wanted === undefined ? candidates : candidates.filter(({ account }) => account.id === wanted)
  const [first, ...others] = asked.filter(({ account }) => canDo(account, capability))
  if (asked.length === 0) return { refused: 'notFound' }
  if (first === undefined) return { refused: 'unsupported', accounts: asked.map(({ account }) => account) }
  if (others.length > 0) return { refused: 'ambiguous', accounts: [first, ...others].map(({ account }) => account) }
  return { chosen: first }
}
