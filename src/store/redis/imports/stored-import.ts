import type { ImportRecord, ImportState, ImportStatus } from '../../../services/import-store-port.ts'
import { importLosses, isLossKind } from '../../import-losses.ts'
import { importProgress } from '../../import-progress.ts'

type Fields = Readonly<Record<string, string>>

/** One whose end has not been told yet, also where it was deleted since. */
export function readUntold(fields: Fields): ImportState | undefined {
  return fields.e === undefined ? undefined : readImport({ ...fields, ...(fields.x !== undefined && { s: fields.x }) })
}

/** An import out of the fields of its record, as `lua/import-append.lua` describes them. A draft is none. */
export function readImport(fields: Fields): ImportState | undefined {
  if (fields.r === undefined || fields.s === undefined || noImport.has(fields.s)) return undefined
  const record = JSON.parse(fields.r) as ImportRecord
  const rows = Number(fields.n ?? 0)
  return {
    ...record,
    status: fields.s as ImportStatus,
    rows,
    blocks: Number(fields.b ?? 0),
    progress: importProgress(record.accounts, rows, (number, status) => Number(fields[`${number}:${status}`] ?? 0)),
    ...importLosses(record.accounts, keptLosses(fields)),
    startedAt: fields.t0,
    finishedAt: fields.t1,
    version: Number(fields.v),
  }
}

const noImport: ReadonlySet<string> = new Set(['draft', 'removed'])

/** Of the fields that count codes: the others have fewer parts. */
function* keptLosses(fields: Fields) {
  for (const [field, count] of Object.entries(fields)) {
    const [number, kind, code] = field.split(':')
    if (code === undefined || !isLossKind(kind)) continue
    yield { accountNumber: Number(number), kind, code, count: Number(count) } as const
  }
}
