import { vi } from 'vitest'
import type { Adapter } from '../../src/providers/adapter-port.ts'
import type { ProbeSet, TestPeople } from '../../src/providers/probing.ts'
import { openChannel } from '../../src/transport/connect.ts'
import type { Journal, Surroundings } from '../../src/verify/make-calls.ts'
import { openWays } from '../../src/verify/open-account.ts'
import { type Run, runVerification } from '../../src/verify/run-verification.ts'

export const mark = 'cgw-verify-20261130'

/** Waits by moving the clock of this process: the simulators, which are in it, grow older with it. */
export const movingClock: Surroundings['clock'] = {
  now: () => Date.now(),
  sleep: async (ms) => {
    vi.setSystemTime(Date.now() + ms)
  },
}

export function useMovingClock(): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
}

export const forgetful: Journal = { writing: () => {}, made: () => {} }

/** Verifies one account at a simulator that listens. Without a journal nothing is written. */
export async function verify(
  adapter: Adapter,
  baseUrl: string,
  credentials: Record<string, string>,
  people: Partial<TestPeople> & Pick<TestPeople, 'phones'>,
  {
    journal = forgetful,
    onCall,
    ...surroundings
  }: { journal?: Journal | undefined; onCall?: (step: string) => void } & Partial<Surroundings> = {},
): Promise<Run> {
  const ways = openWays(adapter, credentials, 5_000, (authHeaders) =>
    openChannel({ baseUrl, authHeaders, secrets: Object.values(credentials), maxConcurrency: 1 }),
  )
  try {
    return await runVerification(
      adapter.probes as ProbeSet,
      { emails: [], sizes: false, mark, made: [], written: [], ...people },
      {
        send: ways.send,
        clock: movingClock,
        paceMs: 1_000,
        tell: ({ id }) => onCall?.(id),
        signal: new AbortController().signal,
        ...surroundings,
      },
      journal,
    )
  } finally {
    await ways.close()
  }
}

/** What was settled, by probe. */
export function seenBy({ settled }: Pick<Run, 'settled'>): Record<string, string> {
  return Object.fromEntries(settled.flatMap(({ id, seen }) => (seen === undefined ? [] : [[id, seen]])))
}

/** The probes that see something else than they did before; what is not settled is seen by nobody. */
export function changedProbes(before: Record<string, string>, after: Record<string, string>): string[] {
  return Object.keys(after)
    .filter((id) => after[id] !== before[id])
    .toSorted()
}
