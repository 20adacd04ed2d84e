import type { ImportFormat } from '../../imports/start-import.ts'
import type { ImportState } from '../../services/import-ports.ts'

/** The API's form of an import. `nowMs` is the epoch, for the estimate of the time to its end. */
export function presentImport(state: ImportState, nowMs: number) {
  const { id, listId, status, validateOnly, options, rows, progress, createdAt, startedAt, finishedAt } = state
  const eta = etaSeconds(state, nowMs)
  return {
    id,
    listId,
    status,
    validateOnly,
    options,
    rows,
    progress,
    warnings: [...(state.format as ImportFormat).warnings],
    createdAt,
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(eta !== undefined && { etaSeconds: eta }),
  }
}

/** The slowest account's pending rows at its pace since the start. */
function etaSeconds({ status, rows, progress, startedAt }: ImportState, nowMs: number): number | undefined {
  if (status !== 'running' || startedAt === undefined) return undefined
  const elapsed = (nowMs - Date.parse(startedAt)) / 1000
  const waits = Object.values(progress).map(({ pending }) =>
    pending === rows ? Number.NaN : (elapsed * pending) / (rows - pending),
  )
  const longest = Math.max(...waits)
  return Number.isFinite(longest) ? Math.ceil(longest) : undefined
}
