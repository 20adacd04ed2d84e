import type { ErasedAddresses, Erasure } from '../../domain/erasure.ts'
import type { ErasureStore, StoredErasure } from '../../services/erasure-store-port.ts'
import type { Sealer } from './sealer.ts'

/** What of an erasure is sealed: who it is. */
type Told = { readonly addresses: ErasedAddresses }
/** In the place of the addresses. */
type Sealed = { readonly sealed: string }

/** Erasures whose addresses are sealed for as long as they are kept. */
export function sealedErasures(store: ErasureStore, sealer: Sealer): ErasureStore {
  const seal = (erasure: Erasure): Erasure => {
    const { id, addresses } = erasure
    if (addresses === undefined) return erasure
    const told: Told = { addresses }
    const sealed: Sealed = {
      sealed: sealer.seal(['erasure', id], Buffer.from(JSON.stringify(told))).toString('base64'),
    }
    return { ...erasure, addresses: sealed as ErasedAddresses }
  }
  const open = (stored: StoredErasure): StoredErasure => {
    const { id, addresses } = stored.erasure
    if (addresses === undefined || !('sealed' in addresses)) return stored
    const { sealed } = addresses as Sealed
    const { addresses: known } = JSON.parse(String(sealer.open(['erasure', id], Buffer.from(sealed, 'base64')))) as Told
    return { ...stored, erasure: { ...stored.erasure, addresses: known } }
  }
  const openOrNone = (stored: StoredErasure | undefined) => stored && open(stored)
  return {
    ...store,
    begin: async (erasure, people) => open(await store.begin(seal(erasure), people)),
    get: async (id) => openOrNone(await store.get(id)),
    replace: async (before, after, keepMs, event) =>
      openOrNone(await store.replace(before, seal(after), keepMs, event)),
    async page(query) {
      const { items, next } = await store.page(query)
      return { items: items.map(open), next }
    },
    take: async (now, leaseMs) => openOrNone(await store.take(now, leaseMs)),
  }
}
