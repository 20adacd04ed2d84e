import type { AuditedRefusal, AuditedWrite, RequestAuditor } from '../http/hooks/request-auditor.ts'
import type { WrittenOutcome } from '../http/requests/write-answer.ts'
import type { AuditTrail } from './audit-trail.ts'
import { type ContactHash, contactHash } from './contact-hash.ts'

/** Makes the events of requests. `key`: of the hashes that stand for contacts. */
export function requestEvents(trail: Pick<AuditTrail, 'record'>, key: Buffer): RequestAuditor {
  const hashOf = contactHash(key)
  return {
    wrote: (write) =>
      trail.record(write.facts?.import === undefined ? write.action : 'import.start', membersOf(write, hashOf)),
    refused: ({ wanted, ...refusal }: AuditedRefusal) => trail.record('access.refused', { wanted, ...refusal }),
    leftOut: (leftOut) => trail.record('access.left-out', { leftOut }),
  }
}

function membersOf(write: AuditedWrite, hashOf: ContactHash): string {
  const { facts, contactId, action, list, account } = write
  const { outcomes, import: started, suppressions } = facts ?? {}
  const contact = contactId ?? (action === 'contact.create' ? outcomes?.[0]?.id : undefined)
  return (
    `${member('client', write.client)}${member('keyId', write.keyId)}${member('address', write.address)}` +
    `${member('list', list)}${member('account', account)}${member('import', write.import ?? started?.id)}` +
    (contact === undefined ? '' : `"contact":"${hashOf(contact)}",`) +
    (write.validateOnly ? '"validateOnly":true,' : '') +
    (outcomes === undefined ? '' : `"counts":${countsOf(outcomes)},`) +
    (started === undefined ? '' : `"rows":${started.rows},`) +
    (suppressions === undefined ? '' : `"suppressions":${JSON.stringify(suppressions)},`) +
    `"status":${write.status},${member('problem', write.problem)}${member('replayed', write.replayed)}` +
    `"requestId":${JSON.stringify(write.requestId)}`
  )
}

function member(name: string, value: string | undefined): string {
  return value === undefined ? '' : `"${name}":${JSON.stringify(value)},`
}

/** By account, how many contacts had each outcome. */
function countsOf(outcomes: readonly WrittenOutcome[]): string {
  const [only, another] = outcomes
  if (only !== undefined && another === undefined) return `{${JSON.stringify(only.account)}:{"${only.status}":1}}`
  const counts: Record<string, Record<string, number>> = {}
  for (const { account, status } of outcomes) {
    counts[account] ??= {}
    counts[account][status] = (counts[account][status] ?? 0) + 1
  }
  return JSON.stringify(counts)
}
