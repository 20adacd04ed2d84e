import { randomBytes } from 'node:crypto'
import type { Store } from '../services/store-port.ts'
import { StoreUnavailable } from '../services/store-port.ts'

const keyBytes = 32
/** How often the store is asked again: one that lost its data gets the key back, and a replica that made another takes this one. */
const askAgainMs = 60_000
const keepMs = 7 * 86_400_000

/**
 * A random key that all processes on a store have. The first that asks makes it; while the store is away the key that is
 * held serves. It fails with `StoreUnavailable` only where there was never one.
 */
export function agreedKey(store: Pick<Store, 'agree'>, name: string): () => Promise<Buffer> {
  let held: Buffer | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<Buffer> | undefined
  const ask = async (): Promise<Buffer> => {
    try {
      held = await store.agree(name, held ?? randomBytes(keyBytes), keepMs)
    } catch (error) {
      if (held === undefined || !(error instanceof StoreUnavailable)) throw error
    }
    askedAt = performance.now()
    return held
  }
  return async () => {
    if (held !== undefined && performance.now() - askedAt < askAgainMs) return held
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }
}
