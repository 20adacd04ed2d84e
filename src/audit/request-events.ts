import type { AuditedRefusal, AuditedWrite, RequestAuditor } from '../http/hooks/request-auditor.ts'
import type { WrittenOutcome } from '../http/requests/write-answer.ts'
import type { AuditTrail } from './audit-trail.ts'
import { type ContactHash, contactHash } from './contact-hash.ts'

/** By account, how many contacts had each outcome. */
export type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>

/** Makes the events of requests. `key`: of the hashes that stand for contacts. */
export function requestEvents(trail: Pick<AuditTrail, 'record'>, key: Buffer): RequestAuditor {
  const hashOf = contactHash(key)
  return {
    wrote: (write) =>
      trail.record(write.facts?.import === undefined ? write.action : 'import.start', () => told(write, hashOf)),
    refused: ({ wanted, ...refusal }: AuditedRefusal) => trail.record('access.refused', { wanted, ...refusal }),
    leftOut: (leftOut) => trail.record('access.left-out', { leftOut }),
  }
}

function told(write: AuditedWrite, hashOf: ContactHash) {
  const { facts, contactId, validateOnly, replayed } = write
  const { outcomes, import: started } = facts ?? {}
  const contact = contactId ?? (write.action === 'contact.create' ? outcomes?.[0]?.id : undefined)
  return {
    client: write.client,
    keyId: write.keyId,
    address: write.address,
    list: write.list,
    account: write.account,
    import: write.import ?? started?.id,
    contact: contact === undefined ? undefined : hashOf(contact),
    validateOnly: validateOnly || undefined,
    counts: outcomes && countOutcomes(outcomes),
    rows: started?.rows,
    status: write.status,
    problem: write.problem,
    replayed,
    requestId: write.requestId,
  }
}

function countOutcomes(outcomes: readonly WrittenOutcome[]): Counts {
  const counts: Record<string, Record<string, number>> = {}
  for (const { account, status } of outcomes) {
    counts[account] ??= {}
    counts[account][status] = (counts[account][status] ?? 0) + 1
  }
  return counts
}
