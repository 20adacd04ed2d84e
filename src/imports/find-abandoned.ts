import type { ImportStore } from '../services/import-store-port.ts'

/** So long nobody may have worked off a single row of an account before it counts as abandoned. */
const lookEveryMs = 60_000

export type AbandonedRows = {
  readonly store: Pick<ImportStore, 'backlog'>
  /** Somebody here works off the rows of this account. */
  readonly isServed: (account: string) => boolean
  /** Told once for each account. */
  readonly found: (account: string) => void
  readonly everyMs?: number
}

/**
 * Looks for rows that wait for an account that is not configured here, and that no other process works off either: the
 * account was removed while the gateway was down. Replicas may be reloaded one after the other, so that one look says
 * nothing: what waits has to be the same a minute later.
 */
export function findAbandoned({ store, isServed, found, everyMs = lookEveryMs }: AbandonedRows): { close(): void } {
  let waiting: ReadonlyMap<string, number> = new Map()
  let timer: NodeJS.Timeout | undefined
  const look = async () => {
    const backlog = await store.backlog().catch(() => undefined)
    if (timer === undefined) return
    const strange = [...(backlog?.rows ?? [])].filter(([account]) => !isServed(account))
    const before = waiting
    waiting = new Map(strange)
    for (const [account, rows] of strange) if (before.get(account) === rows) found(account)
    timer = setTimeout(look, everyMs).unref()
  }
  timer = setTimeout(look, 0).unref()
  return {
    close: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
