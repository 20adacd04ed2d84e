import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Store, StoreUnavailable } from '../../src/services/store-port.ts'
import { agreedKey } from '../../src/store/agreed-key.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'

/** A real store that can be away, and that can lose its data. */
let store: Store
let isAway: boolean
let asked: number
const seen: Pick<Store, 'agree'> = {
  agree: async (...offer) => {
    asked++
    if (isAway) throw new StoreUnavailable('away')
    return store.agree(...offer)
  },
}
const loseData = async () => {
  await store.close()
  store = openSqliteStore({ dataDir: ':memory:' })
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
  store = openSqliteStore({ dataDir: ':memory:' })
  isAway = false
  asked = 0
})
afterEach(async () => {
  vi.useRealTimers()
  await store.close()
})

test('the store is asked once a minute, by all who need the key at once together', async () => {
  const key = agreedKey(seen, 'a')
  await Promise.all([key(), key(), key()])
  vi.advanceTimersByTime(59_000)
  await key()
  expect(asked).toBe(1)
  vi.advanceTimersByTime(2_000)
  await key()
  expect(asked).toBe(2)
})

test('while the store is away the key that is held serves; who never had one is told', async () => {
  const key = agreedKey(seen, 'a')
  const held = await key()
  isAway = true
  vi.advanceTimersByTime(61_000)
  expect(await key()).toEqual(held)
  const late = agreedKey(seen, 'a')
  await expect(late()).rejects.toThrow(StoreUnavailable)
  isAway = false
  expect(await late()).toEqual(held)
})

test('a store that lost its data gets the key back from who holds it, and one that holds another takes the one of the store', async () => {
  const [first, second] = [agreedKey(seen, 'a'), agreedKey(seen, 'a')]
  const held = await first()
  await second()
  await loseData()
  vi.advanceTimersByTime(61_000)
  expect(await first()).toEqual(held)
  await loseData()
  const newer = await agreedKey(seen, 'a')()
  expect(newer).not.toEqual(held)
  vi.advanceTimersByTime(61_000)
  expect(await second()).toEqual(newer)
})
