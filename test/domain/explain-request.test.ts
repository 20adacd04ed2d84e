import { describe, expect, test } from 'vitest'
import { Attempt } from '../../src/domain/attempt.ts'
import { CallsMade, mostCallsTold } from '../../src/domain/calls-made.ts'
import { explain, mostExplanationBytes } from '../../src/domain/explain-request.ts'
import type { AnsweredRequest } from '../../src/domain/explanation.ts'
import type { FailureKind } from '../../src/domain/failure.ts'

const known: Omit<AnsweredRequest, 'calls' | 'outcomes'> = {
  id: 'request-1',
  client: 'crm',
  method: 'POST',
  route: '/lists/{listId}/contacts',
  status: 207,
  receivedAt: '2026-11-30T10:00:00.000Z',
  durationMs: 10,
  deadlineMs: 15_000,
  replica: 'one',
  idempotency: { result: 'none' },
  startedAt: 1_000,
}

type Made = Partial<Pick<Attempt, 'at' | 'took' | 'providerStatus' | 'providerCode' | 'waitedForPlace' | 'next'>>

/** A call, by how each of its attempts ended. */
function callOf(account: string, results: readonly (FailureKind | 'ok')[], made: Made = {}): Attempt {
  let last: Attempt | undefined
  for (const [place, result] of results.entries()) {
    last = new Attempt(account, 'addContacts', 3, last, true)
    const isLast = place === results.length - 1
    Object.assign(last, { at: 1_000 + place * 100, took: 20, ...made, result })
    last.next = isLast ? (result === 'ok' ? 'done' : (made.next ?? 'final')) : 'again'
    if (!isLast) last.nextIn = 230
  }
  return last as Attempt
}

function explained(calls: readonly Attempt[], more: Partial<AnsweredRequest> = {}) {
  const made = new CallsMade()
  for (const call of calls) made.ended(call)
  return explain({ ...known, calls: made, outcomes: [], ...more })
}

describe('an explanation', () => {
  test('tells each attempt from when the request came, in the order of the calls', () => {
    const { accounts, head } = explained([
      callOf('one', ['ok'], { at: 1_050, providerStatus: 200 }),
      callOf('one', ['unavailable', 'ok'], { providerStatus: 503, waitedForPlace: 40 }),
    ])
    expect(accounts[0]?.calls.map(({ attempts }) => attempts.map(({ atMs }) => atMs))).toEqual([[0, 100], [50]])
    expect(accounts[0]?.calls[0]?.attempts[0]).toEqual({
      atMs: 0,
      waitedMs: { place: 40, pace: 0 },
      breaker: 'closed',
      tookMs: 20,
      result: 'unavailable',
      providerStatus: 503,
      next: 'again',
      nextInMs: 230,
    })
    expect(head.explanation).toEqual(['one answered 503 once and was asked again after 230 ms.'])
  })

  test('has the worst calls of each account, and counts the others', () => {
    const good = Array.from({ length: 3_000 }, () => callOf('one', ['ok']))
    const calls = [
      ...good.slice(0, 1_500),
      callOf('one', ['timeout'], { next: 'not_repeatable' }),
      ...good.slice(1_500),
    ]
    const { accounts, accountsLeftOut } = explained([...calls, callOf('two', ['ok'])])
    expect(accountsLeftOut).toBe(0)
    expect(accounts.map(({ callsLeftOut, calls }) => callsLeftOut + calls.length)).toEqual([3_001, 1])
    expect(accounts[0]?.calls).toHaveLength(mostCallsTold)
    expect(accounts[0]?.calls.filter(({ attempts }) => attempts[0]?.result === 'timeout')).toHaveLength(1)
  })

  test.each([
    [1, 200],
    [30, 60],
    [1_000, 2],
  ])(
    'of %i accounts with %i calls each that all failed six times is at most 16 KB, and says what is left out',
    (accounts, calls) => {
      const all = Array.from({ length: accounts }, (_, account) =>
        Array.from({ length: calls }, () =>
          callOf(`account-${account}`, Array<FailureKind>(6).fill('unavailable'), {
            providerStatus: 503,
            providerCode: `${'error_'.repeat(10)}fail`,
          }),
        ),
      ).flat()
      const { head, accounts: told, accountsLeftOut } = explained(all)
      expect(Buffer.byteLength(JSON.stringify({ ...head, accounts: told, accountsLeftOut }))).toBeLessThan(
        mostExplanationBytes,
      )
      expect(told.length + accountsLeftOut).toBe(accounts)
      for (const { callsLeftOut, calls: shown } of told) expect(callsLeftOut + shown.length).toBe(calls)
      expect(head.explanation.length).toBeLessThanOrEqual(10)
    },
  )

  test('says ten things at most, and that there is more', () => {
    const outcomes = Array.from({ length: 40 }, (_, place) => ({ account: `account-${place}`, status: 'failed' }))
    const { head } = explained([], { outcomes })
    expect(head.explanation).toHaveLength(10)
    expect(head.explanation[0]).toBe('1 contact was not brought to account-0.')
    expect(head.explanation.at(-1)).toBe('There is more: 31 sentences are left out.')
  })

  test.each([
    ['deadline', 'no time was left before the deadline'],
    ['retry_budget', 'the retries of the account are used up for now'],
    ['not_repeatable', 'a second time would do harm'],
    ['breaker', 'the account is not called for a while'],
    ['final', 'as often as is configured'],
  ] as const)('says in words why nothing more was tried: %s', (next, words) => {
    expect(explained([callOf('one', ['timeout'], { next })]).head.explanation.join()).toContain(words)
  })

  test.each(['+33612345678', '0612345678', 'jane@example.com', 'Jane Smith', 'x'.repeat(65), 'a\nb', ''])(
    'has no code of a provider that is a text, or an address: %j',
    (providerCode) => {
      const { accounts, head } = explained([callOf('one', ['invalid'], { providerCode, providerStatus: 422 })])
      expect(accounts[0]?.calls[0]?.attempts[0]).not.toHaveProperty('providerCode')
      if (providerCode !== '') expect(JSON.stringify([head, accounts])).not.toContain(providerCode)
    },
  )
})
