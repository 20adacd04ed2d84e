import { describe, expect, test } from 'vitest'
import { type Attempt, attemptsOf } from '../../src/domain/attempt.ts'
import type { PolicySettings } from '../../src/providers/policies.ts'
import { answer, createAccount, lost, type Told } from './execute-account.ts'
import { createManualClock } from './execute-clock.ts'

/** What is noted of a call that meets these answers, the last one for ever: each attempt in one line. */
async function noted(
  told: readonly Told[],
  settings: Partial<PolicySettings> = {},
  how: { repeatable?: boolean; withinMs?: number } = {},
): Promise<readonly string[]> {
  const clock = createManualClock(0.5)
  const { account, call } = createAccount(clock, (n) => told[Math.min(n, told.length) - 1] as Told, settings)
  const calls: Attempt[] = []
  await clock.until(call({ ...how, calls: { ended: (last) => calls.push(last) } }))
  expect(calls).toHaveLength(1)
  expect(account.policies.slots.waiting).toBe(0)
  return attemptsOf(calls[0] as Attempt).map(lineOf)
}

function lineOf({ at, took, result, providerStatus, next, nextIn, breaker }: Attempt): string {
  return `${at}: ${breaker} ${result} ${providerStatus ?? '-'} in ${took ?? 'no'} ms, ${next} ${nextIn}`
}

describe('of each attempt it is noted when it went, how it ended and what came next', () => {
  test.each<[string, readonly Told[], Partial<PolicySettings>, { repeatable?: boolean; withinMs?: number }, string[]]>([
    ['a call that goes well', [{ ...answer(200), lasts: 30 }], {}, {}, ['0: closed ok - in 30 ms, done 0']],
    [
      'one that is mended',
      [{ ...answer(503), lasts: 10 }, answer(200)],
      {},
      {},
      ['0: closed unavailable 503 in 10 ms, again 100', '110: closed ok - in 0 ms, done 0'],
    ],
    [
      'one that fails to the end',
      [lost('unreachable')],
      { retries: 1 },
      {},
      ['0: closed unreachable - in 0 ms, again 100', '100: closed unreachable - in 0 ms, final 0'],
    ],
    [
      'one that would do harm a second time',
      [lost('timeout')],
      {},
      { repeatable: false },
      ['0: closed timeout - in 0 ms, not_repeatable 0'],
    ],
    ['one that nothing mends', [answer(422)], {}, {}, ['0: closed invalid 422 in 0 ms, final 0']],
    [
      'one whose deadline comes',
      [answer(503)],
      {},
      { withinMs: 110 },
      ['0: closed unavailable 503 in 0 ms, deadline 0'],
    ],
    ['one that had no time at all', [answer(200)], {}, { withinMs: 1 }, ['0: closed deadline - in no ms, deadline 0']],
    [
      'one that opens the breaker',
      [answer(503)],
      { breaker: { failureRate: 1, minimumCalls: 1, windowMs: 10_000, openMs: 10_000 } },
      {},
      ['0: closed unavailable 503 in 0 ms, breaker 0'],
    ],
  ])('%s', async (_, told, settings, how, expected) => {
    expect(await noted(told, settings, how)).toEqual(expected)
  })

  test('one that is not sent, since the breaker is open, or nobody has retries left', async () => {
    const clock = createManualClock(0.5)
    const breaker = { failureRate: 0.5, minimumCalls: 12, windowMs: 100_000, openMs: 10_000 }
    const { call } = createAccount(clock, () => answer(503), { breaker })
    const lines: string[] = []
    const calls = { ended: (last: Attempt) => lines.push(`${last.next} ${last.result} ${last.took ?? 'unsent'}`) }
    for (let made = 0; made < 9; made++) await clock.until(call({ calls }))
    expect(lines.slice(0, 2)).toEqual(['final unavailable 0', 'final unavailable 0'])
    expect(lines).toContain('retry_budget unavailable 0')
    expect(lines.at(-1)).toBe('breaker breakerOpen unsent')
  })
})

describe('what a call waits for', () => {
  test('is a place where all are taken, and the pace where there is one', async () => {
    const clock = createManualClock()
    const lasting = { ...answer(200), lasts: 300 }
    const waits = async (settings: Partial<PolicySettings>) => {
      const { call } = createAccount(clock, () => lasting, settings)
      const last: Attempt[] = []
      const calls = { ended: (one: Attempt) => last.push(one) }
      await clock.until(Promise.all([call({ calls }), call({ calls }), call({ calls })]))
      return last.map(({ waitedForPlace, waitedForPace }) => `${waitedForPlace} ${waitedForPace}`)
    }
    expect(await waits({ maxConcurrency: 1 })).toEqual(['0 0', '300 0', '600 0'])
    expect(await waits({ requestsPerSecond: 10 })).toEqual(['0 0', '0 0', '0 0'])
    expect(await waits({ requestsPerSecond: 1 })).toEqual(['0 0', '0 1000', '0 2000'])
    // While the first is under way no other could go, whatever the pace.
    expect(await waits({ requestsPerSecond: 1, maxConcurrency: 1 })).toEqual(['0 0', '300 700', '600 1400'])
  })
})
