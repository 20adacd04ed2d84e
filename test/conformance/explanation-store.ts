import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ExplanationQuery, KeptExplanation } from '../../src/services/explanation-store-port.ts'
import type { SuppressionStoreUnderTest as StoreUnderTest } from './suppression-store.ts'

const start = Date.now() - 60_000
const limits = { keepMs: 3_600_000, most: 100, mostBytes: 1_000_000 }

function explanationOf(more: Partial<KeptExplanation> & { readonly note?: string } = {}): KeptExplanation {
  const { note = '', id = randomUUID(), status = 503, list = undefined, ...rest } = more
  const head = JSON.stringify({ id, status, list, note })
  return { id, at: start, status, list, head, accounts: '[{"account":"one"}]', ...rest }
}

/** What every store of explanations guarantees. */
export function describeExplanationStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`explanation store: ${name}`, () => {
    let opened: StoreUnderTest
    beforeEach(async () => {
      opened = await open()
    })
    afterEach(() => opened.close())
    const store = () => opened.store.explanations
    const everyPage = async (client: string, query: Omit<ExplanationQuery, 'from'>) => {
      const ids: string[] = []
      let from: string | undefined
      do {
        const page = await store().page(client, { ...query, from })
        expect(page.items.length).toBeLessThanOrEqual(query.limit)
        ids.push(...page.items.map(({ id }) => id))
        from = page.next
      } while (from !== undefined)
      return ids
    }

    test('what was kept is found as it was by every gateway, and by its own client alone', async () => {
      const one = explanationOf({ list: 'newsletter', note: 'été "quoted"\n' })
      await store().keep('crm', [one], limits)
      const another = (await opened.another()).explanations
      expect(await another.get('crm', one.id)).toEqual({ ...one, sameId: 1 })
      const { accounts: _, ...head } = one
      expect((await another.page('crm', { limit: 10 })).items).toEqual([{ ...head, sameId: 1 }])
      expect(await another.get('shop', one.id)).toBeUndefined()
      expect((await another.page('shop', { limit: 10 })).items).toEqual([])
      expect(await another.get('crm', randomUUID())).toBeUndefined()
    })

    test('of one id the newest counts, in whichever order they come, and how many there were', async () => {
      const id = 'used-twice'
      const [first, second, third] = ['a', 'b', 'c'].map((note, place) =>
        explanationOf({ id, at: start + place, note }),
      )
      await store().keep('crm', [first as KeptExplanation, third as KeptExplanation], limits)
      await (await opened.another()).explanations.keep('crm', [second as KeptExplanation], limits)
      expect(await store().get('crm', id)).toEqual({ ...third, sameId: 3 })
      expect(await everyPage('crm', { limit: 1 })).toEqual([id])
    })

    test('pages go from the newest to the oldest, each once, those of one moment too, and are narrowed', async () => {
      const many = Array.from({ length: 450 }, (_, place) =>
        explanationOf({
          at: start + Math.floor(place / 3),
          status: place % 2 === 0 ? 503 : 207,
          list: place % 5 === 0 ? 'newsletter' : 'vip',
        }),
      )
      await store().keep('crm', many, { ...limits, most: 1_000 })
      const order = (of: readonly KeptExplanation[]) =>
        of.toSorted((one, other) => other.at - one.at || (one.id < other.id ? 1 : -1)).map(({ id }) => id)
      expect(await everyPage('crm', { limit: 7 })).toEqual(order(many))
      expect(await everyPage('crm', { limit: 100, status: 207 })).toEqual(
        order(many.filter(({ status }) => status === 207)),
      )
      expect(await everyPage('crm', { limit: 50, list: 'newsletter' })).toEqual(
        order(many.filter(({ list }) => list === 'newsletter')),
      )
      expect(await everyPage('crm', { limit: 100, since: start + 140 })).toEqual(
        order(many.filter(({ at }) => at >= start + 140)),
      )
    })

    test('of each client so many are kept as it may have, the newest', async () => {
      const many = Array.from({ length: 30 }, (_, place) => explanationOf({ at: start + place }))
      for (const one of many) await store().keep('crm', [one], { ...limits, most: 10 })
      await store().keep('shop', [explanationOf()], { ...limits, most: 10 })
      expect(await everyPage('crm', { limit: 100 })).toEqual(
        many
          .slice(-10)
          .reverse()
          .map(({ id }) => id),
      )
      expect(await everyPage('shop', { limit: 100 })).toHaveLength(1)
    })

    test('of each client so many bytes are kept as it may have, also where one id is used again and again', async () => {
      const large = (id?: string) => explanationOf({ accounts: JSON.stringify('x'.repeat(9_000)), ...(id && { id }) })
      for (let place = 0; place < 20; place++)
        await store().keep('crm', [large(), large('again')], { ...limits, mostBytes: 100_000 })
      const left = await everyPage('crm', { limit: 100 })
      expect(left.length).toBeGreaterThanOrEqual(9)
      expect(left.length).toBeLessThanOrEqual(11)
      await store().keep('crm', [explanationOf({ id: 'small', at: start + 1 })], { ...limits, mostBytes: 1_000 })
      expect(await everyPage('crm', { limit: 100 })).toEqual(['small'])
    })

    test('what is over its time is gone', async () => {
      const [short, long] = [explanationOf({ at: Date.now() }), explanationOf({ at: Date.now() })]
      await store().keep('crm', [short], { ...limits, keepMs: 150 })
      expect((await store().get('crm', short.id))?.id).toBe(short.id)
      await store().keep('shop', [long], limits)
      await sleep(200)
      expect(await store().get('crm', short.id)).toBeUndefined()
      expect(await everyPage('crm', { limit: 10 })).toEqual([])
      await store().keep('crm', [long], limits)
      expect(await everyPage('crm', { limit: 10 })).toEqual([long.id])
    })
  })
}
