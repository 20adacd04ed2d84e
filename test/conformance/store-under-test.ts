import { hash, randomUUID } from 'node:crypto'
import type { Claim, ClaimResult, Store, StoredAnswer } from '../../src/services/store-port.ts'

/** A store as the conformance suite needs it. */
export type StoreUnderTest = {
  readonly store: Store
  /** Another store on the same data, as a second gateway has it. */
  another(): Promise<Store>
  /** Lets `ms` pass for what is kept under a key (and, depending on the store, for all the others). */
  pass(key: string, ms: number): Promise<void>
  /** Closes it and the others. */
  close(): Promise<void>
}

/** A key that no other test has. */
export function freshKey(): string {
  return `client-a ${randomUUID()}`
}

/** A claim on a key, by an owner of its own unless said. Lease 10 s, kept for 60 s more. */
export function claimOf(key: string, { fingerprint = 'request-1', ...parts }: ClaimParts = {}): Claim {
  const usual = { owner: randomUUID(), leaseMs: 10_000, intent: '', keepMs: 60_000 }
  return { key, fingerprint: hash('sha256', fingerprint, 'buffer'), ...usual, ...parts }
}

/** `fingerprint`: any text. */
type ClaimParts = Partial<Omit<Claim, 'fingerprint'>> & { readonly fingerprint?: string }

export function answerOf(body: string | Buffer, parts: Partial<StoredAnswer> = {}): StoredAnswer {
  return { status: 207, headers: { 'x-items-failed': '1' }, body: Buffer.from(body), resumable: false, ...parts }
}

/** Claims and completes: what a finished request leaves. */
export async function finish(store: Store, key: string, answer: StoredAnswer, ttlMs = 100_000): Promise<void> {
  const claim = claimOf(key)
  await store.idempotency.claim(claim)
  await store.idempotency.complete(key, claim.owner, answer, ttlMs)
}

export type Resumed = Extract<ClaimResult, { kind: 'resumed' }>

export function resumed(parts: Partial<Resumed>): Resumed {
  return { kind: 'resumed', previous: undefined, died: false, intent: '', marks: [], ...parts }
}
