import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ClaimResult } from '../../src/services/store-port.ts'
import { isLongRun } from '../support/long-run.ts'
import { IdempotencyModel } from './idempotency-model.ts'
import { answerOf, claimOf, freshKey, type StoreUnderTest } from './store-under-test.ts'

/** Whole seconds, so that the milliseconds that pass by themselves decide nothing. */
const seconds = (...values: number[]) => fc.constantFrom(...values.map((value) => value * 1000))

/** `by`: which of the owners so far acts, counted from the last; so late ones act too. */
const by = fc.nat({ max: 2 })

const operation = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('claim' as const),
      fingerprint: fc.constantFrom('request-1', 'request-1', 'request-1', 'request-2'),
      leaseMs: seconds(10, 60),
      keepMs: seconds(20, 100),
      intent: fc.string(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('pass' as const), ms: seconds(3, 11, 45, 200) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('mark' as const), by, mark: fc.string() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('renew' as const), by, leaseMs: seconds(10, 60) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('complete' as const),
      by,
      resumable: fc.boolean(),
      body: fc.string(),
      ttlMs: seconds(20, 100),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('restore' as const),
      fingerprint: fc.constantFrom('request-1', 'request-2'),
      resumable: fc.boolean(),
      body: fc.string(),
      ttlMs: seconds(20, 100),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('release' as const), by }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('withdraw' as const), by }) },
)
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

/** Random histories of one key have the results that the model has. */
export function testHistories(subject: () => StoreUnderTest): void {
  test('has the results of the model', { timeout: isLongRun ? 300_000 : 60_000 }, async () => {
    const histories = fc.array(operation, { minLength: 1, maxLength: 40, size: 'max' })
    await fc.assert(
      fc.asyncProperty(histories, fc.string({ unit: 'binary' }), async (history, suffix) => {
        await replay(subject(), `${freshKey()}${suffix}`, history)
      }),
      { numRuns: isLongRun ? 3000 : 150 },
    )
  })
}

async function replay(subject: StoreUnderTest, key: string, history: readonly Operation[]): Promise<void> {
  const model = new IdempotencyModel()
  const { idempotency } = subject.store
  const owners: string[] = []
  for (const step of history) {
    const owner = 'by' in step ? (owners.at(-1 - step.by) ?? 'nobody') : ''
    switch (step.type) {
      case 'claim': {
        const { type: _, ...parts } = step
        const claim = claimOf(key, parts)
        owners.push(claim.owner)
        expectClaim(await idempotency.claim(claim), model.claim(claim))
        break
      }
      case 'pass':
        await subject.pass(key, step.ms)
        model.pass(step.ms)
        break
      case 'mark':
        expect(await idempotency.mark(key, owner, step.mark)).toBe(model.mark(owner, step.mark))
        break
      case 'renew':
        expect(await idempotency.renew(key, owner, step.leaseMs)).toBe(model.renew(owner, step.leaseMs))
        break
      case 'complete': {
        const answer = answerOf(step.body, { resumable: step.resumable })
        const expected = model.complete(owner, answer, step.ttlMs)
        expect(await idempotency.complete(key, owner, answer, step.ttlMs)).toBe(expected)
        break
      }
      case 'restore': {
        const { fingerprint } = claimOf(key, { fingerprint: step.fingerprint })
        const answer = answerOf(step.body, { resumable: step.resumable })
        const expected = model.restore(fingerprint, answer, step.ttlMs)
        expect(await idempotency.restore(key, fingerprint, answer, step.ttlMs)).toBe(expected)
        break
      }
      case 'release':
        expect(await idempotency.release(key, owner)).toBe(model.release(owner))
        break
      case 'withdraw':
        expect(await idempotency.withdraw(key, owner)).toBe(model.withdraw(owner))
    }
  }
}

/** Equal, but for the part of a second that the store's clock is ahead of the model's. */
function expectClaim(actual: ClaimResult, expected: ClaimResult): void {
  if (actual.kind !== 'running' || expected.kind !== 'running') {
    expect(actual).toEqual(expected)
    return
  }
  expect(actual.retryAfterMs).toBeLessThanOrEqual(expected.retryAfterMs)
  expect(actual.retryAfterMs).toBeGreaterThan(expected.retryAfterMs - 1000)
}
