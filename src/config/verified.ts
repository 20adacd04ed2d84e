import { type Static, Type } from 'typebox'
import Value from 'typebox/value'
import type { Adapter } from '../providers/adapter-port.ts'
import type { Settled } from '../providers/probing.ts'
import type { Path } from './mistakes.ts'
import type { Reading } from './reading.ts'

/** As much of a report of `accounts verify` as the gateway goes by; the rest is for people. */
const ReportSchema = Type.Object({
  format: Type.Literal(1),
  provider: Type.String(),
  baseUrl: Type.String(),
  at: Type.String(),
  probes: Type.Array(Type.Object({ id: Type.String(), seen: Type.Optional(Type.String()) })),
})

/** What calls have settled of an account's provider. */
export type VerifiedConfig = {
  readonly baseUrl: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly settled: readonly Settled[]
}

/** A report of a megabyte is none. */
const longestReport = 1_000_000

/** Reads the report that an account names, and notes what is none, or is of another provider. */
export function readVerified(
  file: string | undefined,
  adapter: Adapter,
  path: Path,
  reading: Reading,
): VerifiedConfig | undefined {
  const text = file === undefined ? undefined : reading.fileAt(file, path)
  if (text === undefined) return undefined
  const report = parseReport(text)
  const at = Date.parse(report?.at ?? '')
  if (report === undefined || Number.isNaN(at)) {
    reading.mistakes.add(path, 'names a file that is no report of `accounts verify` in JSON')
    return undefined
  }
  if (report.provider !== adapter.id) {
    reading.mistakes.add(path, 'names a report of another provider')
    return undefined
  }
  const settled = report.probes.map(({ id, seen }): Settled => (seen === undefined ? { id } : { id, seen }))
  return { baseUrl: report.baseUrl, at, settled }
}

function parseReport(text: string): Static<typeof ReportSchema> | undefined {
  if (text.length > longestReport) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return Value.Check(ReportSchema, value) ? value : undefined
  } catch {
    return undefined
  }
}
