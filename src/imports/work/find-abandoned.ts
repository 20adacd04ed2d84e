import type { ImportStore } from '../../services/import-store-port.ts'

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
 * Looks for rows that waited, when this process began, for an account that is not configured here, and that no other process
 * works off either: the account was removed while the gateway was down. Replicas may be reloaded one after the other, so
 * that one look says nothing: what waits has to be the same a minute later. What comes later is left alone: an account that
 * other replicas know already, and this one not yet, is no removed one.
 */
export function findAbandoned({ store, isServed, found, everyMs = lookEveryMs }: AbandonedRows): { close(): void } {
  /** How many rows waited at the last look; `undefined`: the store was away. */
  let waiting: Map<string, number | undefined> | undefined
  let timer: NodeJS.Timeout | undefined
  const compare = (rows: ReadonlyMap<string, number>, before: Map<string, number | undefined>) => {
    for (const [account, count] of before) {
      const now = rows.get(account)
      if (now === undefined || isServed(account)) before.delete(account)
      else before.set(account, now)
      if (now !== undefined && now === count && before.delete(account)) found(account)
    }
  }
  const look = async () => {
    const rows = await store.backlog().then(
      (backlog) => backlog.rows,
      () => undefined,
    )
    if (timer === undefined) return
    if (rows === undefined) for (const account of waiting?.keys() ?? []) waiting?.set(account, undefined)
    else if (waiting === undefined) waiting = new Map([...rows].filter(([account]) => !isServed(account)))
    else compare(rows, waiting)
    timer = waiting?.size === 0 ? undefined : setTimeout(look, everyMs).unref()
  }
  timer = setTimeout(look, 0).unref()
  return {
    close: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
