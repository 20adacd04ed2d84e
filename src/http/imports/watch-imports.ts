import { setTimeout as sleep } from 'node:timers/promises'
import type { ImportState, ImportStore } from '../../services/import-store-port.ts'

/** Looks at an import again after a while; resolves with `undefined` when it is gone, or nobody is to wait any longer. */
export type LookAgain = (id: string, afterMs: number) => Promise<ImportState | undefined>

/** One look at the store serves all who watch the same import: whoever comes in the meantime waits for the next one too. */
export function shareLooks({ get }: Pick<ImportStore, 'get'>, closing: AbortSignal): LookAgain {
  const looks = new Map<string, Promise<ImportState | undefined>>()
  const look = async (id: string, afterMs: number) => {
    await sleep(afterMs, undefined, { signal: closing, ref: false }).catch(() => undefined)
    looks.delete(id)
    return closing.aborted ? undefined : get(id)
  }
  return (id, afterMs) => {
    let next = looks.get(id)
    if (next === undefined) {
      next = look(id, afterMs)
      looks.set(id, next)
    }
    return next
  }
}

/** Counts who has how many streams open; a place is given back once. */
export function createPlaces(most: number) {
  const taken = new Map<string, number>()
  return (client: string): (() => void) | undefined => {
    const count = taken.get(client) ?? 0
    if (count >= most) return undefined
    taken.set(client, count + 1)
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      const left = (taken.get(client) ?? 1) - 1
      if (left === 0) taken.delete(client)
      else taken.set(client, left)
    }
  }
}
