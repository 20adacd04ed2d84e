import { describe, expect, test } from 'vitest'
import { createPace, paceOf, withSubstitute } from '../../src/providers/pace.ts'
import { Slots } from '../../src/providers/slots.ts'
import { answer, createAccount } from './execute-account.ts'
import { createManualClock } from './execute-clock.ts'

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('places', () => {
  /** Takes all places with calls of one kind, lets others wait, and frees one at a time. */
  async function turns(limit: number, holders: ('interactive' | 'import')[], waiting: ('interactive' | 'import')[]) {
    const slots = new Slots(limit, 100)
    for (const holder of holders) expect(slots.take(1_000, holder)).toBe(true)
    const came: string[] = []
    for (const priority of waiting) void Promise.resolve(slots.take(10_000, priority)).then(() => came.push(priority))
    const places = [...holders]
    while (came.length < waiting.length) {
      slots.free(places.shift())
      await settled()
      places.push(came.at(-1) as 'interactive' | 'import')
    }
    return came
  }

  test('interactive calls come first, and imports come forward all the same', async () => {
    const waiting = [...Array<'import'>(4).fill('import'), ...Array<'interactive'>(12).fill('interactive')]
    const came = await turns(2, ['interactive', 'interactive'], waiting)
    expect(came.slice(0, 3)).toEqual(['interactive', 'interactive', 'interactive'])
    expect(came.slice(0, 12).filter((priority) => priority === 'import')).toHaveLength(3)
  })

  test('imports take no more than half of the places while interactive calls wait', async () => {
    const slots = new Slots(4, 100)
    for (let taken = 0; taken < 4; taken++) slots.take(1_000, 'import')
    const came: string[] = []
    for (let waiting = 0; waiting < 40; waiting++)
      for (const priority of ['import', 'interactive'] as const)
        void Promise.resolve(slots.take(10_000, priority)).then(() => came.push(priority))
    // Interactive calls end at once, imports never: only two of the four places may end up with imports.
    slots.free('import')
    slots.free('import')
    for (let round = 0; round < 30; round++) {
      await settled()
      if (came.at(-1) === 'interactive') slots.free('interactive')
    }
    expect(came.filter((priority) => priority === 'import')).toHaveLength(0)
    expect(came.length).toBeGreaterThan(20)
  })

  test('with nobody else there imports have all places', () => {
    const slots = new Slots(4, 100)
    for (let taken = 0; taken < 4; taken++) expect(slots.take(1_000, 'import')).toBe(true)
  })

  test('each line is bounded by itself', () => {
    const slots = new Slots(1, 2)
    slots.take(1_000, 'import')
    for (let waiting = 0; waiting < 2; waiting++) expect(slots.take(1, 'import')).toBeInstanceOf(Promise)
    expect(slots.take(1, 'import')).toBe('busy')
    expect(slots.take(1, 'interactive')).toBeInstanceOf(Promise)
  })

  test('who waits longer than its deadline leaves the line', async () => {
    const slots = new Slots(1, 10)
    slots.take(1_000)
    expect(await slots.take(5)).toBe('deadline')
    expect(slots.waiting).toBe(0)
    slots.free()
    expect(slots.take(5)).toBe(true)
  })

  test('a deadline beyond what a timer can hold is no deadline at once', async () => {
    const slots = new Slots(1, 10)
    slots.take(1_000)
    const waiting = slots.take(Number.POSITIVE_INFINITY)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(slots.waiting).toBe(1)
    slots.free()
    expect(await waiting).toBe(true)
  })
})

describe('pace', () => {
  test.each([
    { requestsPerSecond: 5, calls: 23 },
    { requestsPerSecond: 1, calls: 4 },
    { requestsPerSecond: 0.5, calls: 3 },
    { requestsPerSecond: 2.5, calls: 8 },
    { requestsPerSecond: 1_000, calls: 2_500 },
  ])('$requestsPerSecond a second is never exceeded, and used', async ({ requestsPerSecond, calls }) => {
    const clock = createManualClock()
    const account = createAccount(clock, () => answer(200), { requestsPerSecond, maxConcurrency: 1_000 })
    const all = Array.from({ length: calls }, () => account.call({ withinMs: 60_000 }))
    await clock.until(Promise.all(all))
    const { calls: most, periodMs } = paceOf(requestsPerSecond)
    for (let index = most; index < calls; index++)
      expect((account.sent[index] as number) - (account.sent[index - most] as number)).toBeGreaterThanOrEqual(periodMs)
    expect(clock.now()).toBe(Math.floor((calls - 1) / most) * periodMs)
  })

  test('retries keep to it', async () => {
    const clock = createManualClock()
    const account = createAccount(clock, () => answer(503), { requestsPerSecond: 1 })
    await clock.until(account.call())
    expect(account.sent).toEqual([0, 1_000, 2_000])
  })

  test('a rest saves nothing up', async () => {
    const clock = createManualClock()
    const account = createAccount(clock, () => answer(200), { requestsPerSecond: 2 })
    await clock.advance(60_000)
    await clock.until(Promise.all(Array.from({ length: 5 }, () => account.call())))
    expect(account.sent.map((at) => at - 60_000)).toEqual([0, 0, 1_000, 1_000, 2_000])
  })

  test('an interactive call does not stand behind the imports', async () => {
    const clock = createManualClock()
    const account = createAccount(clock, () => answer(200), { requestsPerSecond: 1 })
    const imports = Array.from({ length: 10 }, () => account.call({ priority: 'import', withinMs: 60_000 }))
    await clock.advance(3_500)
    await clock.until(account.call())
    expect(clock.now()).toBe(4_000)
    await clock.until(Promise.all(imports))
  })

  test('several replicas share one pace', async () => {
    const clock = createManualClock()
    const shared = createPace(10, clock)
    const replicas = Array.from({ length: 3 }, () =>
      createAccount(
        clock,
        () => answer(200),
        { requestsPerSecond: 10 },
        { sharedPace: () => ({ book: async (count) => shared.book(count) }) },
      ),
    )
    await clock.until(Promise.all(replicas.flatMap(({ call }) => Array.from({ length: 20 }, () => call()))))
    const sent = replicas.flatMap((replica) => replica.sent).toSorted((a, b) => a - b)
    for (let index = 10; index < sent.length; index++)
      expect((sent[index] as number) - (sent[index - 10] as number)).toBeGreaterThanOrEqual(1_000)
    // None of them gets much more than the others.
    for (const replica of replicas) expect(replica.sent.at(-1)).toBeGreaterThanOrEqual(4_000)
  })

  test('while the shared pace cannot be asked each replica keeps its own', async () => {
    const clock = createManualClock()
    const away = { book: () => Promise.reject(new Error('away')) }
    const pace = withSubstitute(away, createPace(2, clock))
    expect(await pace.book(5)).toEqual({ count: 2, waitMs: 0 })
    expect(await pace.book(5)).toEqual({ count: 2, waitMs: 1_000 })
  })
})
