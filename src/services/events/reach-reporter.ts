import type { BreakerState } from '../../domain/breaker-state.ts'
import type { FailureKind } from '../../domain/failure.ts'
import { type Reach, type ReachChange, type Sighting, sight, unseen } from '../../domain/reach.ts'
import type { EventStore, OutboxEvent } from '../event-store-port.ts'
import { StoreUnavailable } from '../store-port.ts'
import type { EventLog } from './endpoints.ts'

export type ReachReporterOptions = {
  readonly store: Pick<EventStore, 'reach' | 'replaceReach'>
  /** Names this process; no other has the name. */
  readonly process: string
  /** Whether anybody is to be told. */
  readonly isWanted: () => boolean
  /** Told that an event was left. */
  readonly left: () => void
  readonly log: EventLog
  readonly now: () => number
  readonly everyMs?: number
}

export type ReachReporter = {
  attempt(account: string, outcome: FailureKind | 'ok'): void
  breakerState(account: string, state: BreakerState): void
  /** Tells the other processes what this one has seen; it happens by itself all the time. */
  report(): Promise<void>
  close(): Promise<void>
}

const reportEveryMs = 5_000
/** A success is told again after this: well within the time after which an account without one is away. */
const successAgainMs = 20_000
/** Others change the same account between its reading and its writing. */
const mostTurns = 10
/** They say that the provider does not work; what it refuses comes from one that does. */
const failing: ReadonlySet<FailureKind | 'ok'> = new Set(['unavailable', 'unreadable', 'timeout', 'unreachable'])

type Seen = {
  isOpen: boolean
  lastSuccess: number
  lastFailure: FailureKind | undefined
  /** What was told last. */
  toldOpen: boolean
  toldSuccess: number
  isAway: boolean
}

/** Watches the accounts of this process, and agrees through the store on which are away. */
export function startReachReporter(options: ReachReporterOptions): ReachReporter {
  const { isWanted, log, now, everyMs = reportEveryMs } = options
  const accounts = new Map<string, Seen>()
  const seenOf = (account: string): Seen => {
    const known = accounts.get(account)
    if (known !== undefined) return known
    const fresh = {
      isOpen: false,
      lastSuccess: 0,
      lastFailure: undefined,
      toldOpen: false,
      toldSuccess: 0,
      isAway: false,
    }
    accounts.set(account, fresh)
    return fresh
  }
  const report = async () => {
    if (!isWanted()) return
    for (const [account, seen] of accounts) {
      const hasNewSuccess = seen.lastSuccess - seen.toldSuccess >= successAgainMs
      if (!seen.isOpen && !seen.toldOpen && !seen.isAway && !hasNewSuccess) continue
      const { isOpen, lastSuccess } = seen
      const after = await tell(options, account, { ...seen, process: options.process, at: now() })
      seen.toldOpen = isOpen
      seen.toldSuccess = lastSuccess
      seen.isAway = after.away !== undefined
    }
  }
  let reporting = Promise.resolve()
  const reportSoon = () => {
    // While the store is away nothing can be agreed on.
    reporting = reporting.then(report).catch((error) => {
      if (!(error instanceof StoreUnavailable))
        log.error({ event: 'webhook', err: error }, 'Accounts could not be watched.')
    })
    return reporting
  }
  const timer = setInterval(reportSoon, everyMs).unref()
  return {
    attempt(account, outcome) {
      const seen = seenOf(account)
      if (failing.has(outcome)) seen.lastFailure = outcome as FailureKind
      else seen.lastSuccess = now()
    },
    breakerState(account, state) {
      seenOf(account).isOpen = state !== 'closed'
    },
    report: reportSoon,
    async close() {
      clearInterval(timer)
      await reporting
    },
  }
}

async function tell({ store, left }: ReachReporterOptions, account: string, sighting: Sighting): Promise<Reach> {
  for (let turn = 0; turn < mostTurns; turn++) {
    const text = await store.reach(account)
    const { reach, change } = sight(text === undefined ? unseen : (JSON.parse(text) as Reach), sighting)
    const event = change && eventOf(account, change, sighting)
    if (!(await store.replaceReach(account, text, JSON.stringify(reach), event))) continue
    if (event !== undefined) left()
    return reach
  }
  throw new StoreUnavailable('Others change the same account all the time.')
}

function eventOf(account: string, { change, since, at }: ReachChange, { lastFailure }: Sighting): OutboxEvent {
  return {
    type: `account.${change}`,
    cause: `${account} ${since}`,
    at,
    data: {
      account,
      since: new Date(since).toISOString(),
      ...(lastFailure !== undefined && { lastFailure }),
    },
  }
}
