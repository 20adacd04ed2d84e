import type { ProviderResponse } from '../../adapter-port.ts'
import { isFine, type Said } from '../../probing.ts'
import { isRecord } from '../../reading/coercions.ts'

/** A success without an error in it. */
export function isTaken(response: ProviderResponse | undefined): boolean {
  return isFine(response) && isRecord(response.body) && response.body.status === 'success' && !hasErrors(response)
}

export function hasErrors({ body }: ProviderResponse): boolean {
  return isRecord(body) && Array.isArray(body.errors) && body.errors.length > 0
}

/** A refusal in the provider's own form, with whatever status. */
export function isRefused(response: ProviderResponse | undefined): response is ProviderResponse {
  return response !== undefined && isRecord(response.body) && response.body.status === 'error' && hasErrors(response)
}

/** Where somebody bad alone is not refused, that somebody else was not says nothing. */
export function takenOrRefused(said: Said, step: string): string | undefined {
  if (!isRefused(said.answer('bad')) || !isTaken(said.answer('good'))) return undefined
  const response = said.answer(step)
  if (isTaken(response)) return 'taken'
  return isRefused(response) && response.status < 500 ? 'refused' : undefined
}

/** Answers to other keys tell of keys only where our own address is taken calls from. */
export function keyStatus(said: Said, step: string): string | undefined {
  const own = said.answer('unknown-list')?.status
  const status = said.answer(step)?.status
  if (own === undefined || own === 401 || own === 403 || own >= 500 || status === undefined) return undefined
  return status === 401 || status === 403 || status === 400 ? String(status) : undefined
}

export const takenAnswers = { taken: 'It is taken.', refused: 'It is refused.' }
