import { randomBytes } from 'node:crypto'
import { WrongStoreKey } from '../wrong-store-key.ts'
import { digestKeyBytes } from './keyed-digests.ts'
import type { Sealer } from './sealer.ts'
import type { SealPlace } from './store-seal.ts'

/** How far a check may go: where nothing may be written it only looks. */
export type SealCheck = 'make' | 'look'

/**
 * Makes sure that a store and its keys belong together. The seal of a store is the key of its digests, sealed: who comes
 * first makes it, all others must be able to open it, and who begins with another key seals it anew. Who has begun before
 * leaves it: another process may have taken on a newer key meanwhile, and soon have no other.
 *
 * @param known the key that the store had when it was checked before: one that has lost its data gets it back
 * @returns the key of the store's digests; `undefined`: nothing is sealed here
 * @throws WrongStoreKey
 */
export async function checkSeal(
  place: SealPlace,
  sealer: Sealer | undefined,
  how: SealCheck = 'make',
  known?: Buffer,
): Promise<Buffer | undefined> {
  for (;;) {
    const seal = await place.read()
    if (sealer === undefined) {
      if (seal !== undefined) throw new WrongStoreKey(isMissing)
      return undefined
    }
    if (seal === undefined && how === 'look') return undefined
    const key = seal === undefined ? (known ?? randomBytes(digestKeyBytes)) : openSeal(seal, sealer)
    const stays = seal !== undefined && (known !== undefined || sealer.isFresh(seal))
    if (how === 'look' || stays) return key
    if (await place.replace(seal, sealer.seal(['store'], key))) return key
  }
}

function openSeal(seal: Buffer, sealer: Sealer): Buffer {
  const key = sealer.tryOpen(['store'], seal)
  if (key === undefined) throw new WrongStoreKey(isOther)
  return key
}

const isOther =
  'opens nothing in this store, which was sealed with another key. Put that key into STORE_KEY too, behind the new one, or give the gateway another store.'
const isMissing =
  'is not set, and this store was sealed with a key. Set it (or STORE_KEY_FILE) to that key, or give the gateway another store.'
