import { setTimeout as sleep } from 'node:timers/promises'
import type { NewImport } from '../../imports/start-import.ts'
import { ImportNotTaken } from '../../imports/take-back.ts'
import type { Journal } from '../../services/idempotency/idempotency.ts'
import type { ImportPlace, ImportState, ImportStore } from '../../services/import-store-port.ts'
import { StoreUnavailable } from '../../services/store-port.ts'
import { Problem } from '../problems/problems.ts'
import { publicPath } from '../requests/public-path.ts'
import type { WriteAnswer } from '../requests/write-answer.ts'
import type { RouteOptions } from '../services.ts'
import { presentImport } from './present-import.ts'

/** Seconds after which it is worth looking at a new import. */
const firstLookSeconds = 1
/** How long an answer that started an import is kept under its key. */
export const importAnswerTtlMs = 7 * 24 * 3_600_000

/**
 * Starts an import in a place of its client, and answers. Under a key there is one import only: its id is noted before anybody
 * can see it, so that who takes the key over from a dead owner finds what that one had started.
 */
export async function startOnce(
  imports: ImportStore,
  { publicUrl }: Pick<RouteOptions, 'publicUrl'>,
  journal: Journal | undefined,
  wanted: Omit<NewImport, 'id'>,
  place: InPlace,
  start: (announced: NewImport) => Promise<string>,
): Promise<WriteAnswer> {
  for (const id of journal?.earlier?.marks ?? []) {
    const started = await imports.get(id)
    if (started !== undefined) return accepted(started, publicUrl())
  }
  const announce = journal !== undefined && { announce: journal.mark }
  const id = await place(({ id }) => start({ ...wanted, id, ...announce })).catch(notTaken)
  return accepted(await stateOf(imports, id), publicUrl())
}

/** Does work in a place: one that was taken already, or is taken now. */
export type InPlace = <T>(work: (place: Pick<ImportPlace, 'id'>) => Promise<T>) => Promise<T>

function notTaken(error: unknown): never {
  if (!(error instanceof ImportNotTaken)) throw error
  const detail = 'The store could not take the import in. Nothing was created and no row was sent. Send it again later.'
  throw new Problem('store-unavailable', { detail, retryAfterSeconds: 5 })
}

const looks = 10

/** It is there: where the store fails at telling so, it is asked again for a while before the caller hears of trouble. */
async function stateOf(imports: ImportStore, id: string): Promise<ImportState> {
  for (let look = 1; ; look++) {
    try {
      return (await imports.get(id)) as ImportState
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || look === looks) throw error
      await sleep(200)
    }
  }
}

/** The answer to whoever started an import. */
function accepted(state: ImportState, publicUrl: string): WriteAnswer {
  return {
    status: 202,
    headers: { location: publicPath(publicUrl, `/imports/${state.id}`), 'retry-after': String(firstLookSeconds) },
    body: presentImport(state, Date.now()),
    keep: true,
    resumable: false,
    facts: { import: state },
  }
}
