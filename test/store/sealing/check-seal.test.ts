import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { checkSeal } from '../../../src/store/sealing/check-seal.ts'
import { createSealer } from '../../../src/store/sealing/sealer.ts'
import type { SealPlace } from '../../../src/store/sealing/store-seal.ts'

const [older, newer] = [randomBytes(32), randomBytes(32)]

/** Where one value lies. */
function somePlace(): SealPlace {
  let kept: Buffer | undefined
  return {
    read: async () => kept,
    async replace(before, after) {
      if (kept !== before) return false
      kept = after
      return true
    },
  }
}

const sealerOf = (...keys: readonly Buffer[]) => createSealer(keys, () => {})

test('a store is sealed anew by who begins with a newer key, and stays so whoever looks again that began before', async () => {
  const place = somePlace()
  const before = sealerOf(older, newer)
  const key = await checkSeal(place, before)
  expect(await checkSeal(place, sealerOf(newer, older))).toEqual(key)
  // It lost its connection, and is there again.
  expect(await checkSeal(place, before, 'make', key)).toEqual(key)
  expect(await checkSeal(place, sealerOf(newer))).toEqual(key)
})

test('a store that has lost its data gets its key back from who knew it', async () => {
  const key = await checkSeal(somePlace(), sealerOf(older))
  const emptied = somePlace()
  expect(await checkSeal(emptied, sealerOf(older), 'make', key)).toEqual(key)
  expect(await checkSeal(emptied, sealerOf(older))).toEqual(key)
})
