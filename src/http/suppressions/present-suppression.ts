import { channelNames } from '../../domain/suppression.ts'
import type { StoredSuppression } from '../../services/suppression-store-port.ts'
import type { AddedSuppression } from '../../services/suppressions/add-suppressions.ts'
import type { AuditedSuppression } from '../requests/write-answer.ts'

/** An entry as it is shown. */
export function presentSuppression({
  id,
  kind,
  hint,
  channels,
  reason,
  source,
  note,
  saidAt,
  createdAt,
  updatedAt,
  createdBy,
}: StoredSuppression) {
  return {
    id,
    kind,
    hint,
    channels: channelNames(channels),
    reason,
    source,
    ...(note !== undefined && { note }),
    saidAt: timeText(saidAt),
    createdAt: timeText(createdAt),
    updatedAt: timeText(updatedAt),
    createdBy,
  }
}

function timeText(at: number): string {
  return new Date(at).toISOString()
}

/** The answer to new entries. `mayKnow`: whether the client may know which of them were there before. */
export function presentAdded(added: readonly AddedSuppression[], mayKnow: boolean) {
  const results = added.map((one, index) => {
    if (one.status === 'rejected') {
      const { code, pointer, detail } = one.error
      const error = { code, pointer: `#/suppressions/${index}${pointer}`, detail }
      return { index, status: one.status, error }
    }
    return { index, status: mayKnow ? one.status : ('accepted' as const), id: one.id }
  })
  const statuses: Partial<Record<(typeof results)[number]['status'], number>> = {}
  for (const { status } of results) statuses[status] = (statuses[status] ?? 0) + 1
  return { summary: { suppressions: results.length, statuses }, results }
}

/** All that was said, for the audit: the list keeps the strongest reason alone. */
export function auditedAdditions(added: readonly AddedSuppression[]): readonly AuditedSuppression[] {
  return added.flatMap((one) => {
    if (one.status === 'rejected') return []
    const { channels, reason, source, note, saidAt } = one.said
    const said = { channels: channelNames(channels), reason, source, note, saidAt: timeText(saidAt) }
    return [{ id: one.id, status: one.status, ...said }]
  })
}
