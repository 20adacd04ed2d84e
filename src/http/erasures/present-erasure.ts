import type { Static } from 'typebox'
import { type AccountErasure, type Erasure, statusOfErasure } from '../../domain/erasure.ts'
import type { ErasureSchema } from './erasure-schema.ts'

/** An erasure as the API shows it. `heldUntil`: milliseconds since 1970. */
export function presentErasure(erasure: Erasure, heldUntil: number): Static<typeof ErasureSchema> {
  const { id, reference, hints, addresses, createdAt, finishedAt, dueAt, suppressionIds, accounts, gateway } = erasure
  const { phone, email, whatsapp } = addresses ?? {}
  return {
    id,
    ...(reference !== undefined && { reference }),
    hints,
    ...(addresses !== undefined && {
      addresses: {
        ...(phone !== undefined && { phone }),
        ...(email !== undefined && { email }),
        ...(whatsapp !== undefined && { whatsapp }),
      },
    }),
    status: statusOfErasure(erasure),
    createdAt: timeOf(createdAt),
    ...(finishedAt !== undefined && { finishedAt: timeOf(finishedAt) }),
    dueAt: timeOf(dueAt),
    suppressionIds,
    accounts: accounts.map(presentAccountErasure),
    gateway: { status: gateway.status, importRowsErased: gateway.rowsErased, heldUntil: timeOf(heldUntil) },
  }
}

export function presentAccountErasure({ account, provider, status, at, detail, attempts, by, note }: AccountErasure) {
  return {
    account,
    provider,
    status,
    at: timeOf(at),
    detail,
    attempts,
    ...(by !== undefined && { by }),
    ...(note !== undefined && { note }),
  }
}

function timeOf(at: number): string {
  return new Date(at).toISOString()
}
