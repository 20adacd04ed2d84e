import { numbersFrom } from '../domain/phone.ts'
import type { ContactList } from '../services/catalog/catalog.ts'
import type { ImportDraft, ImportRecord, ImportStore } from '../services/import-store-port.ts'
import type { ImportWarning } from './columns/column-target.ts'
import type { LossWarning } from './columns/header-losses.ts'
import { type KeptColumns, keepColumns } from './columns/import-columns.ts'
import { FileRefused } from './file/file-refusal.ts'
import { readTableFile } from './file/read-table.ts'
import type { CsvFormat } from './file/sniff-csv.ts'
import type { SpooledUpload } from './file/spool-upload.ts'
import type { CsvLimits } from './file/table-of-records.ts'
import type { WorkbookWarning } from './file/xlsx/read-xlsx.ts'
import type { ImportOptions } from './import-options.ts'
import { cellRules } from './rows/cell-rules.ts'
import { type PlanTarget, planRows } from './rows/write-blocks.ts'
import type { YieldToCallers } from './rows/yield-to-callers.ts'
import { takeBack } from './take-back.ts'
import { understandFile } from './understand-file.ts'
import { type Conditions, conditionsOf } from './work/pass-over-rows.ts'

/** What reports need of the file. */
export type ImportFormat = {
  readonly header: readonly string[]
  readonly format: CsvFormat
  /** Absent in imports of earlier versions. */
  readonly columns?: KeptColumns
  readonly warnings: readonly (ImportWarning | LossWarning | WorkbookWarning)[]
  /** Whom the list's accounts were for when the import began. Absent: all of them for all. */
  readonly conditions?: Conditions
}

export type NewImport = {
  /** Of the place that was taken for it. */
  readonly id: string
  readonly client: string
  readonly list: ContactList
  readonly options: ImportOptions
  readonly validateOnly: boolean
  /** Id of the request that it comes with. */
  readonly request?: string | undefined
  /** Told of the import's id right before others can see it; when it rejects, there is no import. */
  readonly announce?: (id: string) => Promise<void>
}

/** What takes imports in. */
export type Intake = { readonly store: ImportStore; readonly yielding: YieldToCallers }

/**
 * Reads a complete upload into the store and sets it off. When it returns, the import is durable; when it throws, there
 * is none.
 * @throws FileRefused; UploadNotKept when the disk does not give back what came; ImportNotTaken
 */
export async function startImport(
  request: NewImport,
  upload: SpooledUpload,
  limits: CsvLimits,
  intake: Intake,
): Promise<string> {
  try {
    return await startWith(request, upload, limits, intake)
  } catch (error) {
    // Before the sender is told that the file is bad, what was read must be known to be what was sent.
    if (error instanceof FileRefused) await upload.verify()
    throw error
  }
}

async function startWith(
  request: NewImport,
  upload: SpooledUpload,
  limits: CsvLimits,
  { store, yielding }: Intake,
): Promise<string> {
  const file = await readTableFile(upload, { ...request.options, limits }, () => yielding.own())
  let draft: ImportDraft | undefined
  try {
    const understood = await understandFile(file, request.options, request.list.targets)
    if ('refusal' in understood) throw new FileRefused(understood.refusal)
    const { columns, warnings } = understood
    const { header, format } = file
    const record = newRecord(request, { header, format, columns: keepColumns(columns), warnings })
    draft = await store.begin(record)
    await planRows(file.batches, columns, planTarget(request, draft, yielding))
    await request.announce?.(record.id)
    await draft.publish()
    return record.id
  } catch (error) {
    file.close()
    throw await takeBack(draft, error)
  }
}

/** What is written down of an import when it begins. */
export function newRecord(
  { id, client, list, options, validateOnly, request }: NewImport,
  read: ImportFormat,
): ImportRecord {
  const conditions = conditionsOf(list.targets)
  const format = conditions === undefined ? read : { ...read, conditions }
  return {
    id,
    client,
    listId: list.id,
    accounts: list.targets.map(({ account }) => account.id),
    validateOnly,
    options,
    format,
    createdAt: new Date().toISOString(),
    request,
  }
}

/** Where the rows of an import go. */
export function planTarget({ list, options }: NewImport, draft: ImportDraft, yielding: YieldToCallers): PlanTarget {
  const from = numbersFrom(options, list.numbers)
  return { targets: list.targets, draft, yielding, from, cellRules: cellRules(options) }
}
