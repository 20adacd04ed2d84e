import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ActivityPart, addPart, mergeParts, quantile } from '../../src/domain/activity.ts'

const bounds = [10, 25, 50, 100, 250, 500, 1_000]

function bucketsOf(values: readonly number[]): number[] {
  const buckets = Array<number>(bounds.length + 1).fill(0)
  for (const value of values) {
    const place = bounds.findIndex((bound) => value <= bound)
    const at = place === -1 ? bounds.length : place
    buckets[at] = (buckets[at] as number) + 1
  }
  return buckets
}

test('a quantile lies in the bucket in which the value lies that so many do not exceed', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 300 }), (values) => {
      const exact = values.toSorted((one, other) => one - other)[Math.ceil(0.95 * values.length) - 1] as number
      const upper = bounds.find((bound) => exact <= bound) as number
      const lower = bounds[bounds.indexOf(upper) - 1] ?? 0
      const found = quantile(0.95, bucketsOf(values), bounds) as number
      expect(found).toBeGreaterThanOrEqual(lower)
      expect(found).toBeLessThanOrEqual(upper)
    }),
  )
  expect(quantile(0.95, [], bounds)).toBeUndefined()
  expect(quantile(0.95, bucketsOf([5_000]), bounds)).toBe(1_000)
})

test('the 95th percentile of all replicas is that of all their calls, however they are divided among them', () => {
  const part = fc.array(fc.integer({ min: 1, max: 2_000 }), { maxLength: 50 })
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (replicas) => {
      const parts = replicas.map(
        (values): ActivityPart => ({
          calls: values.length === 0 ? {} : { ok: values.length },
          buckets: bucketsOf(values),
          waiting: 1,
          breaker: 'closed',
        }),
      )
      const { calls, p95Ms, waiting } = mergeParts(parts, bounds)
      const all = replicas.flat()
      expect([calls.ok ?? 0, p95Ms, waiting]).toEqual([
        all.length,
        quantile(0.95, bucketsOf(all), bounds),
        replicas.length,
      ])
    }),
  )
})

test('of a minute the longest line and the worst breaker count, and nothing where nobody was', () => {
  const one: ActivityPart = { calls: { ok: 1 }, buckets: [1], waiting: 4, breaker: 'half-open' }
  const more: ActivityPart = { calls: { ok: 2, timeout: 1 }, buckets: [2, 1], waiting: 1, breaker: 'closed' }
  expect(addPart(one, more)).toEqual({
    calls: { ok: 3, timeout: 1 },
    buckets: [3, 1],
    waiting: 4,
    breaker: 'half-open',
  })
  expect(mergeParts([one, { ...more, breaker: 'open' }], bounds).breaker).toBe('open')
  expect(mergeParts([], bounds)).toEqual({ calls: {} })
})
