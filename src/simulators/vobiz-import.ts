import { readCsvRecords } from './csv-records.ts'
import type { VobizContact, VobizContacts, VobizFields } from './vobiz-contacts.ts'
import type { VobizQuirks } from './vobiz-errors.ts'
import { isVobizPhone } from './vobiz-input.ts'
import { inTagCase } from './vobiz-stored-fields.ts'

/** A row that was not imported. */
export interface RowFailure {
  /** Of the data rows, from 0. */
  index: number
  /** Of the file, where its record begins, from 1. */
  line: number
  phoneNumber: string
  reason: string
}

/** docs/providers.md, "Vobiz: imports". `total = created + updated + failed`, unless the file was refused. */
export interface ImportResult {
  total: number
  created: number
  updated: number
  failures: RowFailure[]
  /** A bad row refused the file. */
  isRefused: boolean
}

/** The most rows of one file (assumed). */
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
 * Imports a CSV file: an upsert by phone number. It is assumed that the last of several rows of one number wins, that
 * unknown columns are ignored, and that a byte order mark is not, so that the first column is then missing.
 * @param born is told of new contacts.
 * @throws ImportRefused when nothing was imported.
 */
export function importCsv(
  file: Buffer,
  contacts: VobizContacts,
  quirks: VobizQuirks,
  born: (contact: VobizContact) => void,
): ImportResult {
  const { columns, rows } = readTable(file)
  const failures = failuresOf(rows, columns)
  const isRefused = failures.length > 0 && quirks.importBadRow !== 'left-out'
  const result: ImportResult = { total: rows.length, created: 0, updated: 0, failures, isRefused }
  const bad = new Set(failures.map(({ index }) => index))
  const stop = !isRefused ? rows.length : quirks.importBadRow === 'file-refused' ? 0 : (failures[0]?.index ?? 0)
  rows.slice(0, stop).forEach((row, index) => {
    if (bad.has(index)) return
    const tags = columns.tags < 0 ? undefined : readTags(row[columns.tags] ?? '', quirks)
    const fields = { name: row[columns.name] ?? '', ...(tags && { tags }) }
    result[upsert(contacts, row[columns.phoneNumber] ?? '', fields, quirks, born)] += 1
  })
  return result
}

/** About how many rows a `multipart/form-data` body has: its lines without those around the file and the header. */
export function countRows(body: Buffer): number {
  const [, file = ''] = body.toString('utf8').split('\r\n\r\n', 2)
  return (
    file
      .replace(/\r?\n--[^\n]*--\s*$/, '')
      .trimEnd()
      .split('\n').length - 1
  )
}

function failuresOf(rows: string[][], columns: Columns): RowFailure[] {
  const failures: RowFailure[] = []
  let line = 2
  rows.forEach((row, index) => {
    const phoneNumber = row[columns.phoneNumber] ?? ''
    const reason = reasonAgainst(row, columns.count, phoneNumber, row[columns.name] ?? '')
    if (reason !== undefined) failures.push({ index, line, phoneNumber, reason })
    line += 1 + row.reduce((breaks, field) => breaks + field.split('\n').length - 1, 0)
  })
  return failures
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
  quirks: VobizQuirks,
  born: (contact: VobizContact) => void,
): 'created' | 'updated' {
  const known = contacts.getByPhone(phoneNumber)
  if (known === undefined) {
    born(contacts.create(phoneNumber, fields, quirks))
    return 'created'
  }
  const merged = quirks.importTags === 'merged' && fields.tags ? { tags: [...known.tags, ...fields.tags] } : {}
  contacts.update(known, { ...fields, ...merged })
  return 'updated'
}

function readTags(cell: string, { tagCase }: VobizQuirks): string[] {
  return cell
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
    .map((tag) => inTagCase(tag, tagCase))
}
