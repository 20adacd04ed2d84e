import { stringify } from 'csv-stringify/sync'
import { type Contact, displayName } from '../../domain/contact.ts'
import { withDoubles } from '../../domain/exact-number.ts'
import type { OutcomeStatus, Warning } from '../../domain/outcome.ts'
import type { BatchInput, ItemResult } from '../port.ts'
import type { NoteDrift } from '../reading/drift.ts'
import { digitsOf, numberOf, tagsOf, type VobizSettings, type VobizTarget } from './translate.ts'
import { type ImportSummary, readImportSummary } from './wire.ts'

type Batch = BatchInput<VobizSettings, VobizTarget>

/** White space at the ends, or a lone carriage return, that a CSV reader would take away or misread. */
const needsQuotes = /^\s|\s$|\r/

/** The file of an import: `phone_number,name,tags`, the tags of a contact separated by commas in one cell (facts 4.3). */
export function toCsv({ contacts, target }: Pick<Batch, 'contacts' | 'target'>): string {
  const rows = contacts.map((contact) => [numberOf(contact), displayName(contact), tagsOf(contact, target).join(',')])
  return stringify(rows, { header: true, columns: ['phone_number', 'name', 'tags'], quoted_match: needsQuotes })
}

/** True when the file can carry all of the contact: it has no column for attributes, and its tags end at a comma. */
export function csvCarries(contact: Contact, { csvImport, emailAttribute }: VobizSettings): boolean {
  if (!csvImport || (contact.email !== undefined && emailAttribute !== null)) return false
  if (Object.keys(contact.attributes).length > 0) return false
  return contact.tags.every((tag) => !tag.includes(',') && tag.trim() === tag)
}

/**
 * What the summary of an import says of each contact; `undefined` when it is not of the documented form or its counts do
 * not add up to what was sent. It names the rows that failed; the counts tell the others only when they are all alike.
 */
export function readImport(body: unknown, batch: Batch, drift?: NoteDrift): readonly ItemResult[] | undefined {
  const summary = readImportSummary(body, drift)
  if (summary === undefined) return undefined
  const { total, created, updated, failed } = summary
  if (total !== batch.contacts.length || created + updated + failed !== total) return undefined
  const reasons = failedRows(summary, batch.contacts)
  const others = { status: statusOfOthers(summary), warnings: warningsOfOthers(summary, batch) }
  return batch.contacts.map((_, index) => {
    if (failed === total || reasons.has(index)) return rejected(reasons.get(index))
    return reasons.size === failed ? others : untold
  })
}

function statusOfOthers({ created, updated }: ImportSummary): OutcomeStatus {
  if (updated === 0) return 'created'
  return created === 0 ? 'updated' : 'accepted'
}

function warningsOfOthers({ updated }: ImportSummary, { onConflict }: Batch): readonly Warning[] {
  if (updated === 0) return []
  return onConflict === 'skip' ? [tagsMayBeReplaced, notSkipped] : [tagsMayBeReplaced]
}

/** Reasons by the contact's index: found by the number, else by the row. */
function failedRows({ errors }: ImportSummary, contacts: readonly Contact[]): ReadonlyMap<number, string | undefined> {
  const reasons = new Map<number, string | undefined>()
  if (errors == null || errors.length === 0) return reasons
  const indexOf = new Map(contacts.map((contact, index) => [digitsOf(numberOf(contact) ?? ''), index]))
  for (const { row, phone_number, reason } of errors) {
    const byNumber = indexOf.get(digitsOf(String(withDoubles(phone_number) ?? '')))
    const index = byNumber ?? Number(row) - 1
    if (contacts[index] !== undefined) reasons.set(index, typeof reason === 'string' ? reason : undefined)
  }
  return reasons
}

function rejected(reason: string | undefined): ItemResult {
  return {
    status: 'rejected',
    error: {
      code: 'rejected_by_provider',
      detail: 'Vobiz refused this row of its import. Change the contact as its message says and send it again.',
      retriable: false,
      provider: { status: 200, ...(reason !== undefined && { message: reason }) },
    },
  }
}

/** More rows failed than were named: this one may be among them. An import may be repeated. */
const untold: ItemResult = {
  status: 'unknown',
  error: {
    code: 'provider_unreadable',
    detail: 'Vobiz says that more rows failed than it names; this one may be among them. Send it again.',
    retriable: true,
  },
}

const tagsMayBeReplaced: Warning = {
  code: 'tags_may_be_replaced',
  pointer: '/tags',
  detail: 'Vobiz does not say whether its import adds to the tags of a contact that exists, or replaces them.',
}

const notSkipped: Warning = {
  code: 'policy_not_enforced',
  pointer: '',
  detail: 'The import of Vobiz overwrites a contact that exists; it cannot be asked to skip it.',
}
