import { type Erasure, type ErasureStatus, nextTryOf, statusOfErasure } from '../domain/erasure.ts'
import type { UnfinishedErasure } from '../services/erasure-store-port.ts'

/** What stores look an erasure up by; the rest of it is JSON to them. */
export type ErasureIndex = UnfinishedErasure & {
  readonly accounts: readonly string[]
  /** -1: there is nothing to do. */
  readonly wakeAt: number
}

export function indexOf(erasure: Erasure): ErasureIndex {
  const { id, createdAt, dueAt, accounts } = erasure
  const status = statusOfErasure(erasure)
  const wakeAt = erasure.isSuppressed ? (nextTryOf(erasure) ?? -1) : createdAt
  return { id, createdAt, dueAt, status, accounts: accounts.map(({ account }) => account), wakeAt }
}

export function isWanted(
  { status, accounts }: Pick<ErasureIndex, 'status' | 'accounts'>,
  query: { readonly status?: ErasureStatus | undefined; readonly account?: string | undefined },
): boolean {
  return (
    (query.status === undefined || query.status === status) &&
    (query.account === undefined || accounts.includes(query.account))
  )
}
