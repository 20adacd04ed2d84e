import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agreedKey } from '../../src/store/agreed-key.ts'
import type { WriterStoreUnderTest } from './writer-store.ts'

const keepMs = 60_000

/** What every store guarantees of what processes agree on. Opened once; every test uses a name of its own. */
export function describeAgreements(name: string, open: () => Promise<WriterStoreUnderTest>): void {
  describe(`agreements: ${name}`, () => {
    let opened: WriterStoreUnderTest
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    test('of many who offer at once all get the same, which is one of the offers', async () => {
      const about = randomUUID()
      const stores = [opened.store, await opened.another()]
      const offers = Array.from({ length: 100 }, () => randomBytes(32))
      const held = await Promise.all(offers.map((offer, index) => stores[index % 2]?.agree(about, offer, keepMs)))
      const different = new Set(held.map((value) => value?.toString('hex')))
      expect(different.size).toBe(1)
      expect(offers.map((offer) => offer.toString('hex'))).toContain([...different][0])
    })

    test('the first offer stays, any bytes, and other names have their own', async () => {
      const [about, other] = [randomUUID(), randomUUID()]
      const first = Buffer.from([0, 255, 10, 13, 0])
      expect(await opened.store.agree(about, first, keepMs)).toEqual(first)
      expect(await (await opened.another()).agree(about, randomBytes(32), keepMs)).toEqual(first)
      expect(await opened.store.agree(other, Buffer.from('x'), keepMs)).toEqual(Buffer.from('x'))
    })

    test('what nobody asks for is forgotten; what is asked for stays', async () => {
      const [forgotten, asked] = [randomUUID(), randomUUID()]
      const [first, second] = [Buffer.from('first'), Buffer.from('second')]
      await opened.store.agree(asked, first, 30)
      await opened.store.agree(asked, second, keepMs)
      await opened.store.agree(forgotten, first, 30)
      // Each question keeps it for less time than passes until the next.
      await expect.poll(() => opened.store.agree(forgotten, second, 10), { interval: 30 }).toEqual(second)
      expect(await opened.store.agree(asked, second, keepMs)).toEqual(first)
    })

    test('a key that is agreed on is random, 32 bytes, and the same on all', async () => {
      const about = randomUUID()
      const another = await opened.another()
      const keys = await Promise.all([opened.store, another, another].map((store) => agreedKey(store, about)()))
      expect(keys[0]).toHaveLength(32)
      expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1)
      expect(await agreedKey(another, randomUUID())()).not.toEqual(keys[0])
    })
  })
}
