import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../src/store/open-store.ts'

/** The key that the suppression list made for itself lies beside what it made: with a STORE_KEY it is sealed there. */

const [storeKey, newerKey, own] = [randomBytes(32), randomBytes(32), randomBytes(32)]
let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'sealed-suppression-key-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const withStore = async <T>(
  keys: readonly Buffer[],
  work: (store: Awaited<ReturnType<typeof openStore>>) => Promise<T>,
) => {
  const store = await openStore({ dataDir, keys })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}
const read = (keys: readonly Buffer[]) => withStore(keys, (store) => store.suppressions.keys.own())
const isInFiles = () => readdirSync(dataDir).some((name) => readFileSync(join(dataDir, name)).includes(own))

test('it is not to be read in the store, and opened by the same key alone', async () => {
  await withStore([storeKey], (store) => store.suppressions.keys.replaceOwn(undefined, own))
  expect(isInFiles()).toBe(false)
  expect(await read([storeKey])).toEqual(own)
})

test('one that was made before there was a STORE_KEY is sealed when it is read, and anew by a newer one', async () => {
  await withStore([], (store) => store.suppressions.keys.replaceOwn(undefined, own))
  expect(isInFiles()).toBe(true)
  expect(await read([storeKey])).toEqual(own)
  expect(isInFiles()).toBe(false)
  expect(await read([newerKey, storeKey])).toEqual(own)
  expect(await read([newerKey])).toEqual(own)
})

test('one that was sealed with a newer key stays so, however often a process reads it that began before', async () => {
  await withStore([storeKey], (store) => store.suppressions.keys.replaceOwn(undefined, own))
  await withStore([storeKey, newerKey], async (before) => {
    expect(await before.suppressions.keys.own()).toEqual(own)
    expect(await read([newerKey, storeKey])).toEqual(own)
    expect(await before.suppressions.keys.own()).toEqual(own)
  })
  expect(await read([newerKey])).toEqual(own)
})
