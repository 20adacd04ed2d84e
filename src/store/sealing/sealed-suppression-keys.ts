import type { SuppressionKeyStore, SuppressionStore } from '../../services/suppression-store-port.ts'
import { sealNote } from './sealed-events.ts'
import type { Sealer } from './sealer.ts'

const place = ['suppression-key'] as const

/**
 * The suppression list, whose own key is sealed: beside what it made it would tell whoever reads the store who is meant. So is
 * what callers are told of addresses.
 */
export function sealedSuppressions(store: SuppressionStore, sealer: Sealer): SuppressionStore {
  return {
    ...store,
    replace: (changes, note) => store.replace(changes, sealNote(note, sealer)),
    keys: sealedKeys(store.keys, sealer),
  }
}

/**
 * A key that was sealed with another key, or before there was one, is sealed anew when it is read for the first time. Later it is
 * left: another process may have taken on a newer key meanwhile, and soon have no other.
 */
function sealedKeys(store: SuppressionKeyStore, sealer: Sealer): SuppressionKeyStore {
  let wasRead = false
  return {
    ...store,
    async own() {
      const kept = await store.own()
      if (kept === undefined) return undefined
      const key = sealer.open(place, kept)
      if (!wasRead && !sealer.isFresh(kept)) await store.replaceOwn(kept, sealer.seal(place, key))
      wasRead = true
      return key
    },
    async replaceOwn(before, after) {
      const kept = await store.own()
      const isSame =
        kept === undefined || before === undefined ? kept === before : sealer.open(place, kept).equals(before)
      return isSame && store.replaceOwn(kept, sealer.seal(place, after))
    },
  }
}
