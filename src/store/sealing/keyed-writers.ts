import { type WriterStore, type WriterTurn, writerNameSize } from '../../services/store-port.ts'
import type { KeyedDigests } from './keyed-digests.ts'

/** Turns of writers under names that only who has the store's key can tell of a person. */
export function keyedWriters(store: WriterStore, digests: () => KeyedDigests): WriterStore {
  /** A turn is taken and ended under the same object. */
  const known = new WeakMap<WriterTurn, WriterTurn>()
  const keyed = (turn: WriterTurn): WriterTurn => {
    const named = known.get(turn) ?? { ...turn, names: digests().names(turn.names) }
    known.set(turn, named)
    return named
  }
  return {
    takeOne: async (turn, leaseMs, traceMs) => store.takeOne(keyed(turn), leaseMs, traceMs),
    endOne: async (turn, traceMs) => store.endOne(keyed(turn), traceMs),
    async takeGroup(turn, leaseMs) {
      const named = keyed(turn)
      const taken = await store.takeGroup(named, leaseMs)
      return taken.length === 0 ? taken : plainNames(turn.names, named.names, new Set(taken))
    },
    endGroup: async (turn, traceMs) => store.endGroup(keyed(turn), traceMs),
  }
}

/** The plain names of those whose keyed names are among the taken ones. */
function plainNames(plain: Buffer, keyed: Buffer, taken: ReadonlySet<number>): readonly number[] {
  const found = new Set<number>()
  for (let at = 0; at < keyed.length; at += writerNameSize)
    if (taken.has(keyed.readUInt32BE(at))) found.add(plain.readUInt32BE(at))
  return [...found]
}
