import { expect, test } from 'vitest'
import type { FailureKind } from '../../src/domain/failure.ts'
import { RetryPolicy } from '../../src/providers/retry-policy.ts'
import { createManualClock } from './execute-clock.ts'

/** What became of a call whose answer did not come: when the provider is asked, and when the call is sent again. */
test('a question that failed is the last, until a call succeeds', () => {
  const policy = new RetryPolicy(2, createManualClock())
  expect(policy.isWorthAsking).toBe(true)
  policy.questionFailed({ kind: 'unavailable' })
  expect(policy.isWorthAsking).toBe(false)
  policy.succeeded(2)
  expect(policy.isWorthAsking).toBe(true)
})

test('… or until a minute has passed: a provider whose writes alone are lost is asked again', async () => {
  const clock = createManualClock()
  const policy = new RetryPolicy(2, clock)
  policy.questionFailed({ kind: 'timeout' })
  await clock.advance(59_999)
  expect(policy.isWorthAsking).toBe(false)
  await clock.advance(1)
  expect(policy.isWorthAsking).toBe(true)
})

test.each<FailureKind>(['breakerOpen', 'busy', 'deadline'])(
  'a question that was not sent (%s) says nothing',
  (kind) => {
    const policy = new RetryPolicy(2, createManualClock())
    policy.questionFailed({ kind })
    expect(policy.isWorthAsking).toBe(true)
  },
)

test('lost calls are sent again within the budget: five on credit, then each fifth', () => {
  const policy = new RetryPolicy(2, createManualClock())
  const sent = Array.from({ length: 100 }, () => policy.maySendLostCall()).filter((may) => may)
  expect(sent).toHaveLength(20)
})
