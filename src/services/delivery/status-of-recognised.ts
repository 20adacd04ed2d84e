import type { ConflictPolicy, StoredContact } from '../../domain/contact.ts'
import type { OutcomeStatus } from '../../domain/outcome.ts'

/** Two clocks of a provider may be set by one write; what is closer together than this may be one. */
const oneWriteMs = 2_000
/** A contact that is older than this was not made by a call of this request, on clocks that may differ by minutes; */
const longestCallMs = 10 * 60_000
/** nor by an earlier try, whose key or import would be forgotten by now. */
const longestTriedMs = 7 * 24 * 3_600_000

/**
 * A contact that nobody has written since it was made, not long ago, was most likely made by the call whose answer was lost.
 * Without stamps nobody knows whether that made it or met it.
 */
export function statusOfRecognised(
  { suspect, onConflict }: { readonly suspect?: boolean; readonly onConflict: ConflictPolicy },
  { createdAt, updatedAt }: StoredContact,
): OutcomeStatus {
  const created = Date.parse(createdAt ?? '')
  const unwrittenMs = Date.parse(updatedAt ?? '') - created
  if (Number.isNaN(unwrittenMs)) return 'accepted'
  const longestMs = suspect === true ? longestTriedMs : longestCallMs
  if (unwrittenMs <= oneWriteMs && Date.now() - created <= longestMs) return 'created'
  return onConflict === 'skip' ? 'skipped' : 'updated'
}
