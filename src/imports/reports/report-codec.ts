import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { OutcomeStatus } from '../../domain/outcome.ts'

/** A row that did not get in, or was passed over, at one account. */
export type ReportEntry = {
  /** Index of the row in its block. */
  readonly at: number
  readonly status: OutcomeStatus
  readonly code: string
  readonly detail: string
  /** The column's name in the file, where one is to blame, and its cell. */
  readonly column?: string
  readonly value?: string
  /** Into the contact, where an account says which field: the header tells which column that is. */
  readonly pointer?: string
}

/** Shorter reports, and that is most of them, are not worth the time that compression takes. */
const shortBytes = 4096
const beginOfJson = '['.charCodeAt(0)

/** The report of one chunk as it is stored, compressed unless it is short; empty when there is nothing to report. */
export function encodeReport(entries: readonly ReportEntry[]): Buffer {
  if (entries.length === 0) return Buffer.alloc(0)
  const json = Buffer.from(JSON.stringify(entries))
  return json.length < shortBytes ? json : zstdCompressSync(json)
}

export function decodeReport(report: Buffer): readonly ReportEntry[] {
  if (report.length === 0) return []
  const json = report[0] === beginOfJson ? report : zstdDecompressSync(report)
  return JSON.parse(json.toString('utf8')) as ReportEntry[]
}
