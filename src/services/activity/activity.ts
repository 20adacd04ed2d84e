import { type Activity, type ActivityPart, addPart, mergeParts } from '../../domain/activity.ts'
import type { BreakerState } from '../../domain/breaker-state.ts'

/** Attempts at an account since the process began: by result, and how long they took. */
export type CallTotals = {
  readonly account: string
  readonly calls: Readonly<Record<string, number>>
  readonly buckets: readonly number[]
}

/** What replicas tell each other of a minute: of each account what each of them has seen. */
export type SharedActivity = {
  /** Puts what this replica has seen so far in the place of what it told before. @throws StoreUnavailable */
  tell(minute: number, replica: string, parts: ReadonlyMap<string, ActivityPart>): Promise<void>
  /** By minute, the parts of all replicas by account. @throws StoreUnavailable */
  read(minutes: readonly number[]): Promise<ReadonlyMap<number, readonly AccountPart[]>>
}

export type AccountPart = { readonly account: string; readonly part: ActivityPart }

/** A minute of an account; `at`: its begin, in milliseconds since 1970. */
export type ActivityMinute = Activity & { readonly at: number }

/** What went on at the accounts, minute by minute, for an hour. */
export type AccountActivity = {
  /** The last minutes of some accounts, the current one last. @throws StoreUnavailable */
  read(accounts: readonly string[], minutes: number): Promise<ReadonlyMap<string, readonly ActivityMinute[]>>
  close(): void
}

export type ActivityOptions = {
  /** Read now and then: who makes calls does nothing for it. */
  readonly totals: () => Iterable<CallTotals>
  /** How the accounts stand now. */
  readonly accounts: () => Iterable<{ readonly id: string; readonly waiting: number; readonly breaker: BreakerState }>
  /** Of the buckets, in milliseconds. */
  readonly bounds: readonly number[]
  /** Absent: there are no other replicas. */
  readonly shared: SharedActivity | undefined
  readonly replica: string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export const mostMinutes = 60
const minuteMs = 60_000
/** How often replicas tell each other. */
const everyMs = 10_000
/** Whoever asks sees what is older than this. */
const freshMs = 1_000
/** A minute that ended so long ago does not change any more. */
const settledMs = 2 * everyMs + minuteMs

export function createActivity(options: ActivityOptions): AccountActivity {
  const { totals, accounts, bounds, shared, replica, now } = options
  const own = new Map<number, Map<string, ActivityPart>>()
  const untold = new Set<number>()
  const settled = new Map<number, readonly AccountPart[]>()
  let known = new Map<string, CallTotals>()
  let sampledAt = now()

  /** Puts what was done since the last look into the minute in whose time it mostly was. */
  const sample = (): void => {
    const at = now()
    const minute = Math.floor((sampledAt + at) / 2 / minuteMs)
    sampledAt = at
    const next = new Map([...totals()].map((one) => [one.account, one]))
    const parts = own.get(minute) ?? new Map<string, ActivityPart>()
    for (const { id, waiting, breaker } of accounts())
      parts.set(id, addPart(parts.get(id), { ...since(known.get(id), next.get(id)), waiting, breaker }))
    known = next
    own.set(minute, parts)
    untold.add(minute)
    for (const old of [own, settled]) for (const key of old.keys()) if (key <= minute - mostMinutes) old.delete(key)
    for (const key of untold) if (!own.has(key)) untold.delete(key)
  }

  const tell = async (): Promise<void> => {
    if (shared === undefined) return
    for (const minute of [...untold]) {
      untold.delete(minute)
      try {
        await shared.tell(minute, replica, own.get(minute) ?? new Map())
      } catch {
        // That the store is away others report: it is told the next time.
        untold.add(minute)
        return
      }
    }
  }

  /** What all replicas have told of some minutes; those that change no more are asked for once. */
  const partsOf = async (minutes: readonly number[]): Promise<ReadonlyMap<number, readonly AccountPart[]>> => {
    if (shared === undefined) return new Map(minutes.map((minute) => [minute, listed(own.get(minute))]))
    const open = minutes.filter((minute) => !settled.has(minute))
    const read = await shared.read(open)
    for (const [minute, parts] of read) if (now() - minute * minuteMs > settledMs) settled.set(minute, parts)
    return new Map(minutes.map((minute) => [minute, read.get(minute) ?? settled.get(minute) ?? []]))
  }

  const timer = setInterval(() => {
    sample()
    void tell()
  }, everyMs)
  timer.unref()

  return {
    async read(wanted, count) {
      if (now() - sampledAt >= freshMs) sample()
      await tell()
      const last = Math.floor(now() / minuteMs)
      const minutes = Array.from({ length: count }, (_, place) => last - count + 1 + place)
      const parts = await partsOf(minutes)
      return new Map(
        wanted.map((account) => [
          account,
          minutes.map((minute) => {
            const ofAccount = (parts.get(minute) ?? []).filter((one) => one.account === account)
            return {
              at: minute * minuteMs,
              ...mergeParts(
                ofAccount.map(({ part }) => part),
                bounds,
              ),
            }
          }),
        ]),
      )
    },
    close: () => clearInterval(timer),
  }
}

function listed(parts: ReadonlyMap<string, ActivityPart> | undefined): readonly AccountPart[] {
  return [...(parts ?? [])].map(([account, part]) => ({ account, part }))
}

function since(before: CallTotals | undefined, now: CallTotals | undefined): Pick<ActivityPart, 'calls' | 'buckets'> {
  const calls = Object.entries(now?.calls ?? {}).flatMap(([result, count]) => {
    const more = count - (before?.calls[result] ?? 0)
    return more > 0 ? [[result, more] as const] : []
  })
  const buckets = (now?.buckets ?? []).map((count, place) => count - (before?.buckets[place] ?? 0))
  return { calls: Object.fromEntries(calls), buckets }
}
