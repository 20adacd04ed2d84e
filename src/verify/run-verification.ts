import type { ProbeSet, Settled, TestPeople } from '../providers/probing.ts'
import { type CallRecord, Calls, type Journal, type Stop, type Surroundings } from './make-calls.ts'
import { type ClockReading, readClock } from './read-clock.ts'

/** What a run came to. */
export type Run = {
  readonly calls: readonly CallRecord[]
  readonly settled: readonly Settled[]
  readonly clock: ClockReading
  /** Header names that announce a change of the interface. */
  readonly announced: readonly string[]
  /** Whether anything was written. */
  readonly wrote: boolean
  readonly stop: Stop | undefined
  /** What may still be there of it; a sentence. */
  readonly left: string | undefined
}

/**
 * Makes the calls of a set, those that write only with a journal, tidies up, and asks the probes. A run that was
 * stopped, or a call without an answer, leaves probes unsettled; none of them guesses.
 */
export async function runVerification(
  set: ProbeSet,
  people: TestPeople,
  surroundings: Surroundings,
  journal: Journal | undefined,
): Promise<Run> {
  const calls = new Calls(people, surroundings, journal)
  const steps = journal === undefined ? set.steps.filter(({ writes }) => !writes) : set.steps
  const stop = await calls.run(steps)
  const tidying = journal === undefined || !hasWritten(set, calls) ? undefined : await tidyUp(set, calls)
  return resultOf(set, calls, stop, tidying)
}

/** Finishes what an interrupted run has left; asks no probes. */
export async function cleanUp(
  set: ProbeSet,
  people: TestPeople,
  surroundings: Surroundings,
  journal: Journal,
): Promise<Run> {
  const calls = new Calls(people, surroundings, journal)
  const tidying = await tidyUp(set, calls)
  return { ...resultOf(set, calls, undefined, tidying), settled: [] }
}

async function tidyUp(set: ProbeSet, calls: Calls): Promise<{ readonly left: string | undefined }> {
  for (;;) {
    const steps = set.cleanUp(calls.said).filter(({ id }) => !calls.said.wasAsked(id))
    if (steps.length === 0) return { left: set.left(calls.said) }
    const stop = await calls.run(steps, true)
    if (stop !== undefined) return { left: stop.says }
  }
}

function hasWritten({ steps }: ProbeSet, calls: Calls): boolean {
  const writing = new Set(steps.filter(({ writes }) => writes).map(({ id }) => id))
  return calls.records.some(({ step, method }) => method !== 'GET' && writing.has(step))
}

function resultOf(
  set: ProbeSet,
  calls: Calls,
  stop: Stop | undefined,
  tidying: { readonly left: string | undefined } | undefined,
): Run {
  const { said, records } = calls
  return {
    calls: records,
    settled: set.probes.map((probe): Settled => {
      const seen = probe.read(said)
      return seen === undefined ? { id: probe.id } : { id: probe.id, seen }
    }),
    clock: readClock(calls.clocks[0]),
    announced: ['deprecation', 'sunset'].filter((name) => records.some(({ headers }) => headers.includes(name))),
    wrote: hasWritten(set, calls),
    stop,
    left: tidying?.left,
  }
}
