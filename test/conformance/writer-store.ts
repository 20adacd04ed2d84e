import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Store, type WriterTurn, writerNameSize } from '../../src/services/store-port.ts'

/** A store as the conformance suite of writers needs it. */
export type WriterStoreUnderTest = {
  readonly store: Store
  /** Another store on the same data, as a second gateway has it. */
  another(): Promise<Store>
  close(): Promise<void>
}

const [leaseMs, traceMs] = [10_000, 10_000]
const taken = { endedMsAgo: undefined }
const justNow = { endedMsAgo: expect.closeTo(0, -3) }

/** A turn of its own; every name is four bytes. */
function turnOf(account: string, ...people: readonly number[]): WriterTurn {
  const names = Buffer.alloc(people.length * writerNameSize)
  people.forEach((person, index) => {
    names.writeUInt32BE(person, index * writerNameSize)
  })
  return { account, owner: randomUUID(), names }
}

const manyPeople = Array.from({ length: 1_000 }, (_, index) => (index * 0x9e3779b1) >>> 0)

/** What every store of writers' turns guarantees. Opened once; every test uses an account of its own. */
export function describeWriterStore(name: string, open: () => Promise<WriterStoreUnderTest>): void {
  describe(`writer store: ${name}`, () => {
    let opened: WriterStoreUnderTest
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())
    const writers = () => opened.store.writers
    const takeOne = (turn: WriterTurn, lease = leaseMs, trace = traceMs) => writers().takeOne(turn, lease, trace)

    test('one person has one writer at a time, on whichever gateway, and others have theirs', async () => {
      const account = randomUUID()
      const first = turnOf(account, 1)
      expect(await takeOne(first)).toEqual(taken)
      const another = (await opened.another()).writers
      expect(await another.takeOne(turnOf(account, 1), leaseMs, traceMs)).toBe('taken')
      expect(await takeOne(turnOf(account, 2))).toEqual(taken)
      expect(await takeOne(turnOf(randomUUID(), 1))).toEqual(taken)
      await writers().endOne(first, traceMs)
      expect(await another.takeOne(turnOf(account, 1), leaseMs, traceMs)).toEqual(justNow)
    })

    test('of many who want the turn at once one gets it', async () => {
      const account = randomUUID()
      const stores = [opened.store, await opened.another()]
      const takes = Array.from({ length: 100 }, (_, index) =>
        stores[index % 2]?.writers.takeOne(turnOf(account, 1), leaseMs, traceMs),
      )
      const got = (await Promise.all(takes)).filter((result) => result !== 'taken')
      expect(got).toEqual([taken])
    })

    test('a turn ends by itself with its lease, and who has lost it changes nothing', async () => {
      const account = randomUUID()
      const dead = turnOf(account, 1)
      await takeOne(dead, 30)
      const next = turnOf(account, 1)
      await expect.poll(() => takeOne(next)).not.toBe('taken')
      await writers().endOne(dead, traceMs)
      expect(await takeOne(turnOf(account, 1))).toBe('taken')
      await writers().endOne(next, traceMs)
      expect(await takeOne(turnOf(account, 1))).toEqual(justNow)
    })

    test('that somebody wrote is forgotten after a while', async () => {
      const account = randomUUID()
      const [one, group] = [turnOf(account, 1), turnOf(account, 1)]
      await takeOne(one)
      await writers().endOne(one, 30)
      await writers().takeGroup(group, leaseMs)
      await writers().endGroup(group, 30)
      const next = turnOf(account, 1)
      await expect
        .poll(async () => {
          const result = await takeOne(next, leaseMs, 30)
          await writers().endOne(next, 1)
          return result
        })
        .toEqual(taken)
    })

    test('a group keeps all of its people from who comes later until it ends, and nobody else', async () => {
      const account = randomUUID()
      const group = turnOf(account, ...manyPeople)
      expect(await writers().takeGroup(group, leaseMs)).toEqual([])
      for (const person of [manyPeople[0], manyPeople[500], manyPeople.at(-1)])
        expect(await takeOne(turnOf(account, person as number))).toBe('taken')
      expect(await takeOne(turnOf(account, 0x01020304))).toEqual(taken)
      expect(await takeOne(turnOf(randomUUID(), manyPeople[500] as number))).toEqual(taken)
      await writers().endGroup(group, traceMs)
      expect(await takeOne(turnOf(account, manyPeople[500] as number))).toEqual(justNow)
      expect(await takeOne(turnOf(account, 0x01020305))).toEqual(taken)
    })

    test('a group is told who is being written, until they end', async () => {
      const account = randomUUID()
      const [first, second, stranger] = [turnOf(account, 7), turnOf(account, 0xfffffff0), turnOf(account, 9)]
      for (const turn of [first, second, stranger]) await takeOne(turn)
      const group = turnOf(account, 7, 8, 0xfffffff0)
      const another = (await opened.another()).writers
      expect((await another.takeGroup(group, leaseMs)).toSorted((a, b) => a - b)).toEqual([7, 0xfffffff0])
      await writers().endOne(first, traceMs)
      expect(await another.takeGroup(group, leaseMs)).toEqual([0xfffffff0])
      await writers().endOne(second, traceMs)
      expect(await another.takeGroup(group, leaseMs)).toEqual([])
    })

    test('groups do not wait for each other; each keeps its people until it ends itself', async () => {
      const account = randomUUID()
      const groups = [turnOf(account, 1, 2), turnOf(account, 2, 3)] as const
      for (const group of groups) expect(await writers().takeGroup(group, leaseMs)).toEqual([])
      await writers().endGroup(groups[0], traceMs)
      expect(await takeOne(turnOf(account, 1))).toEqual(justNow)
      expect(await takeOne(turnOf(account, 2))).toBe('taken')
    })

    test('the turn of a group ends by itself with its lease, unless it is renewed', async () => {
      const account = randomUUID()
      const [dead, alive] = [turnOf(account, 1), turnOf(account, 2)]
      await writers().takeGroup(dead, 30)
      await writers().takeGroup(alive, 30)
      await writers().takeGroup(alive, leaseMs)
      await expect.poll(() => takeOne(turnOf(account, 1))).not.toBe('taken')
      expect(await takeOne(turnOf(account, 2))).toBe('taken')
    })
  })
}
