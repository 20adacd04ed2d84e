import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { readFully } from '../imports/file/write-all.ts'
import { inspectedBytes } from '../imports/inspected-bytes.ts'
import type { Call } from './gateway-calls.ts'
import { textTable } from './text-table.ts'

type Inspection = {
  readonly encoding: string | null
  readonly delimiter: string | null
  readonly headerRow: number
  readonly columns: readonly {
    readonly index: number
    readonly header: string
    readonly field: string | null
    readonly confidence: number
    readonly proposal?: string
    readonly place?: number
  }[]
  readonly warnings: readonly { readonly detail: string }[]
  readonly moreWarnings?: number
  readonly refusal?: { readonly detail: string }
}

/**
 * Asks the gateway what it would take a file for, and says so for a person, without any of its values.
 * @throws Error when an import of it would be refused
 */
export async function inspectUpload(
  { file, list, options }: { readonly file: string; readonly list: string; readonly options: string | undefined },
  call: Call,
): Promise<string> {
  const { bytes, isWhole } = await beginningOf(file)
  const body = new FormData()
  if (options !== undefined) body.append('options', options)
  body.append('file', new Blob([bytes]), basename(file))
  const path = `/lists/${encodeURIComponent(list)}/imports/inspect?complete=${isWhole}`
  const inspection = (await (await call(path, { method: 'POST', body })).json()) as Inspection
  const text = describe(basename(file), inspection)
  if (inspection.refusal !== undefined) throw new Error(`${text}\n${inspection.refusal.detail}`)
  return `${text}\n`
}

/** As much as is looked at; a workbook, which is a zip file, is needed whole. */
async function beginningOf(path: string): Promise<{ bytes: Uint8Array<ArrayBuffer>; isWhole: boolean }> {
  const file = await open(path)
  try {
    const stat = await file.stat()
    if (!stat.isFile())
      throw new Error('--dry-run reads the file twice, and this one can be read once. Name a regular file.')
    const start = Buffer.alloc(Math.min(stat.size, inspectedBytes))
    const bytes = start.subarray(0, await readFully(file, start, 0))
    if (bytes.length === stat.size) return { bytes, isWhole: true }
    if (bytes.toString('latin1', 0, 4) !== 'PK\x03\x04') return { bytes, isWhole: false }
    const all = Buffer.alloc(stat.size)
    return { bytes: all.subarray(0, await readFully(file, all, 0)), isWhole: true }
  } finally {
    await file.close()
  }
}

const signs: Readonly<Record<string, string>> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' }

const columnsOfTable = [
  { title: '', most: 4, isNumber: true },
  { title: 'column', most: 30 },
  { title: 'becomes', most: 30 },
  { title: 'since', most: 30 },
]

function describe(name: string, { encoding, delimiter, headerRow, columns, ...inspection }: Inspection): string {
  const form =
    encoding === null || delimiter === null
      ? `an Excel workbook, its header in row ${headerRow}`
      : `${encoding}, ${signs[delimiter] ?? delimiter} between cells, its header on line ${headerRow}`
  const rows = columns.map((column) => [String(column.index + 1), column.header, becomes(column), since(column)])
  const { warnings, moreWarnings = 0 } = inspection
  const more = moreWarnings === 0 ? [] : [`and ${moreWarnings} more warnings`]
  const told = [...warnings.map(({ detail }) => detail), ...more]
  const lines = told.length === 0 ? '' : `\n${told.join('\n')}\n`
  return `${name}: ${form}\n\n${textTable(columnsOfTable, rows)}${lines}`
}

type Column = Inspection['columns'][number]

function becomes({ field, place }: Column): string {
  if (field === null) return 'nothing'
  return place === undefined ? field : `${field}, number ${place}`
}

function since({ field, confidence, proposal }: Column): string {
  if (proposal !== undefined) return `it holds ${proposal}s, it seems`
  if (field === null) return confidence === 1 ? 'it is not wanted' : 'nothing is known of it'
  if (confidence === 1) return 'it is said'
  if (confidence >= 0.9) return 'its name is known'
  return confidence >= 0.8 ? 'its words are known' : 'its name may mean it'
}
