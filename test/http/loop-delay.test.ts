import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { LoopDelay } from '../../src/http/hooks/loop-delay.ts'

const sampleMs = 100
let delay: LoopDelay
afterEach(() => delay.close())

/** Takes the event loop for so long, some times over. */
async function beLate(ms: number, times = 5): Promise<void> {
  for (let time = 0; time < times; time++) {
    for (const end = performance.now() + ms; performance.now() < end; );
    await sleep(15)
  }
}

test('what keeps the event loop is measured while somebody asks', async () => {
  delay = new LoopDelay(sampleMs)
  expect(delay.meanMs).toBe(0)
  await expect
    .poll(async () => {
      await beLate(40)
      return delay.meanMs
    })
    .toBeGreaterThan(5)
  expect(delay.read().p99Ms).toBeGreaterThan(20)
})

test('nothing is measured any more when nobody has asked for ten samples', async () => {
  delay = new LoopDelay(sampleMs)
  expect(delay.meanMs).toBe(0)
  await sleep(15 * sampleMs)
  delay.read()
  await beLate(40)
  expect(delay.read()).toEqual({ meanMs: 0, p99Ms: 0 })
})

test('what is asked again after a rest is measured again', async () => {
  delay = new LoopDelay(sampleMs)
  expect(delay.meanMs).toBe(0)
  await sleep(15 * sampleMs)
  await expect
    .poll(async () => {
      const asked = delay.meanMs
      await beLate(40)
      return asked
    })
    .toBeGreaterThan(5)
})
