import type { FailureKind } from './failure.ts'

/**
 * Whether an account's provider is there, as all processes see it together. Times are in milliseconds since 1970; `open`: since
 * when each process has its breaker open, and until when that is to be believed.
 */
export type Reach = {
  readonly lastSuccess: number
  readonly open: Readonly<Record<string, { readonly since: number; readonly until: number }>>
  /** Absent: it is there. */
  readonly away?: { readonly since: number; readonly lastFailure: FailureKind | undefined } | undefined
  /** Since when nobody's breaker is open, while it is away. */
  readonly quietSince?: number | undefined
}

/** What one process has seen of the account. `process`: a name that no other has. */
export type Sighting = {
  readonly process: string
  readonly at: number
  readonly isOpen: boolean
  readonly lastSuccess: number
  readonly lastFailure: FailureKind | undefined
}

export type ReachChange = { readonly change: 'unavailable' | 'recovered'; readonly since: number; readonly at: number }

/** So long nothing succeeds before it counts as away, and so long nobody's breaker is open before it counts as back. */
const certainAfterMs = 60_000
/** A process that says nothing any more is not believed for longer. */
const believedMs = 30_000

export const unseen: Reach = { lastSuccess: 0, open: {} }

/** What is known after a sighting, and what has become of the account by it. */
export function sight(before: Reach, seen: Sighting): { readonly reach: Reach; readonly change?: ReachChange } {
  const { at } = seen
  const lastSuccess = Math.max(before.lastSuccess, seen.lastSuccess)
  const open = openAfter(before.open, seen)
  const since = Object.values(open).map((one) => one.since)
  const isOpen = since.length > 0
  const { away } = before
  if (away === undefined) {
    const begun = Math.max(lastSuccess, Math.min(...since))
    if (!isOpen || at - begun < certainAfterMs) return { reach: { lastSuccess, open } }
    const gone = { since: begun, lastFailure: seen.lastFailure }
    return { reach: { lastSuccess, open, away: gone }, change: { change: 'unavailable', since: begun, at } }
  }
  const quietSince = isOpen ? undefined : (before.quietSince ?? at)
  const isBack = quietSince !== undefined && at - quietSince >= certainAfterMs && lastSuccess > away.since
  if (isBack) return { reach: { lastSuccess, open }, change: { change: 'recovered', since: away.since, at } }
  return { reach: { lastSuccess, open, away, ...(quietSince !== undefined && { quietSince }) } }
}

function openAfter(before: Reach['open'], { process, at, isOpen }: Sighting): Reach['open'] {
  const others = Object.entries(before).filter(([name, { until }]) => name !== process && until > at)
  const since = before[process] !== undefined && before[process].until > at ? before[process].since : at
  return Object.fromEntries([...others, ...(isOpen ? [[process, { since, until: at + believedMs }] as const] : [])])
}
