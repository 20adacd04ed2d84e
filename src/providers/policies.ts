import type { BreakerState } from '../domain/breaker-state.ts'
import type { FailureKind } from '../domain/failure.ts'
import type { ListTarget } from './adapter-port.ts'
import { AlikeRefusals } from './alike-refusals.ts'
import { BatchSizes } from './batch-sizes.ts'
import { Breaker, type BreakerOptions } from './breaker.ts'
import { type ChangeWatch, type ChangeWatchOptions, createChangeWatch } from './change-watch.ts'
import { type Clock, systemClock } from './clock.ts'
import { DriftWatch } from './drift-watch.ts'
import { createPace, type Pace, withSubstitute } from './pace.ts'
import { PersonWriters, type WriterLeases } from './person-writers.ts'
import { ReachWatch } from './reach-watch.ts'
import type { DriftKind } from './reading/drift.ts'
import { RetryPolicy } from './retry-policy.ts'
import { Slots } from './slots.ts'

/** `at`: when the provider said so, on the account's clock. */
export type NamedTarget = { readonly target: ListTarget; readonly at: number }

/** What bounds the calls to one account. Made when the account is connected; nothing of it is made per call. */
export type CallPolicies = {
  readonly slots: Slots
  readonly breaker: Breaker
  readonly retries: RetryPolicy
  readonly writers: PersonWriters
  readonly drift: DriftWatch
  /** Absent: the account was not verified, or nothing of it shows again. */
  readonly changes: ChangeWatch | undefined
  readonly reach: ReachWatch
  readonly sizes: BatchSizes
  readonly alike: AlikeRefusals
  /** Targets of lists as the provider named them when they were made, by the configured ones. */
  readonly namedTargets: WeakMap<ListTarget, NamedTarget>
  readonly clock: Clock
  readonly observer: CallObserver | undefined
}

/** Told of what happens to calls, for metrics. Must not throw. */
export type CallObserver = {
  /** An attempt ended: `ok` or its failure, after so many milliseconds. */
  attempt(account: string, operation: string, outcome: FailureKind | 'ok', ms: number): void
  /** A call will be sent again after this failure. */
  retry(account: string, operation: string, cause: FailureKind): void
  breakerState(account: string, state: BreakerState): void
  /** An answer was not as documented, and was read all the same. */
  drift?(account: string, operation: string, kind: DriftKind): void
  /** The form of one such answer, or a header by which a change is announced: each once a day. No value is in it. */
  shape?(account: string, operation: string, kind: string, shape: string): void
  /** An answer contradicts what this probe has settled. */
  changed?(account: string, probe: string): void
}

export type PolicySettings = {
  readonly id: string
  readonly maxConcurrency: number
  readonly timeoutMs: number
  readonly retries: number
  readonly requestsPerSecond: number | undefined
  readonly breaker: Omit<BreakerOptions, 'silentCalls'>
}

export type PolicySurroundings = {
  readonly clock?: Clock
  readonly observer?: CallObserver | undefined
  /** How replicas agree on who writes a person; without it each is alone. */
  readonly leases?: WriterLeases | undefined
  /** What calls have settled of the account's provider, and which answers show it again. */
  readonly settled?: Pick<ChangeWatchOptions, 'watched' | 'settled'> | undefined
  /** Told once a day of each thing that answers show otherwise than it was settled. */
  readonly onAccountChanged?: ChangeWatchOptions['onChange']
  /** The pace that all replicas share; without it each has its own. */
  readonly sharedPace?: ((account: string, requestsPerSecond: number) => Pace) | undefined
}

/** Longer lines than this many calls for each place are refused: their deadline would come before their turn. */
const lineLengthPerPlace = 250
/** This many calls in a row without an answer are no accident, however slow the account is. */
const fewestSilentCalls = 3

/** Makes the policies of one account. */
export function createPolicies(settings: PolicySettings, surroundings: PolicySurroundings = {}): CallPolicies {
  const { id, maxConcurrency, retries, breaker } = settings
  const { clock = systemClock, observer, leases, settled, onAccountChanged } = surroundings
  const pace = paceFor(settings, surroundings, clock)
  return {
    slots: new Slots(maxConcurrency, maxConcurrency * lineLengthPerPlace, pace && { pace, clock }),
    breaker: new Breaker(
      { ...breaker, silentCalls: silentCallsOf(settings) },
      clock,
      observer && ((state) => observer.breakerState(id, state)),
    ),
    retries: new RetryPolicy(retries, clock),
    writers: new PersonWriters(id, clock, leases),
    drift: new DriftWatch(id, clock, observer?.drift, observer?.shape),
    changes:
      settled &&
      createChangeWatch({ account: id, ...settled, clock, count: observer?.changed, onChange: onAccountChanged }),
    reach: new ReachWatch(id),
    sizes: new BatchSizes(),
    alike: new AlikeRefusals(clock),
    namedTargets: new WeakMap(),
    clock,
    observer,
  }
}

/** Calls that all last until their timeout may be too few in a window for the breaker's minimum. */
function silentCallsOf({ maxConcurrency, timeoutMs, breaker }: PolicySettings): number {
  const possible = Math.floor((maxConcurrency * breaker.windowMs) / timeoutMs)
  return possible < breaker.minimumCalls ? Math.max(fewestSilentCalls, possible) : Number.POSITIVE_INFINITY
}

function paceFor(
  { id, requestsPerSecond }: PolicySettings,
  { sharedPace }: PolicySurroundings,
  clock: Clock,
): Pace | undefined {
  if (requestsPerSecond === undefined) return undefined
  const own = createPace(requestsPerSecond, clock)
  return sharedPace === undefined ? own : withSubstitute(sharedPace(id, requestsPerSecond), own)
}
