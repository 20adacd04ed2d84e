import { randomBytes, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { channelBits, channelSet, type Suppression } from '../../src/domain/suppression.ts'
import type { Store } from '../../src/services/store-port.ts'
import type { StoredSuppression, SuppressionQuery } from '../../src/services/suppression-store-port.ts'
import { isLongRun } from '../support/long-run.ts'
import { lookUpIds } from '../support/look-up-ids.ts'

/** A store without any suppression, as the conformance suite needs it; it is closed after each test. */
export type SuppressionStoreUnderTest = {
  readonly store: Store
  /** Another store on the same data, as a second gateway has it. */
  another(): Promise<Store>
  close(): Promise<void>
}

const said: Suppression = {
  kind: 'phone',
  hint: '+33••••78',
  channels: channelBits['*'],
  reason: 'opt_out',
  source: 'préférences',
  note: undefined,
  saidAt: Date.parse('2026-11-30T10:00:00.123Z'),
  createdBy: 'crm',
}

/** Of entries that a filter leaves out: several times what a store looks at for one page. */
const thousands = isLongRun ? 70 : 15

const newId = () => randomBytes(17).toString('base64url').slice(0, 22)
const idsOf = (count: number) => Array.from({ length: count }, newId)

/** What every store of suppressions guarantees. */
export function describeSuppressionStore(name: string, open: () => Promise<SuppressionStoreUnderTest>): void {
  describe(`suppression store: ${name}`, () => {
    let opened: SuppressionStoreUnderTest
    beforeEach(async () => {
      opened = await open()
    })
    afterEach(() => opened.close())
    const list = () => opened.store.suppressions
    const add = async (ids: readonly string[], entry: Suppression = said) => {
      const done = await list().replace(ids.map((id) => ({ id, before: undefined, after: entry })))
      expect(done).toEqual(ids.map(() => true))
    }
    const found = async (id: string): Promise<StoredSuppression> => {
      const [entry] = await list().find([id])
      if (entry === undefined) throw new Error('it is not on the list')
      return entry
    }
    const everyPage = async (query: Omit<SuppressionQuery, 'from'>) => {
      const items: StoredSuppression[] = []
      let from: string | undefined
      do {
        const page = await list().page({ ...query, from })
        expect(page.items.length).toBeLessThanOrEqual(query.limit)
        items.push(...page.items)
        from = page.next
      } while (from !== undefined)
      return items
    }

    test('what was put on the list is found, as it was said, by every gateway at once', async () => {
      const [id = '', other = ''] = idsOf(2)
      const whole = {
        ...said,
        kind: 'email',
        hint: 'j••••@e••••.com',
        note: 'said "stop"',
        reason: 'complaint',
      } as const
      const before = Date.now()
      await add([id], whole)
      const another = (await opened.another()).suppressions
      expect(await lookUpIds(another, [other, id, other])).toEqual([0, channelBits['*'], 0])
      const [entry, none] = await another.find([id, other])
      expect(entry).toMatchObject({ ...whole, id })
      expect(none).toBeUndefined()
      expect(entry?.createdAt).toBe(entry?.updatedAt)
      expect(Math.abs((entry?.createdAt ?? 0) - before)).toBeLessThan(60_000)
    })

    test.each([1, 7, 8, 99, 100, 101, 3_000])('%i ids are looked up in their order', async (count) => {
      const ids = idsOf(count)
      const some = ids.filter((_, index) => index % 3 === 0)
      for (let from = 0; from < some.length; from += 500) await add(some.slice(from, from + 500))
      const expected = ids.map((_, index) => (index % 3 === 0 ? channelBits['*'] : 0))
      expect(await lookUpIds(list(), ids)).toEqual(expected)
      const whole = await list().find(ids)
      expect(whole.map((entry) => entry?.channels ?? 0)).toEqual(expected)
    })

    test('every set of channels and every byte of a time come back', async () => {
      for (const channels of [1, 2, 3, 4, 6, 7, 8]) {
        const id = newId()
        const entry = { ...said, channels, saidAt: channels * 0x1234_5678_9a, source: '', note: '…' }
        await add([id], entry)
        expect(await found(id)).toMatchObject(entry)
        expect(await lookUpIds(list(), [id])).toEqual([channels])
      }
    })

    test('a change takes the place of what was found, and keeps when it was created', async () => {
      const id = newId()
      await add([id])
      const before = await found(id)
      const after = { ...said, channels: channelSet(['sms']), reason: 'erasure', note: 'new' } as const
      await new Promise((resolve) => setTimeout(resolve, 3))
      expect(await list().replace([{ id, before, after }])).toEqual([true])
      const now = await found(id)
      expect(now).toMatchObject({ ...after, createdAt: before.createdAt })
      expect(now.updatedAt).toBeGreaterThan(before.updatedAt)
    })

    test('of many who change the same entry at once one does, and nothing is lost in silence', async () => {
      const [fresh, known] = [newId(), newId()]
      await add([known])
      const before = await found(known)
      const stores = [list(), (await opened.another()).suppressions]
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          const after = { ...said, note: `number ${index}` }
          return stores[index % 2]?.replace([
            { id: fresh, before: undefined, after },
            { id: known, before, after },
          ])
        }),
      )
      for (const at of [0, 1]) expect(results.filter((done) => done?.[at])).toHaveLength(1)
      const winner = results.findIndex((done) => done?.[1])
      expect((await found(known)).note).toBe(`number ${winner}`)
      expect(await list().count()).toBe(2)
    })

    test('one change that comes too late keeps no other from being done', async () => {
      const [known, fresh] = [newId(), newId()]
      await add([known])
      const changes = [known, fresh].map((id) => ({ id, before: undefined, after: { ...said, note: 'late' } }))
      expect(await list().replace(changes)).toEqual([false, true])
      expect((await found(known)).note).toBeUndefined()
    })

    test('what is removed is gone for all, once, and can be put there again', async () => {
      const [id = '', other = ''] = idsOf(2)
      await add([id, other])
      expect(await list().remove(id)).toBe(true)
      expect(await list().remove(id)).toBe(false)
      expect(await lookUpIds((await opened.another()).suppressions, [id, other])).toEqual([0, channelBits['*']])
      expect((await everyPage({ limit: 10 })).map((entry) => entry.id)).toEqual([other])
      expect(await list().count()).toBe(1)
      await add([id])
      expect((await everyPage({ limit: 10 })).map((entry) => entry.id)).toEqual([id, other])
    })

    test('pages go from the newest to the oldest, each entry once, whatever their length', async () => {
      const ids: string[] = []
      for (let batch = 0; batch < 12; batch++) {
        const some = idsOf(20)
        await add(some)
        ids.unshift(...some)
      }
      for (const limit of [1, 7, 100]) {
        const seen = await everyPage({ limit })
        expect(seen.map(({ id }) => id).sort()).toEqual([...ids].sort())
        // Those of one batch have no order among themselves.
        const batches = seen.map(({ id }) => Math.floor(ids.indexOf(id) / 20))
        expect(batches).toEqual([...batches].sort((one, other) => one - other))
      }
    })

    test('an entry that is changed stays in its place, and what comes while somebody pages is not shown again', async () => {
      const ids = idsOf(6)
      for (const id of ids) await add([id])
      const first = await list().page({ limit: 3 })
      expect(first.items.map(({ id }) => id)).toEqual(ids.slice(3).reverse())
      await add(idsOf(5))
      const [oldest = ''] = ids
      await list().replace([{ id: oldest, before: await found(oldest), after: { ...said, note: 'changed' } }])
      const second = await list().page({ limit: 3, from: first.next })
      expect(second.items.map(({ id }) => id)).toEqual(ids.slice(0, 3).reverse())
      expect(second.next).toBeUndefined()
    })

    test('pages are of one reason, of some channels, and of a time', async () => {
      const add1 = async (entry: Partial<Suppression>) => {
        const id = newId()
        await add([id], { ...said, ...entry })
        await new Promise((resolve) => setTimeout(resolve, 2))
        return id
      }
      const person = await add1({})
      const sms = await add1({ channels: channelSet(['sms']), reason: 'bounce' })
      const email = await add1({ kind: 'email', channels: channelSet(['email']), reason: 'bounce' })
      const both = await add1({ channels: channelSet(['sms', 'whatsapp']), reason: 'complaint' })
      const ids = async (query: Partial<SuppressionQuery>) =>
        (await everyPage({ limit: 2, ...query })).map(({ id }) => id)
      expect(await ids({ reason: 'bounce' })).toEqual([email, sms])
      expect(await ids({ channels: channelSet(['sms', '*']) })).toEqual([both, sms, person])
      expect(await ids({ channels: channelSet(['*']) })).toEqual([person])
      expect(await ids({ reason: 'erasure' })).toEqual([])
      const since = (await found(sms)).createdAt
      const until = (await found(both)).createdAt
      expect(await ids({ since, until })).toEqual([email, sms])
      expect(await ids({ since: until })).toEqual([both])
      expect(await ids({ until: since })).toEqual([person])
    })

    test('a page whose filter few entries pass ends after a while, and leads to the others', async () => {
      const rare = newId()
      await add([rare], { ...said, reason: 'complaint' })
      for (let batch = 0; batch < thousands; batch++) await add(idsOf(1_000))
      const seen = await everyPage({ limit: 10, reason: 'complaint' })
      expect(seen.map(({ id }) => id)).toEqual([rare])
      expect(await list().count()).toBe(1_000 * thousands + 1)
    }, 60_000)

    test('new entries are counted for each client and day, and none are beyond the limit', async () => {
      const client = randomUUID()
      const other = (await opened.another()).suppressions
      expect(await list().addNew(client, '2026-11-30', 60, 100)).toBe(true)
      expect(await other.addNew(client, '2026-11-30', 41, 100)).toBe(false)
      expect(await other.addNew(client, '2026-11-30', 40, 100)).toBe(true)
      expect(await list().addNew(client, '2026-11-30', 1, 100)).toBe(false)
      expect(await list().addNew(client, '2026-11-30', -30, 100)).toBe(true)
      expect(await list().addNew(client, '2026-11-30', 30, 100)).toBe(true)
      expect(await list().addNew(client, '2026-11-30', 1, 100)).toBe(false)
      expect(await list().addNew(client, '2026-12-01', 100, 100)).toBe(true)
      expect(await list().addNew(randomUUID(), '2026-11-30', 100, 100)).toBe(true)
    })

    test('of many who make the key of the list at once one does, and it stays', async () => {
      const stores = [list(), (await opened.another()).suppressions]
      expect(await list().keys.own()).toBeUndefined()
      const offers = Array.from({ length: 20 }, () => randomBytes(32))
      const made = await Promise.all(offers.map((offer, index) => stores[index % 2]?.keys.replaceOwn(undefined, offer)))
      expect(made.filter(Boolean)).toHaveLength(1)
      const held = await list().keys.own()
      expect(held).toEqual(offers[made.indexOf(true)])
      const next = randomBytes(32)
      expect(await list().keys.replaceOwn(next, next)).toBe(false)
      expect(await list().keys.replaceOwn(held, next)).toBe(true)
      expect(await stores[1]?.keys.own()).toEqual(next)
    })

    test('check values of keys are kept until they are taken away', async () => {
      const other = (await opened.another()).suppressions
      expect(await list().keys.checks()).toEqual([])
      for (const check of ['one', 'two', 'one']) await list().keys.addCheck(check)
      expect([...(await other.keys.checks())].sort()).toEqual(['one', 'two'])
      await other.keys.removeCheck('one')
      expect(await list().keys.checks()).toEqual(['two'])
    })
  })
}
