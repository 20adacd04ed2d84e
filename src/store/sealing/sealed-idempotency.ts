import type { ClaimResult, IdempotencyStore, StoredAnswer } from '../../services/store-port.ts'
import { decodeAnswer, encodeAnswer } from '../answer-codec.ts'
import type { KeyedDigests } from './keyed-digests.ts'
import { isSealed, type SealedPlace, type Sealer } from './sealer.ts'

/**
 * Idempotency records whose answers are sealed, headers included, and whose fingerprints are keyed. The status, whether it
 * may be resumed, marks and intents are not: there is nothing of a contact in them.
 */
export function sealedIdempotency(
  store: IdempotencyStore,
  sealer: Sealer,
  digests: () => KeyedDigests,
): IdempotencyStore {
  const seal = async (key: string, answer: StoredAnswer): Promise<StoredAnswer> => {
    const encoded = await encodeAnswer(answer)
    return { ...answer, headers: {}, request: undefined, body: sealer.seal(placeOf(key, answer), encoded) }
  }

  const open = async (key: string, stored: StoredAnswer): Promise<StoredAnswer> =>
    isSealed(stored.body) ? decodeAnswer(sealer.open(placeOf(key, stored), stored.body)) : stored

  const openClaimed = async (key: string, claimed: ClaimResult): Promise<ClaimResult> => {
    if (claimed.kind === 'done') return { ...claimed, answer: await open(key, claimed.answer) }
    if (claimed.kind !== 'resumed' || claimed.previous === undefined) return claimed
    return { ...claimed, previous: await open(key, claimed.previous) }
  }

  return {
    ...store,
    async claim(claim) {
      const fingerprint = digests().fingerprint(claim.fingerprint)
      return openClaimed(claim.key, await store.claim({ ...claim, fingerprint, formerly: claim.fingerprint }))
    },
    complete: async (key, owner, answer, ttlMs) => store.complete(key, owner, await seal(key, answer), ttlMs),
    restore: async (key, fingerprint, answer, ttlMs) =>
      store.restore(key, digests().fingerprint(fingerprint), await seal(key, answer), ttlMs),
  }
}

/** What is said of an answer in clear belongs to it too. */
function placeOf(key: string, { status, resumable }: StoredAnswer): SealedPlace {
  return ['answer', key, status, resumable ? 'resumable' : 'final']
}
