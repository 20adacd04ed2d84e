import { performance } from 'node:perf_hooks'
import { setImmediate as setImmediateTurn, setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { YieldToCallers } from '../../src/imports/rows/yield-to-callers.ts'
import { ImportContext } from '../../src/imports/work/import-context.ts'

const log = { debug() {}, error() {} }

function beBusy(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

/** Four imports at work for a while; how often each had its turn, and how much of the time the loop was busy. */
async function work(turnOf: () => Promise<void> | undefined, ms: number, pieceMs: number) {
  const before = performance.eventLoopUtilization()
  const until = performance.now() + ms
  const workers = Array.from({ length: 4 }, async () => {
    let yielding = 0
    for (; performance.now() < until; yielding++) {
      await turnOf()
      beBusy(pieceMs)
      await new Promise((resolve) => setImmediate(resolve))
    }
    return yielding
  })
  return { yielding: await Promise.all(workers), ...performance.eventLoopUtilization(before) }
}

describe('work that is done alone', () => {
  it('is done one after the other, in the order in which it came, whether or not one fails', async () => {
    const yielding = new YieldToCallers()
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const begun: number[] = []
    const all = [first.promise, second.promise, Promise.resolve()].map((work, number) =>
      yielding.alone(() => {
        begun.push(number)
        return work.then(() => number)
      }),
    )
    await setImmediateTurn()
    expect(begun).toEqual([0])
    first.reject(new Error('refused'))
    await expect(all[0]).rejects.toThrow('refused')
    await setImmediateTurn()
    expect(begun).toEqual([0, 1])
    second.resolve()
    expect(await all[2]).toBe(2)
  })
})

describe('import work', () => {
  it('has the event loop to itself while nobody waits for an answer', async () => {
    const yielding = new YieldToCallers()
    expect((await work(() => yielding.own(), 500, 1)).utilization).toBeGreaterThan(0.9)
    expect(yielding.giveWay()).toBeUndefined()
  })

  it.each(['own', 'giveWay'] as const)('leaves half of it idle while requests come (%s)', async (way) => {
    const yielding = new YieldToCallers()
    yielding.attend()
    const busy = await work(() => yielding[way](), 900, 1)
    expect(busy.utilization).toBeLessThan(0.6)
    // Where other processes hold this one up, timers come late.
    expect(busy.utilization).toBeGreaterThan(0.1)
    const [fewest, most] = [Math.min(...busy.yielding), Math.max(...busy.yielding)]
    expect(most - fewest).toBeLessThanOrEqual(1)
  })

  it('adds up what pieces of less than a timer can tell take', async () => {
    const yielding = new YieldToCallers()
    yielding.attend()
    expect((await work(() => yielding.giveWay(), 900, 0.1)).utilization).toBeLessThan(0.6)
  })

  it('goes on, slowly, while requests alone keep the loop busy', async () => {
    const yielding = new YieldToCallers()
    const until = performance.now() + 1_000
    const requests = (async () => {
      while (performance.now() < until) {
        yielding.attend()
        beBusy(5)
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    const { yielding: had } = await work(() => yielding.own(), 900, 1)
    await requests
    expect(Math.min(...had)).toBeGreaterThanOrEqual(2)
    expect(Math.max(...had)).toBeLessThanOrEqual(10)
  })

  it('may wait as long for its last call as for its first', async () => {
    const context = new ImportContext(log, new YieldToCallers())
    const first = context.deadlineAt
    await sleep(20)
    expect(context.deadlineAt - first).toBeGreaterThanOrEqual(19)
  })
})
