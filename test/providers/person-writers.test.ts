import { expect, test } from 'vitest'
import { PersonWriters, type WriterLeases } from '../../src/providers/person-writers.ts'
import { createManualClock } from './execute-clock.ts'

/** Leases as replicas see them: one holder a person. */
function sharedLeases(): WriterLeases & { readonly asked: () => number } {
  const held = new Set<string>()
  const written = new Set<string>()
  let asked = 0
  return {
    asked: () => asked,
    async take(person) {
      asked++
      if (held.has(person)) return 'taken'
      held.add(person)
      return {
        follows: written.has(person),
        giveBack: () => {
          held.delete(person)
          written.add(person)
        },
      }
    },
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
  const third = writers.inLine('+1', soon(), async () => 'done')
  gate.resolve()
  await first
  expect(await third).toBe('done')
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
  const broken: WriterLeases = { take: () => Promise.reject(new Error('away')) }
  const writers = new PersonWriters('a', createManualClock(), broken)
  expect(await writers.inLine('+1', never, async (turn) => turn)).toEqual({ alone: false, follows: true })
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
