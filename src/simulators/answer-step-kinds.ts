import type { Answer, Wire } from './answer.ts'
import type { Check } from './checks.ts'
import type { Place } from './json-places.ts'

/** An answer while it is being changed; `body` is a copy, so it may be changed in place. */
export interface Draft extends Required<Pick<Answer, 'status' | 'headers'>> {
  body?: unknown
  text?: string
  wire: Wire
}

/**
 * What a step does to an answer. `wire`: how it travels; `status`: another code; `shape`: the same information in
 * another form; `words`: other words for it; `damage`: information is lost or wrong; `failure`: the answer says that it
 * is an error.
 */
export const stepGroups = ['wire', 'status', 'shape', 'words', 'damage', 'failure'] as const
export type StepGroup = (typeof stepGroups)[number]

/** One kind of step. All are assumed: no document says that the provider answers so. */
export interface StepKind {
  group: StepGroup
  value: Check
  /** Values that random changes choose from, and that the tests try. */
  samples: readonly unknown[]
  /** Absent: the step takes no `at`. */
  at?: {
    /** The places that it suits; where there is no `at`, it is done there. */
    fits: (value: unknown, key: string | number) => boolean
    /** Without `at`: done at every place that fits, at the first, or refused. */
    without: 'all' | 'first' | 'refused'
  }
  /** In words, for the list of behaviours. */
  does: string
  apply: (draft: Draft, value: never, place: Place) => void
}

export type StepKinds = Readonly<Record<string, StepKind>>
