import type { Static } from 'typebox'
import type { ImportFormat } from '../../imports/start-import.ts'
import { secondsToEnd } from '../../services/estimate-end.ts'
import type { ImportState } from '../../services/import-store-port.ts'
import type { ImportOptionsSchema } from './import-schema.ts'

/** The API's form of an import. `nowMs` is the epoch, for the estimate of the time to its end. */
export function presentImport(state: ImportState, nowMs: number) {
  const { id, listId, status, validateOnly, options, rows, progress, createdAt, startedAt, finishedAt } = state
  const { losses, skippedBecause } = state
  const seconds = secondsToEnd(state, nowMs)
  return {
    id,
    listId,
    status,
    validateOnly,
    // As it was checked when it came.
    options: options as Static<typeof ImportOptionsSchema>,
    rows,
    progress,
    losses,
    skippedBecause,
    warnings: [...(state.format as ImportFormat).warnings],
    createdAt,
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(seconds !== undefined && { etaSeconds: Math.ceil(seconds) }),
  }
}
