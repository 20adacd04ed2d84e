import { type Store, StoreUnavailable } from '../../services/store-port.ts'
import { checkSeal, type SealCheck } from './check-seal.ts'
import { type KeyedDigests, keyedDigests } from './keyed-digests.ts'
import { keyedWriters } from './keyed-writers.ts'
import { sealedErasures } from './sealed-erasures.ts'
import { sealedEvents } from './sealed-events.ts'
import { sealedIdempotency } from './sealed-idempotency.ts'
import { sealedImports } from './sealed-imports.ts'
import { sealedSuppressions } from './sealed-suppression-keys.ts'
import { createSealer, type Unreadable } from './sealer.ts'
import type { SealPlace } from './store-seal.ts'

export type SealingOptions = {
  /** 32 bytes each: the first seals, all open. None: nothing is sealed. */
  readonly keys: readonly Buffer[]
  readonly how: SealCheck
  readonly onUnreadable: ((unreadable: Unreadable) => void) | undefined
}

export type Sealing = {
  /**
   * Makes sure that the store and the keys belong together; to be done before anything else is asked of it.
   * @throws WrongStoreKey
   */
  unlock(place: SealPlace): Promise<void>
  /** The same store, where what it keeps of people is sealed before it gets there; the store itself where there is no key. */
  over(store: Store): Store
}

export function createSealing({ keys, how, onUnreadable }: SealingOptions): Sealing {
  const sealer = keys.length === 0 ? undefined : createSealer(keys, onUnreadable)
  let known: Buffer | undefined
  let digests: KeyedDigests | undefined
  const unlocked = (): KeyedDigests => {
    if (digests === undefined) throw new StoreUnavailable('The store could not be asked yet whether its key is ours.')
    return digests
  }
  return {
    async unlock(place) {
      const key = await checkSeal(place, sealer, how, known)
      if (key !== undefined && known?.equals(key) !== true) digests = keyedDigests(key)
      known = key
    },
    over: (store) =>
      sealer === undefined
        ? store
        : {
            ...store,
            idempotency: sealedIdempotency(store.idempotency, sealer, unlocked),
            writers: keyedWriters(store.writers, unlocked),
            imports: sealedImports(store.imports, sealer),
            suppressions: sealedSuppressions(store.suppressions, sealer),
            erasures: sealedErasures(store.erasures, sealer),
            events: sealedEvents(store.events, sealer),
          },
  }
}
