import type { ImportWorker } from '../services/import-store-port.ts'

/** The workers that have not been closed: a store ends them before itself. */
export class OpenWorkers {
  readonly #open = new Set<ImportWorker>()

  /** Gives the worker that is to be handed out in the place of this one. */
  add(worker: ImportWorker): ImportWorker {
    const closable: ImportWorker = {
      close: async () => {
        await worker.close()
        this.#open.delete(closable)
      },
    }
    this.#open.add(closable)
    return closable
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((worker) => worker.close()))
  }
}
