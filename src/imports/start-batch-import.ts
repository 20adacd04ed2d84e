import type { ContactDraft } from '../domain/contact.ts'
import { headerLosses } from './columns/header-losses.ts'
import { keepColumns } from './columns/import-columns.ts'
import { type HeaderMatch, matchHeader } from './columns/match-header.ts'
import { canonicalHeader } from './rows/canonical-cells.ts'
import { planContacts } from './rows/write-blocks.ts'
import { type Intake, type NewImport, newRecord, planTarget } from './start-import.ts'
import { takeBack } from './take-back.ts'

/**
 * Makes an import of contacts that came as JSON, in the canonical columns, so that their reports look like those of a
 * file and can be uploaded again.
 * @returns the id of the import
 */
export async function startBatchImport(
  request: NewImport,
  contacts: readonly ContactDraft[],
  { store, yielding }: Intake,
): Promise<string> {
  const header = canonicalHeader(contacts)
  const match: HeaderMatch = matchHeader(header)
  if ('refusal' in match) throw new Error(`the canonical columns do not match: ${match.refusal.detail}`)
  const warnings = headerLosses(match.columns, request.list.targets)
  const written = { delimiter: ',', bom: false, lineBreak: '\n' } as const
  const format = { header, format: written, columns: keepColumns(match.columns), warnings }
  const record = newRecord(request, format)
  const draft = await store.begin(record)
  try {
    await planContacts(contacts, match.columns, planTarget(request, draft, yielding))
    await request.announce?.(record.id)
    await draft.publish()
    return record.id
  } catch (error) {
    throw await takeBack(draft, error)
  }
}
