import { setTimeout as sleep } from 'node:timers/promises'
import type { ImportDraft } from '../services/import-store-port.ts'
import { StoreUnavailable } from '../services/store-port.ts'

/** The store could not take an import in, and nothing is left of it. */
export class ImportNotTaken extends Error {
  override readonly name = 'ImportNotTaken'
}

const everyMs = 1_000
/** As long as a draft is kept. */
const forMs = 3_600_000

/**
 * Discards a draft that failed with an error. While the store is away it is tried on in the background: a publication
 * whose answer did not come must not become an import that its sender does not know of.
 * @returns the error to throw: `ImportNotTaken` when the store failed and the draft is gone, else the one given
 */
export async function takeBack(draft: ImportDraft | undefined, error: unknown): Promise<unknown> {
  if (draft !== undefined && !(await isDiscarded(draft))) {
    void tryOn(draft)
    return error
  }
  return error instanceof StoreUnavailable ? new ImportNotTaken(error.message) : error
}

async function isDiscarded(draft: ImportDraft): Promise<boolean> {
  return draft.discard().then(
    () => true,
    (error) => !(error instanceof StoreUnavailable),
  )
}

async function tryOn(draft: ImportDraft): Promise<void> {
  const deadline = performance.now() + forMs
  do await sleep(everyMs, undefined, { ref: false })
  while (!(await isDiscarded(draft)) && performance.now() < deadline)
}
