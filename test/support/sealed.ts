import { randomBytes } from 'node:crypto'
import type { Store } from '../../src/services/store-port.ts'
import { createSealing } from '../../src/store/sealing/sealing.ts'
import type { SealPlace } from '../../src/store/sealing/store-seal.ts'

/** Two keys, for the tests of one run. */
export const testKeys: readonly Buffer[] = [randomBytes(32), randomBytes(32)]
/** The same as `STORE_KEY` has them. */
export const testStoreKey = testKeys.map((key) => key.toString('hex')).join()

/** The same store with a key, as `openStore` makes it. */
export async function sealed<Opened extends Store & { readonly seal: SealPlace }>(
  store: Opened,
  keys: readonly Buffer[] = testKeys,
): Promise<Opened> {
  const sealing = createSealing({ keys, how: 'make', onUnreadable: undefined })
  await sealing.unlock(store.seal)
  return { ...store, ...sealing.over(store) }
}
