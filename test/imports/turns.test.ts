import { performance } from 'node:perf_hooks'
import { setImmediate as setImmediateTurn, setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ImportContext } from '../../src/imports/import-context.ts'
import { Turns } from '../../src/imports/yield-to-callers.ts'

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
    let turns = 0
    for (; performance.now() < until; turns++) {
      await turnOf()
      beBusy(pieceMs)
      await new Promise((resolve) => setImmediate(resolve))
    }
    return turns
  })
  return { turns: await Promise.all(workers), ...performance.eventLoopUtilization(before) }
}

describe('work that is done alone', () => {
  it('is done one after the other, in the order in which it came, whether or not one fails', async () => {
    const turns = new Turns()
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const begun: number[] = []
    const all = [first.promise, second.promise, Promise.resolve()].map((work, number) =>
      turns.alone(() => {
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
    const turns = new Turns()
    expect((await work(() => turns.own(), 500, 1)).utilization).toBeGreaterThan(0.9)
    expect(turns.giveWay()).toBeUndefined()
  })

  it.each(['own', 'giveWay'] as const)('leaves half of it idle while requests come (%s)', async (way) => {
    const turns = new Turns()
    turns.attend()
    const busy = await work(() => turns[way](), 900, 1)
    expect(busy.utilization).toBeLessThan(0.6)
    // Where other processes hold this one up, timers come late.
    expect(busy.utilization).toBeGreaterThan(0.15)
    const [fewest, most] = [Math.min(...busy.turns), Math.max(...busy.turns)]
    expect(most - fewest).toBeLessThanOrEqual(1)
  })

  it('adds up what pieces of less than a timer can tell take', async () => {
    const turns = new Turns()
    turns.attend()
    expect((await work(() => turns.giveWay(), 900, 0.1)).utilization).toBeLessThan(0.6)
  })

  it('goes on, slowly, while requests alone keep the loop busy', async () => {
    const turns = new Turns()
    const until = performance.now() + 1_000
    const requests = (async () => {
      while (performance.now() < until) {
        turns.attend()
        beBusy(5)
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    const { turns: had } = await work(() => turns.own(), 900, 1)
    await requests
    expect(Math.min(...had)).toBeGreaterThanOrEqual(2)
    expect(Math.max(...had)).toBeLessThanOrEqual(10)
  })

  it('may wait as long for its last call as for its first', async () => {
    const context = new ImportContext(log, new Turns())
    const first = context.deadlineAt
    await sleep(20)
    expect(context.deadlineAt - first).toBeGreaterThanOrEqual(19)
  })
})
