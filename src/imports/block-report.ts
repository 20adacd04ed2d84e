import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { OutcomeStatus } from '../domain/outcome.ts'

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
}

/** The report of one chunk as it is stored; empty when there is nothing to report. */
export function encodeReport(entries: readonly ReportEntry[]): Buffer {
  return entries.length === 0 ? Buffer.alloc(0) : zstdCompressSync(JSON.stringify(entries))
}

export function decodeReport(report: Buffer): readonly ReportEntry[] {
  return report.length === 0 ? [] : (JSON.parse(zstdDecompressSync(report).toString('utf8')) as ReportEntry[])
}
