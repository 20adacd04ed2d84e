import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { PersonWriters, type WriterLeases } from '../../src/providers/person-writers.ts'
import { createManualClock } from './execute-clock.ts'

/** Leases as replicas see them: one holder a person, or groups. `now` is the clock of those who ask. */
function sharedLeases(now = () => 0): WriterLeases & { readonly asked: () => number } {
  const held = new Set<string>()
  const groups = new Set<readonly string[]>()
  const endedAt = new Map<string, number>()
  let asked = 0
  return {
    asked: () => asked,
    async take(_account, person) {
      asked++
      if (held.has(person) || [...groups].some((group) => group.includes(person))) return 'taken'
      held.add(person)
      const at = endedAt.get(person)
      return {
        endedMsAgo: at === undefined ? undefined : now() - at,
        giveBack: () => {
          held.delete(person)
          endedAt.set(person, now())
        },
      }
    },
    ofGroup: (_account, people) => ({
      async take() {
        asked++
        groups.add(people)
        return people.filter((person) => held.has(person))
      },
      giveBack: () => {
        groups.delete(people)
        for (const person of people) endedAt.set(person, now())
      },
    }),
  }
}

const never = Number.POSITIVE_INFINITY
const soon = () => performance.now() + 5_000

test('who writes the same person waits, others do not; each begins when the one before has ended', async () => {
  const writers = new PersonWriters('a', createManualClock(), undefined)
  const log: string[] = []
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const write = (name: string, person: string, gate?: Promise<void>) =>
    writers.inLine(person, soon(), async () => {
      log.push(`${name} begins`)
      await gate
      log.push(`${name} ends`)
    })
  const all = [
    write('first', '+1', gates[0]?.promise),
    write('second', '+1', gates[1]?.promise),
    write('third', '+1'),
    write('other', '+2'),
  ]
  await all[3]
  expect(log).toEqual(['first begins', 'other begins', 'other ends'])
  gates[1]?.resolve()
  gates[0]?.resolve()
  await Promise.all(all)
  expect(log.slice(3)).toEqual(['first ends', 'second begins', 'second ends', 'third begins', 'third ends'])
})

test('who comes second is told that what was read before may be out of date', async () => {
  const writers = new PersonWriters('a', createManualClock(), undefined)
  const turns = await Promise.all([1, 2].map(() => writers.inLine('+1', soon(), async (turn) => turn)))
  expect(turns).toEqual([
    { alone: true, follows: false },
    { alone: true, follows: true },
  ])
  expect(await writers.inLine('+1', soon(), async (turn) => turn)).toEqual({ alone: true, follows: false })
})

test('a writer that throws does not hold up the next one', async () => {
  const writers = new PersonWriters('a', createManualClock(), sharedLeases())
  const failing = writers.inLine('+1', never, async () => Promise.reject(new Error('defect')))
  const next = writers.inLine('+1', soon(), async () => 'done')
  await expect(failing).rejects.toThrow('defect')
  expect(await next).toBe('done')
})

test('who does not come to a turn before the deadline does nothing, and holds nobody up', async () => {
  const writers = new PersonWriters('a', { ...createManualClock(), now: () => performance.now() }, undefined)
  const gate = Promise.withResolvers<void>()
  const first = writers.inLine('+1', soon(), () => gate.promise)
  let isDone = false
  const late = await writers.inLine('+1', performance.now() + 5, async () => {
    isDone = true
  })
  expect([late, isDone]).toEqual([undefined, false])
  let isFirstOver = false
  const third = writers.inLine('+1', soon(), async () => isFirstOver)
  await nextTurn()
  isFirstOver = true
  gate.resolve()
  await first
  expect(await third).toBe(true)
})

test('between replicas one writes at a time, and the next one knows that another did', async () => {
  const leases = sharedLeases()
  const clock = createManualClock()
  const [one, two] = [new PersonWriters('a', clock, leases), new PersonWriters('a', clock, leases)]
  const gate = Promise.withResolvers<void>()
  const first = one.inLine('+1', never, () => gate.promise)
  const second = two.inLine('+1', never, async (turn) => turn)
  await clock.advance(10_000)
  expect(leases.asked()).toBeGreaterThan(2)
  gate.resolve()
  await first
  await clock.advance(1_000)
  expect(await second).toEqual({ alone: true, follows: true })
})

test('replicas that cannot agree write all the same, and say so', async () => {
  const away = () => Promise.reject(new Error('away'))
  const broken: WriterLeases = { take: away, ofGroup: () => ({ take: away, giveBack() {} }) }
  const writers = new PersonWriters('a', createManualClock(), broken)
  expect(await writers.inLine('+1', never, async (turn) => turn)).toEqual({ alone: false, follows: true })
  expect(await writers.inLineOfAll(['+1'], never, async (turn) => turn)).toEqual({ alone: false, late: new Set() })
})

