import type { IdempotencyStore } from './ports.ts'

/** Gives keys back of which the store could not be told, or did not tell whether it has them. */
export type GiveBack = {
  /** Nothing was sent under this owner, or what was sent was certainly not applied. */
  add(key: string, owner: string): void
  close(): void
}

const intervalMs = 500
/** While the store is away every request ends up here. Those that it may have heard of are the first ones. */
const mostKept = 10_000

/**
 * A claim or release that was not answered may have been done or not. Where the key stayed claimed, whoever takes it over
 * would have to assume that something was sent: so it is released for as long as the store does not answer. That harms
 * nobody else, since the owner's token is in no other hands.
 */
export function createGiveBack(store: Pick<IdempotencyStore, 'release'>): GiveBack {
  const keys = new Map<string, string>()
  const release = (key: string, owner: string) =>
    store.release(key, owner).then(
      () => keys.delete(owner),
      () => undefined,
    )
  const timer = setInterval(() => {
    for (const [owner, key] of keys) void release(key, owner)
  }, intervalMs)
  timer.unref()
  return {
    add(key, owner) {
      if (keys.size >= mostKept) return
      keys.set(owner, key)
      void release(key, owner)
    },
    close: () => clearInterval(timer),
  }
}
