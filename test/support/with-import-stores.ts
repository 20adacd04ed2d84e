import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import { type ImportStoreUnderTest, importStores } from './import-stores.ts'
import { isLongRun } from './long-run.ts'
import { type Changes, startGateway, type TestGateway } from './start-gateway.ts'

export type OnImportStore = {
  /** One gateway and store for all tests, unless each is to have its own. */
  readonly per?: 'test'
  readonly changes?: Omit<Changes, 'env'>
  /** It is all above the port of the store, where both are alike: an everyday run has one of them, `LONG_RUN=1` both. */
  readonly abovePort?: true
}

/**
 * Describes the same on both stores for imports. `title` has a `%s` for the store's name. The gateway is the one of the
 * running test, and its simulators hold nothing when the test begins; so is the store.
 */
export function withImportStores(
  title: string,
  { per, changes, abovePort }: OnImportStore,
  describeTests: (gateway: TestGateway, store: ImportStoreUnderTest, name: string) => void,
): void {
  const stores = abovePort && !isLongRun ? importStores.slice(0, 1) : importStores
  describe.each(stores)(title, (name, open) => {
    let store: ImportStoreUnderTest
    let gateway: TestGateway
    const [before, after] = per === 'test' ? [beforeEach, afterEach] : [beforeAll, afterAll]
    before(async () => {
      store = await open()
      gateway = await startGateway({ ...changes, env: store.env })
    })
    beforeEach(() => {
      const { oblic, octopush, vobiz } = gateway.simulators
      for (const simulator of [oblic, octopush, vobiz]) simulator.reset()
    })
    after(async () => {
      await gateway.close()
      await store.close()
    })
    describeTests(
      current(() => gateway),
      current(() => store),
      name,
    )
  })
}

/** Stands for an object that there is only while tests run. */
function current<T extends object>(get: () => T): T {
  return new Proxy({} as T, { get: (_target, member) => Reflect.get(get(), member) })
}
