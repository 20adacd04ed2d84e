import type { Static } from 'typebox'
import type { ImportFormat } from '../../imports/start-import.ts'
import { secondsToEnd } from '../../services/estimate-end.ts'
import type { ImportState } from '../../services/import-store-port.ts'
import type { ImportOptionsSchema } from './import-schema.ts'

/** Warnings beyond these are counted: a file has up to 500 columns, and each may have one. */
const shownWarnings = 20

/** The API's form of an import. `nowMs` is the epoch, for the estimate of the time to its end. */
export function presentImport(state: ImportState, nowMs: number) {
  const { warnings } = state.format as ImportFormat
  return {
    ...presentRecord(state),
    // As they were checked when they came.
    options: state.options as Static<typeof ImportOptionsSchema>,
    ...presentProgress(state, nowMs),
    ...presentWarnings(warnings),
  }
}

/** The first of them, and how many more there are. */
export function presentWarnings(warnings: ImportFormat['warnings']) {
  return {
    warnings: warnings.slice(0, shownWarnings),
    ...(warnings.length > shownWarnings && { moreWarnings: warnings.length - shownWarnings }),
  }
}

/** The form of an import in a list of many: without what a caller made as long as it liked. */
export function presentInList(state: ImportState, nowMs: number) {
  const { mapping: _, order: __, ...options } = state.options as Static<typeof ImportOptionsSchema>
  return { ...presentRecord(state), options, ...presentProgress(state, nowMs) }
}

/** What changes while an import goes on: what it is called, status and numbers. */
export function presentProgress(state: ImportState, nowMs: number) {
  const { id, status, rows, progress, losses, skippedBecause, startedAt, finishedAt } = state
  const seconds = secondsToEnd(state, nowMs)
  return {
    id,
    status,
    rows,
    progress,
    losses,
    skippedBecause,
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(seconds !== undefined && { etaSeconds: Math.ceil(seconds) }),
  }
}

function presentRecord({ id, listId, client, status, validateOnly, createdAt }: ImportState) {
  return { id, listId, client, status, validateOnly, createdAt }
}
