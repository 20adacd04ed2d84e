import { stringify } from 'csv-stringify/sync'
import { type Contact, displayName, numberOf } from '../../domain/contact.ts'
import type { OutcomeStatus, Warning } from '../../domain/outcome.ts'
import type { BatchInput, ItemResult, ProviderResponse } from '../adapter-port.ts'
import { findFailedRows } from './import-errors.ts'
import { tagsOf, type VobizSettings, type VobizTarget } from './translate.ts'
import { type ImportSummary, readImportSummary } from './wire.ts'

type Batch = BatchInput<VobizSettings, VobizTarget>

const columns = ['phone_number', 'name', 'tags']
/** White space at the ends, or a lone carriage return, that a CSV reader would take away or misread. */
const needsQuotes = /^\s|\s$|\r/
/** All that a cell must not hold to be written as it is. */
const isOdd = /[",\r\n]|^\s|\s$/

/**
 * The file of an import: `phone_number,name,tags`, the tags of a contact separated by commas in one cell. See
 * docs/providers.md, "Vobiz: imports".
 */
export function toCsv({ contacts, target }: Pick<Batch, 'contacts' | 'target'>): string {
  const rows = contacts.map((contact) => [
    numberOf(contact) ?? '',
    displayName(contact) ?? '',
    tagsOf(contact, target).join(','),
  ])
  // Most files are plain; the library takes several times as long for them.
  if (!rows.some(hasOddCell)) return `${[columns, ...rows].map((cells) => cells.join(',')).join('\n')}\n`
  return stringify(rows, { header: true, columns, quoted_match: needsQuotes })
}

function hasOddCell(cells: readonly string[]): boolean {
  return cells.some((cell) => isOdd.test(cell))
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
export function readImport({ status, body, drift }: ProviderResponse, batch: Batch): readonly ItemResult[] | undefined {
  const summary = readImportSummary(body, drift)
  if (summary === undefined) return undefined
  const { total, created, updated, failed } = summary
  if (total !== batch.contacts.length || created + updated + failed !== total) return undefined
  const { certain, possible } = findFailedRows(summary.errors, batch.contacts, failed)
  const others = { status: statusOfOthers(summary), warnings: warningsOfOthers(summary, batch) }
  return batch.contacts.map((_, place) => {
    if (failed === total || certain.has(place)) return rejected(status, certain.get(place))
    return possible.has(place) ? untold : others
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

function rejected(status: number, reason: string | undefined): ItemResult {
  return {
    status: 'rejected',
    error: {
      code: 'rejected_by_provider',
      detail: 'Vobiz refused this row of its import. Change the contact as its message says and send it again.',
      retriable: false,
      provider: { status, ...(reason !== undefined && { message: reason }) },
    },
  }
}

/** It may be one of the rows that failed. An import may be repeated. */
const untold: ItemResult = {
  status: 'unknown',
  error: {
    code: 'provider_unreadable',
    detail: 'Vobiz says that rows failed, and not clearly which; this may be one of them. Send it again.',
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
