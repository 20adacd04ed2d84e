import { readCsvRecords } from './csv-records.ts'
import type { VobizContacts, VobizFields } from './vobiz-contacts.ts'
import type { VobizQuirks } from './vobiz-errors.ts'
import { isVobizPhone } from './vobiz-input.ts'

/** facts 4.3 DOC; `total = created + updated + failed`. */
export interface ImportSummary {
  total: number
  created: number
  updated: number
  failed: number
  errors: { row: number; phone_number: string; reason: string }[]
}

/** facts 4.3 GAP, ASSUME. */
const maxRows = 1000
const maxFileBytes = 1024 * 1024

/** The file as a whole was refused; `message` says why. */
export class ImportRefused extends Error {}

/**
 * Takes the bytes of the part named `file` out of a `multipart/form-data` body.
 * @throws ImportRefused
 */
export async function readFilePart(body: Buffer, contentType: string | undefined): Promise<Buffer> {
  if (contentType === undefined || !/^multipart\/form-data\b/i.test(contentType))
    throw new ImportRefused('Content-Type must be multipart/form-data')
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => undefined)
  const file = form?.get('file')
  if (!(file instanceof File)) throw new ImportRefused('The form field named file is missing')
  return Buffer.from(await file.arrayBuffer())
}

/**
 * Imports a CSV file: an upsert by phone number, the last of several rows of one number wins (facts 4.3 DOC, ASSUME).
 * Unknown columns are ignored. A byte order mark is not (ASSUME: no BOM), so the first column is then missing.
 * @throws ImportRefused when nothing was imported.
 */
export function importCsv(file: Buffer, contacts: VobizContacts, quirks: VobizQuirks): ImportSummary {
  const { columns, rows } = readTable(file)
  const summary: ImportSummary = { total: rows.length, created: 0, updated: 0, failed: 0, errors: [] }
  rows.forEach((row, index) => {
    const phoneNumber = row[columns.phoneNumber] ?? ''
    const name = row[columns.name] ?? ''
    const reason = reasonAgainst(row, columns.count, phoneNumber, name)
    if (reason !== undefined) {
      const rowNumber = index + (quirks.importRow === 'line' ? 2 : 1)
      summary.failed += 1
      summary.errors.push({ row: rowNumber, phone_number: phoneNumber, reason })
      return
    }
    const tags = columns.tags < 0 ? undefined : readTags(row[columns.tags] ?? '')
    summary[upsert(contacts, phoneNumber, { name, ...(tags && { tags }) }, quirks)] += 1
  })
  return summary
}

interface Columns {
  phoneNumber: number
  name: number
  /** -1 when there is no such column. */
  tags: number
  count: number
}

function readTable(file: Buffer): { columns: Columns; rows: string[][] } {
  if (file.length > maxFileBytes) throw new ImportRefused('The file is larger than 1 MB')
  const [header = [], ...rows] = readRecords(file.toString('utf8'))
  const columns = {
    phoneNumber: header.indexOf('phone_number'),
    name: header.indexOf('name'),
    tags: header.indexOf('tags'),
    count: header.length,
  }
  if (columns.phoneNumber < 0) throw new ImportRefused('The column phone_number is missing')
  if (columns.name < 0) throw new ImportRefused('The column name is missing')
  if (rows.length > maxRows) throw new ImportRefused(`The file has more than ${maxRows} rows`)
  return { columns, rows }
}

function readRecords(text: string): string[][] {
  try {
    return readCsvRecords(text)
  } catch (error) {
    throw new ImportRefused(`The file is not valid CSV: ${(error as Error).message}`)
  }
}

/** The text about the number is the documents' own. */
function reasonAgainst(row: string[], columnCount: number, phoneNumber: string, name: string): string | undefined {
  if (row.length !== columnCount) return `expected ${columnCount} columns, found ${row.length}`
  if (!isVobizPhone(phoneNumber)) return 'invalid phone_number: must be E.164 format'
  return name.trim() === '' ? 'invalid name: must not be empty' : undefined
}

function upsert(
  contacts: VobizContacts,
  phoneNumber: string,
  fields: VobizFields,
  { importTags }: VobizQuirks,
): 'created' | 'updated' {
  const known = contacts.getByPhone(phoneNumber)
  if (known === undefined) {
    contacts.create(phoneNumber, fields)
    return 'created'
  }
  const merged = importTags === 'merged' && fields.tags ? { tags: [...known.tags, ...fields.tags] } : {}
  contacts.update(known, { ...fields, ...merged })
  return 'updated'
}

function readTags(cell: string): string[] {
  return cell
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
}
