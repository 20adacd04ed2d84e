import { expect, test } from 'vitest'
import { ImportNotTaken, takeBack } from '../../src/imports/take-back.ts'
import type { ImportDraft } from '../../src/services/import-store-port.ts'
import { StoreUnavailable } from '../../src/services/store-port.ts'

/** A draft that can be discarded only when that was tried so often. */
function draftOf(tries: number) {
  const { promise: discarded, resolve } = Promise.withResolvers<void>()
  let tried = 0
  const draft: ImportDraft = {
    appendBlock: async () => {},
    publish: async () => {},
    discard: async () => {
      if (++tried < tries) throw new StoreUnavailable('away')
      resolve()
    },
  }
  return { draft, discarded }
}

const away = new StoreUnavailable('away')
const defect = new Error('a defect')

test('an import that the store could not take in is said to be gone only when it is', async () => {
  expect(await takeBack(draftOf(1).draft, away)).toBeInstanceOf(ImportNotTaken)
  expect(await takeBack(undefined, away)).toBeInstanceOf(ImportNotTaken)
  expect(await takeBack(draftOf(1).draft, defect)).toBe(defect)
  expect(await takeBack(draftOf(2).draft, away)).toBe(away)
})

test('one that cannot be discarded while the store is away is discarded when it is back', async () => {
  const { draft, discarded } = draftOf(3)
  expect(await takeBack(draft, away)).toBe(away)
  await discarded
})
