import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { idempotencyMetrics } from '../../src/metrics/idempotency-metrics.ts'
import { type Idempotency, KeyRefused, LeaseLost } from '../../src/services/idempotency/idempotency.ts'
import { StoreUnavailable } from '../../src/services/store-port.ts'

const answer = { status: 207, headers: {}, body: Buffer.alloc(0), resumable: false }
const fails = (error: Error) => () => Promise.reject(error)
const answers = (replayed: 'true' | 'resumed' | undefined, stored: boolean) => async () => ({
  answer,
  replayed,
  stored,
})

const ends: readonly (readonly [result: string, run: Idempotency['run']])[] = [
  ['fresh', answers(undefined, true)],
  ['replayed', answers('true', true)],
  ['resumed', answers('resumed', true)],
  ['not_stored', answers(undefined, false)],
  ['in_progress', fails(new KeyRefused('running', 1))],
  ['in_progress', fails(new LeaseLost())],
  ['reused', fails(new KeyRefused('reused', 0))],
  ['unavailable', fails(new KeyRefused('unavailable', 1))],
  ['unavailable', fails(new StoreUnavailable('away'))],
  ['refused', fails(new Error('a problem of the caller'))],
]

test.each(ends)(
  'a keyed request that ends as %s counts as that alone, and the caller sees the same',
  async (result, run) => {
    const registry = new Registry()
    const inner = { run, close: async () => {} }
    const counted = idempotencyMetrics(registry)(inner)
    const outcome = (of: Idempotency) =>
      of
        .run({} as never, async () => ({ answer, keep: true }))
        .then(
          (value) => value,
          (error) => error,
        )
    expect(await outcome(counted)).toEqual(await outcome(inner))
    const counts = [...(await registry.metrics()).matchAll(/result="(\w+)"\} (\d+)/g)].filter(
      ([, , count]) => count !== '0',
    )
    expect(counts.map(([, name, count]) => [name, count])).toEqual([[result, '1']])
  },
)
