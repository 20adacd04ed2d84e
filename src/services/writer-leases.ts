import { hash, randomUUID } from 'node:crypto'
import { traceMs, type WriterLeases } from '../providers/port.ts'
import type { IdempotencyStore, StoredAnswer } from './ports.ts'

/** Longer than a read and a write together may take; so long a person is kept from others by a replica that died. */
const leaseMs = 30_000
const sameForAll = Buffer.alloc(32)
/** What is left of a turn, and may be taken over at once. */
const trace: StoredAnswer = { status: 204, headers: {}, body: Buffer.alloc(0), resumable: true }

/** Turns of writers, as claims in the store that the replicas share. What stands there is a digest of the person. */
export function createWriterLeases(store: Pick<IdempotencyStore, 'claim' | 'complete'>): WriterLeases {
  return {
    async take(person) {
      const key = `writer ${hash('sha256', person)}`
      const owner = randomUUID()
      const claim = { key, fingerprint: sameForAll, owner, leaseMs, intent: '', keepMs: traceMs, brief: true } as const
      const { kind } = await store.claim(claim)
      if (kind !== 'claimed' && kind !== 'resumed') return 'taken'
      return {
        follows: kind === 'resumed',
        giveBack: () => void store.complete(key, owner, trace, traceMs).catch(() => {}),
      }
    },
  }
}
