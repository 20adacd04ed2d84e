import type { ChannelSet, Suppression, SuppressionReason } from '../domain/suppression.ts'
import type { ListChangeNote } from './event-store-port.ts'

/** Characters of an id. */
export const idLength = 22
/** Ids one after the other, a byte for each character: a request asks for those of all of its people. */
export type PackedIds = Buffer

/** The id with this number, as its bytes. */
export function idAt(ids: PackedIds, number: number): Buffer {
  return ids.subarray(number * idLength, (number + 1) * idLength)
}

/**
 * The suppression list as a store keeps it. An entry's id is what stands for its address: 22 characters of base64url, the
 * beginning of an HMAC (services/suppressions/address-digest.ts). The first of them, 6 bits, says in which of 64 parts the
 * entry lies. Every method fails with `StoreUnavailable` when the store cannot be reached. Two implementations (Redis,
 * SQLite) pass one conformance suite.
 */
export type SuppressionStore = {
  /**
   * The channels of each id, a `ChannelSet` in a byte, in their order; 0: not on the list. For what is to be sent: what was
   * `replace`d before the call is seen, whoever did it. In Redis it is one command for 512 ids (in a cluster one for each of
   * the 64 parts), in the packet of whatever else is asked for in the same turn of the event loop; in SQLite one statement
   * per 100 ids.
   */
  lookUp(ids: PackedIds): Promise<Uint8Array>
  /** The whole entries, in the order of the ids. */
  find(ids: readonly string[]): Promise<readonly (StoredSuppression | undefined)[]>
  /**
   * Puts entries in the place of what was found before, each by itself, durably: `synced` in SQLite; in Redis taken by a
   * replica where it has one. False: somebody has changed that one since; it is as it was, to be found and tried again.
   * No id may stand there twice. `note`: what callers are told of what was changed, left in the outbox in the same step.
   */
  replace(changes: readonly SuppressionChange[], note?: ListChangeNote): Promise<readonly boolean[]>
  /** The same durability, and the same with `note`. False: there is none. */
  remove(id: string, note?: ListChangeNote): Promise<boolean>
  /** Entries from the newest to the oldest by `createdAt`. */
  page(query: SuppressionQuery): Promise<SuppressionPage>
  count(): Promise<number>
  /**
   * Adds to what a client has on this day (`2026-11-30`), if that is not more than `limit` then; a negative number gives
   * back. False: it would be, and nothing was added.
   */
  addNew(client: string, day: string, amount: number, limit: number): Promise<boolean>
  readonly keys: SuppressionKeyStore
  /** Why what was answered might be lost, for the operator; empty when all is well. */
  diagnose(): Promise<readonly string[]>
}

/** What a store keeps of the keys that ids are made with. It never expires. */
export type SuppressionKeyStore = {
  /** The key that the gateway made for itself, where none was configured. */
  own(): Promise<Buffer | undefined>
  /** Atomic and durable. False, and nothing changed: there is another one than `before`. */
  replaceOwn(before: Buffer | undefined, after: Buffer): Promise<boolean>
  /** The check values of all keys that were used. */
  checks(): Promise<readonly string[]>
  /** Durable. */
  addCheck(check: string): Promise<void>
  removeCheck(check: string): Promise<void>
}

/** Times are in milliseconds since 1970, by the store's clock. `version`: what stands there, byte for byte. */
export type StoredSuppression = Suppression & {
  readonly id: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly version: Buffer
}

export type SuppressionChange = {
  readonly id: string
  readonly before: StoredSuppression | undefined
  readonly after: Suppression
}

export type SuppressionQuery = {
  readonly limit: number
  /** `next` of the page before. */
  readonly from?: string | undefined
  readonly reason?: SuppressionReason | undefined
  /** Those with any of these channels. */
  readonly channels?: ChannelSet | undefined
  /** By `createdAt`, in milliseconds: from `since` on, before `until`. */
  readonly since?: number | undefined
  readonly until?: number | undefined
}

/**
 * A page may have fewer entries than its limit, none even, and others after it: as many entries are looked through for one
 * as a store looks through without holding up others. `next`: where to go on; `undefined` at the end.
 */
export type SuppressionPage = { readonly items: readonly StoredSuppression[]; readonly next: string | undefined }
