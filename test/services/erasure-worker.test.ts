import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startErasureWorker } from '../../src/services/erasures/erasure-worker.ts'

const log = { debug: () => {}, error: () => {} }
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Erasures of which so many steps are due, and a worker on them. */
function started({ due = 0, hasWork = false }: { due?: number; hasWork?: boolean } = {}) {
  const state = { due, hasWork, looks: 0, isFailing: false }
  let call = () => {}
  const worker = startErasureWorker(
    {
      purge: async () => {},
      workOff: async () => {
        state.looks++
        if (state.isFailing) throw new Error('a hiccup')
        state.due--
        return state.due >= 0
      },
      hasWork: async () => state.hasWork,
      onWork: (given) => {
        call = given
      },
    },
    log,
  )
  return { state, worker, begin: () => call() }
}

test('hardly wakes up while there is nothing to do, and looks every second while there is', async () => {
  const { state, worker } = started()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(state.looks).toBeGreaterThanOrEqual(6)
  expect(state.looks).toBeLessThanOrEqual(9)
  state.hasWork = true
  await vi.advanceTimersByTimeAsync(10_000)
  const before = state.looks
  await vi.advanceTimersByTimeAsync(10_000)
  expect(state.looks - before).toBe(10)
  await worker.close()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(state.looks - before).toBe(10)
})

test('does at once what its own process begins, also while it looks', async () => {
  const { state, worker, begin } = started()
  await vi.advanceTimersByTimeAsync(100)
  state.due = 3
  begin()
  begin()
  await vi.advanceTimersByTimeAsync(10)
  expect(state.due).toBeLessThan(0)
  await worker.close()
  begin()
  const looks = state.looks
  await vi.advanceTimersByTimeAsync(60_000)
  expect(state.looks).toBe(looks)
})

test('what fails is tried again a second later', async () => {
  const { state, worker } = started()
  state.isFailing = true
  await vi.advanceTimersByTimeAsync(3_000)
  expect(state.looks).toBeGreaterThanOrEqual(3)
  await worker.close()
})
