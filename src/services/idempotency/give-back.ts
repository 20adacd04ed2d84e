import type { IdempotencyStore } from '../store-port.ts'
import { repeatWhile } from './repeat-while.ts'

/** Gives back keys that the store could not be told to release, or whose claim it did not confirm. */
export type GiveBack = {
  /**
   * `release`: the work under this owner is settled, and nothing of it was applied. `withdraw`: no work was done under it,
   * so that what an owner before it left is still to be settled.
   */
  add(how: 'release' | 'withdraw', key: string, owner: string): void
  close(): void
}

const intervalMs = 500
/** While the store is away every request ends up here. The first ones are those that it may have heard of. */
const mostKept = 10_000

/**
 * A claim or release that was not answered may have been done or not. Where the key stayed claimed, whoever takes it over
 * would have to assume that something was sent: so it is given back for as long as the store does not answer. That harms
 * nobody else, since the owner's token is in no other hands.
 */
export function createGiveBack(store: Pick<IdempotencyStore, 'release' | 'withdraw'>): GiveBack {
  const kept = new Map<string, { readonly how: 'release' | 'withdraw'; readonly key: string }>()
  const give = (how: 'release' | 'withdraw', key: string, owner: string) =>
    store[how](key, owner).then(
      () => kept.delete(owner),
      () => undefined,
    )
  const repeating = repeatWhile(
    () => kept.size > 0,
    intervalMs,
    () => {
      for (const [owner, { how, key }] of kept) void give(how, key, owner)
    },
  )
  return {
    add(how, key, owner) {
      if (kept.size >= mostKept) return
      kept.set(owner, { how, key })
      repeating.wake()
      void give(how, key, owner)
    },
    close: repeating.close,
  }
}
