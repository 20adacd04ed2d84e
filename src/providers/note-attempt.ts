import type { Attempt } from '../domain/attempt.ts'
import type { Failure } from '../domain/failure.ts'
import type { OperationName } from './adapter-port.ts'
import type { Clock } from './clock.ts'

/** Calls that are about a list, or whoever is on it. */
const ofNobody: ReadonlySet<OperationName> = new Set(['listContacts', 'ensureList'])

/** How many a call is about. */
export function peopleIn(name: OperationName, input: unknown): number {
  if (ofNobody.has(name)) return 0
  const { contacts, keys } = input as { readonly contacts?: readonly unknown[]; readonly keys?: readonly unknown[] }
  return (contacts ?? keys)?.length ?? 1
}

export function noteFailure(attempt: Attempt, { kind, provider }: Failure): void {
  attempt.result = kind
  attempt.providerStatus = provider?.status
  attempt.providerCode = provider?.code
}

/** Work that nobody waits for lets others go first. */
export async function noteGivingWay(waiting: Promise<void>, attempt: Attempt, clock: Clock): Promise<void> {
  const since = clock.now()
  await waiting
  attempt.gaveWay = clock.now() - since
}

/** `before` and `after`: for how long in all the account had no place free; `undefined` where it has no pace. */
export function noteWait(attempt: Attempt, ms: number, before: number | undefined, after: number | undefined): void {
  attempt.waitedForPlace = before === undefined || after === undefined ? ms : Math.min(ms, after - before)
  attempt.waitedForPace = ms - attempt.waitedForPlace
}
