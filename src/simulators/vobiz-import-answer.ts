import type { Answer } from './answer.ts'
import { errorAnswer, type VobizQuirks } from './vobiz-errors.ts'
import type { ImportResult, RowFailure } from './vobiz-import.ts'

/** The documented answer to an import, or another that the quirks ask for. */
export function showImport(result: ImportResult, quirks: VobizQuirks): Answer {
  const errors = showErrors(result.failures, quirks)
  if (result.isRefused) {
    const refusal = { code: 'VALIDATION_ERROR', message: 'The file has invalid rows', details: { errors } }
    return { ...errorAnswer(422, refusal, quirks), applied: result.created + result.updated > 0 }
  }
  const isRefusedInWords = quirks.importStatus === 422 && result.failures.length === 0
  const body = { ...showCounts(result, quirks), errors }
  return { status: isRefusedInWords ? 200 : quirks.importStatus, body, applied: true }
}

function showCounts({ total, created, updated, failures }: ImportResult, { importCounts }: VobizQuirks): object {
  const counts = { total, created, updated, failed: failures.length }
  switch (importCounts) {
    case 'numbers':
      return counts
    case 'texts':
      return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)]))
    case 'absent':
      return {}
    case 'other-names':
      return { processed: total, imported: created, merged: updated, skipped: failures.length }
    case 'nested':
      return { summary: counts }
    case 'created-only':
      return { ...counts, created: created + updated, updated: 0 }
  }
}

function showErrors(failures: RowFailure[], quirks: VobizQuirks): unknown {
  const errors = failures.map((failure) => ({
    ...showRow(failure, quirks),
    ...showNumber(failure, quirks),
    reason: failure.reason,
  }))
  switch (quirks.importErrors) {
    case 'objects':
      return errors
    case 'texts':
      return failures.map(({ index, reason }) => `Row ${index + 1}: ${reason}`)
    case 'null':
      return null
    case 'none':
      return []
    case 'first':
      return errors.slice(0, 1)
    case 'by-row':
      return Object.fromEntries(failures.map(({ index, reason }) => [index + 1, [reason]]))
    case 'details':
      return errors.map(({ reason, ...rest }) => ({
        ...rest,
        field: reason.split(' ')[1]?.replace(':', '') ?? '',
        message: reason,
      }))
  }
}

function showRow({ index, line }: RowFailure, { importRow, importRowForm }: VobizQuirks): object {
  switch (importRowForm) {
    case 'as-quirk':
      return { row: index + (importRow === 'line' ? 2 : 1) }
    case 'zero-based':
      return { row: index }
    case 'line':
      return { row: line }
    case 'text':
      return { row: String(index + 1) }
    case 'absent':
      return {}
    case 'shifted':
      return { row: index + 4 }
  }
}

function showNumber({ phoneNumber }: RowFailure, { importNumber }: VobizQuirks): object {
  switch (importNumber) {
    case 'shown':
      return { phone_number: phoneNumber }
    case 'masked':
      return { phone_number: `${phoneNumber.slice(0, 3)}******${phoneNumber.slice(-4)}` }
    case 'absent':
      return {}
    case 'null':
      return { phone_number: null }
    case 'digits':
      return { phone_number: phoneNumber.replace(/\D/g, '') }
    case 'empty':
      return { phone_number: '' }
  }
}
