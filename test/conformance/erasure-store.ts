import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AccountErasure, dueOf, type Erasure } from '../../src/domain/erasure.ts'
import type { ErasureQuery, StoredErasure } from '../../src/services/erasure-store-port.ts'
import type { SuppressionStoreUnderTest as StoreUnderTest } from './suppression-store.ts'

const start = Date.parse('2026-11-30T10:00:00.000Z')
const keepMs = 60_000

const pending: AccountErasure = {
  account: 'one',
  provider: 'made-up',
  status: 'pending',
  at: start,
  detail: 'It is being asked.',
  attempts: 0,
  triedSince: start,
  tryAt: start,
}

function newErasure(more: Partial<Erasure> = {}): Erasure {
  return {
    id: randomUUID(),
    createdBy: 'crm',
    createdAt: start,
    receivedAt: start,
    dueAt: dueOf(start),
    hints: ['+33••••78'],
    suppressionIds: ['digest'],
    isSuppressed: true,
    reference: 'case 7',
    addresses: { phone: '+33612345678', email: undefined, whatsapp: undefined },
    accounts: [pending],
    gateway: { status: 'done', passes: 2, seen: [], rowsErased: 3, importsUntil: start, openImports: [] },
    finishedAt: undefined,
    ...more,
  }
}

function completed(erasure: Erasure): Erasure {
  const { tryAt: _, ...account } = pending
  return { ...erasure, addresses: undefined, accounts: [{ ...account, status: 'deleted' }], finishedAt: start + 1 }
}

