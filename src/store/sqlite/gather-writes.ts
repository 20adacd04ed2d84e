import { StoreUnavailable } from '../../services/store-port.ts'
import { toStoreError } from './store-error.ts'

/**
 * What a commit outlives. Either outlives the death of the process. `synced` outlives a loss of power too, with all
 * commits before it, and waits for the disk; after `written` such a loss can take the commit back.
 */
export type Durability = 'synced' | 'written'

/** One transaction that no other process can come between, at once. */
export type Write = <T>(durability: Durability, work: () => T) => T

/**
 * The same, at the end of this turn of the event loop, in one transaction with whatever else was asked for until then.
 * `work` may be run twice, the first time for nothing. Rejects with `StoreUnavailable`, or with what `work` throws.
 */
export type WriteSoon = <T>(durability: Durability, work: () => T) => Promise<T>

type Waiting = { run(): void; end(): void; fail(error: unknown): void }

/**
 * The writes of one turn of the event loop as one transaction: requests that came together wait for the disk once. A write
 * with a fault of its own fails alone; where SQLite cannot write at all, all fail. They fail with what `toStoreError` makes.
 */
export function gatherWrites(write: Write): WriteSoon {
  let waiting: Waiting[] = []
  let durability: Durability = 'written'

  const flush = () => {
    const [together, wanted] = [waiting, durability]
    waiting = []
    durability = 'written'
    const failure = attempt(() => {
      write(wanted, () => {
        for (const one of together) one.run()
      })
    })
    for (const one of together) {
      if (failure instanceof StoreUnavailable) one.fail(failure)
      else settle(one, failure && attempt(() => write(wanted, () => one.run())))
    }
  }

  return <T>(wanted: Durability, work: () => T) =>
    new Promise<T>((resolve, reject) => {
      let result: T
      const one: Waiting = {
        run: () => {
          result = work()
        },
        end: () => resolve(result),
        fail: reject,
      }
      if (waiting.push(one) === 1) setImmediate(flush)
      if (wanted === 'synced') durability = 'synced'
    })
}

function settle(one: Waiting, failure: unknown): void {
  if (failure === undefined) one.end()
  else one.fail(failure)
}

/** What it failed with; `undefined`: it did not fail. */
function attempt(work: () => void): unknown {
  try {
    work()
    return undefined
  } catch (error) {
    return toStoreError(error)
  }
}