test('what was read after the last writer had ended is not out of date, what was read before is', async () => {
  const clock = createManualClock()
  const leases = sharedLeases(clock.now)
  const [one, two] = [new PersonWriters('a', clock, leases), new PersonWriters('a', clock, leases)]
  const readBefore = clock.now()
  await one.inLine('+1', never, async () => {})
  await clock.advance(100)
  const readAfter = clock.now()
  await clock.advance(20)
  const turnOf = (readAt: number) => two.inLine('+1', never, async (turn) => turn, readAt)
  expect(await turnOf(readAfter)).toEqual({ alone: true, follows: false })
  expect(await turnOf(readBefore)).toEqual({ alone: true, follows: true })
})

test('what was read longer ago than the replicas know of each other may be out of date', async () => {
  const clock = createManualClock()
  const writers = new PersonWriters('a', clock, sharedLeases())
  const readAt = clock.now()
  await clock.advance(900)
  expect(await writers.inLine('+1', never, async (turn) => turn, readAt)).toEqual({ alone: true, follows: false })
  await clock.advance(200)
  expect(await writers.inLine('+2', never, async (turn) => turn, readAt)).toEqual({ alone: true, follows: true })
})

describe('people who are written at once', () => {
  test('wait for those who are being written, and who comes later waits for them', async () => {
    const writers = new PersonWriters('a', createManualClock(), undefined)
    const log: string[] = []
    const [single, group] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const write = (name: string, person: string, gate?: Promise<void>) =>
      writers.inLine(person, soon(), async ({ follows }) => {
        log.push(`${name} begins${follows ? ' anew' : ''}`)
        await gate
        log.push(`${name} ends`)
      })
    const first = write('first', '+1', single.promise)
    const all = writers.inLineOfAll(['+1', '+2'], soon(), async () => {
      log.push('group begins')
      await group.promise
      log.push('group ends')
    })
    const later = write('later', '+2')
    await write('other', '+3')
    single.resolve()
    await first
    await nextTurn()
    group.resolve()
    await Promise.all([all, later])
    expect(log).toEqual([
      'first begins',
      'other begins',
      'other ends',
      'first ends',
      'group begins',
      'group ends',
      'later begins anew',
      'later ends',
    ])
  })

  test('do not wait for other groups', async () => {
    const writers = new PersonWriters('a', createManualClock(), sharedLeases())
    const gate = Promise.withResolvers<void>()
    const first = writers.inLineOfAll(['+1'], soon(), () => gate.promise)
    expect(await writers.inLineOfAll(['+1'], soon(), async ({ late }) => late.size)).toBe(0)
    gate.resolve()
    await first
  })

  test('are written without those whom another writes for too long, here or on another replica', async () => {
    const clock = createManualClock()
    const leases = sharedLeases()
    const [one, two] = [new PersonWriters('a', clock, leases), new PersonWriters('a', clock, leases)]
    const gate = Promise.withResolvers<void>()
    const slow = one.inLine('+1', never, () => gate.promise)
    const lateAt = async (writers: PersonWriters) => {
      const turn = writers.inLineOfAll(['+1', '+2'], clock.now() + 50, async ({ late }) => [...late])
      // Here the wait is for a timer, there for a lease that is asked for again.
      await nextTurn()
      await clock.advance(1_000)
      return turn
    }
    expect([await lateAt(one), await lateAt(two)]).toEqual([['+1'], ['+1']])
    gate.resolve()
    await slow
    expect(await lateAt(two)).toEqual([])
  })

  test('wait for another replica that writes one of them, and keep all others from it until they end', async () => {
    const clock = createManualClock()
    const leases = sharedLeases()
    const [one, two] = [new PersonWriters('a', clock, leases), new PersonWriters('a', clock, leases)]
    const [single, group] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()]
    const first = one.inLine('+1', never, () => single.promise)
    await nextTurn()
    let isGroupOver = false
    const all = two.inLineOfAll(['+1', '+2'], never, async ({ alone, late }) => {
      await group.promise
      isGroupOver = true
      return [alone, late.size]
    })
    await nextTurn()
    const later = one.inLine('+2', never, async () => isGroupOver)
    await clock.advance(10_000)
    single.resolve('done')
    expect(await first).toBe('done')
    await clock.advance(10_000)
    group.resolve()
    expect(await all).toEqual([true, 0])
    await clock.advance(10_000)
    expect(await later).toBe(true)
  })
})
