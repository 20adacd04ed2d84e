import type { Scope } from './client.ts'

/** What callers are told of by themselves. */
export const callerEventTypes = [
  'import.finished',
  'erasure.finished',
  'erasure.needs_person',
  'suppressions.changed',
  'account.unavailable',
  'account.recovered',
  'account.changed',
  'test',
] as const
export type CallerEventType = (typeof callerEventTypes)[number]

/** A test goes to every endpoint, and is ordered by nobody. */
export type OrderedEventType = Exclude<CallerEventType, 'test'>
export const orderedEventTypes = callerEventTypes.filter((type): type is OrderedEventType => type !== 'test')

/** The scope that a client needs to be told of each; `undefined`: any will do, and its accounts count. */
export const scopeOfEvent: Readonly<Record<OrderedEventType, Scope | undefined>> = {
  'import.finished': 'imports',
  'erasure.finished': 'erasures',
  'erasure.needs_person': 'erasures',
  'suppressions.changed': 'suppressions:read',
  'account.unavailable': undefined,
  'account.recovered': undefined,
  'account.changed': undefined,
}
