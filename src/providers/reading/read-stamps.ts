import type { StoredContact } from '../../domain/contact.ts'

/** When an answer was given, by the provider's own clock (its header `Date`), and how long the call took. */
export type AnswerTiming = { readonly date: string | undefined; readonly tookMs: number }

/** Clocks of one provider, and the whole seconds of `Date`, may differ by so much. */
const toleranceMs = 2_000

/**
 * What a contact's own stamps say of the call whose answer shows it: it was `made` by it, it was there and was `changed` by
 * it, or it was there and is `untouched`. All is by the provider's clock, so that ours does not matter; a stamp that is
 * later by a moment than another says nothing. `undefined` where the stamps do not tell.
 */
export function readStamps(
  { createdAt, updatedAt }: Pick<StoredContact, 'createdAt' | 'updatedAt'>,
  timing: AnswerTiming | undefined,
): 'made' | 'changed' | 'untouched' | undefined {
  const created = Date.parse(createdAt ?? '')
  const updated = Date.parse(updatedAt ?? '')
  if (Number.isNaN(created)) return undefined
  const answered = Date.parse(timing?.date ?? '')
  if (Number.isNaN(answered)) return updated - created > toleranceMs ? 'changed' : undefined
  const sentAt = answered - (timing?.tookMs ?? 0) - toleranceMs
  if (created >= sentAt) return 'made'
  if (Number.isNaN(updated)) return undefined
  return updated >= sentAt ? 'changed' : 'untouched'
}