/** What every store of erasures guarantees. */
export function describeErasureStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`erasure store: ${name}`, () => {
    let opened: StoreUnderTest
    beforeEach(async () => {
      opened = await open()
    })
    afterEach(() => opened.close())
    const store = () => opened.store.erasures
    const begin = async (erasure = newErasure(), people = [erasure.id]) => {
      const stored = await store().begin(erasure, people)
      expect(stored.erasure.id).toBe(erasure.id)
      return stored
    }
    const end = async (stored: StoredErasure) => {
      const after = await store().replace(stored, completed(stored.erasure), keepMs)
      if (after === undefined) throw new Error('it was changed by somebody else')
      return after
    }
    const everyPage = async (query: Omit<ErasureQuery, 'from'>) => {
      const ids: string[] = []
      let from: string | undefined
      do {
        const page = await store().page({ ...query, from })
        expect(page.items.length).toBeLessThanOrEqual(query.limit)
        ids.push(...page.items.map(({ erasure }) => erasure.id))
        from = page.next
      } while (from !== undefined)
      return ids
    }

    test('what was begun is found as it was, by every gateway', async () => {
      const erasure = newErasure()
      const { version } = await begin(erasure)
      const found = await (await opened.another()).erasures.get(erasure.id)
      expect(found).toEqual({ erasure: JSON.parse(JSON.stringify(erasure)), version })
      expect(await store().get(randomUUID())).toBeUndefined()
    })

    test('an open one of the same people is given again, whichever keys its name is made with; a completed one is not', async () => {
      const first = await begin(newErasure(), ['old name'])
      const again = await store().begin(newErasure(), ['new name', 'old name'])
      expect(again.erasure.id).toBe(first.erasure.id)
      await end(again)
      await begin(newErasure(), ['new name', 'old name'])
    })

    test('of those who change the same state one succeeds, and the others change nothing', async () => {
      const stored = await begin()
      const another = (await opened.another()).erasures
      const changes = ['a', 'b', 'c'].map((detail, index) =>
        (index === 1 ? another : store()).replace(
          stored,
          { ...stored.erasure, accounts: [{ ...pending, detail }] },
          keepMs,
        ),
      )
      const done = (await Promise.all(changes)).filter((one) => one !== undefined)
      expect(done).toHaveLength(1)
      const found = await store().get(stored.erasure.id)
      expect(found?.erasure.accounts[0]?.detail).toBe(done[0]?.erasure.accounts[0]?.detail)
      expect(found?.version).toBe(done[0]?.version)
      expect(await store().replace(stored, stored.erasure, keepMs)).toBeUndefined()
    })

    test('work is given to one at a time, when it is due, and to another when the time of the first is over', async () => {
      const { erasure } = await begin()
      const another = (await opened.another()).erasures
      expect(await store().take(start - 1, 1_000)).toBeUndefined()
      const taken = await Promise.all([store().take(start, 1_000), another.take(start, 1_000)])
      expect(taken.filter((one) => one !== undefined).map((one) => one.erasure.id)).toEqual([erasure.id])
      expect(await store().take(start + 999, 1_000)).toBeUndefined()
      await store().hold(erasure.id, start + 5_000)
      expect(await another.take(start + 4_999, 1_000)).toBeUndefined()
      expect((await another.take(start + 5_000, 1_000))?.erasure.id).toBe(erasure.id)
    })

    test('one that waits for its next try, or for a person, is nobody’s work', async () => {
      const waiting = await begin()
      const later = { ...waiting.erasure, accounts: [{ ...pending, tryAt: start + 60_000 }] }
      const after = await store().replace(waiting, later, keepMs)
      expect(await store().take(start + 59_999, 1)).toBeUndefined()
      expect((await store().take(start + 60_000, 1))?.erasure.id).toBe(later.id)
      const { tryAt: _, ...account } = pending
      const byHand = { ...later, accounts: [{ ...account, status: 'by_hand' as const }] }
      await store().replace(after as StoredErasure, byHand, keepMs)
      await store().hold(later.id, start)
      expect(await store().take(start + 1e9, 1)).toBeUndefined()
    })

    test('one whose suppressions were not made is work at once', async () => {
      const { erasure } = await begin(newErasure({ isSuppressed: false, accounts: [] }))
      expect((await store().take(start, 1))?.erasure.id).toBe(erasure.id)
    })

    test('pages go from the newest to the oldest, those of one moment included, and show what is asked for', async () => {
      const made: Erasure[] = []
      for (let n = 0; n < 9; n++) {
        const account = n % 3 === 0 ? 'other' : 'one'
        made.push(newErasure({ createdAt: start + Math.floor(n / 2), accounts: [{ ...pending, account }] }))
      }
      const stored = await Promise.all(made.map((erasure) => begin(erasure)))
      await end(stored[0] as StoredErasure)
      const newest = [...made].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
      for (const limit of [1, 2, 100]) expect(await everyPage({ limit })).toEqual(newest.map(({ id }) => id))
      expect(await everyPage({ limit: 3, status: 'completed' })).toEqual([made[0]?.id])
      const others = newest.filter((one) => made.indexOf(one) % 3 === 0).slice(0, -1)
      expect(await everyPage({ limit: 2, account: 'other' })).toEqual(others.map(({ id }) => id))
    })

    test('there is work as long as one has something to do, now or later, without a person', async () => {
      expect(await store().hasWork()).toBe(false)
      const stored = await begin()
      expect(await store().hasWork()).toBe(true)
      await store().take(start, 60_000)
      expect(await store().hasWork()).toBe(true)
      await end(stored)
      expect(await store().hasWork()).toBe(false)
    })

    test('what is not completed is told for the metrics', async () => {
      const first = await begin()
      const second = await begin()
      await end(second)
      const { id, createdAt, dueAt } = first.erasure
      expect(await store().unfinished()).toEqual([{ id, createdAt, dueAt, status: 'running' }])
    })

    test('a completed one is kept as long as is said, and then gone', async () => {
      const first = await begin()
      const after = await store().replace(first, completed(first.erasure), 300)
      expect(after?.erasure.addresses).toBeUndefined()
      expect((await store().get(first.erasure.id))?.erasure.finishedAt).toBe(start + 1)
      await expect.poll(() => store().get(first.erasure.id)).toBeUndefined()
      expect(await everyPage({ limit: 10 })).toEqual([])
    })
  })
}
