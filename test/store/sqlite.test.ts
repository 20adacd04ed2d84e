import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { describeAgreements } from '../conformance/agreements.ts'
import { describeIdempotencyStore } from '../conformance/idempotency-store.ts'
import { describeWriterStore } from '../conformance/writer-store.ts'
import { sealed } from '../support/sealed.ts'

const sorts = [
  ['', async (store: SqliteStore) => store],
  [', with a key', (store: SqliteStore) => sealed(store)],
] as const

for (const [sort, over] of sorts) {
  describeIdempotencyStore(`sqlite, a file${sort}`, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'contact-gateway-store-'))
    let passed = 0
    const open = () => over(openSqliteStore({ dataDir, now: () => Date.now() + passed }))
    const [store, second] = [await open(), await open()]
    return {
      store,
      another: async () => second,
      pass: async (_key, ms) => {
        passed += ms
      },
      close: async () => {
        await Promise.all([store.close(), second.close()])
        rmSync(dataDir, { recursive: true })
      },
    }
  })

  describeWriterStore(`sqlite, a file${sort}`, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'contact-gateway-store-'))
    const [store, second] = [await over(openSqliteStore({ dataDir })), await over(openSqliteStore({ dataDir }))]
    return {
      store,
      another: async () => second,
      close: async () => {
        await Promise.all([store.close(), second.close()])
        rmSync(dataDir, { recursive: true })
      },
    }
  })
}

describeIdempotencyStore('sqlite, in memory', async () => {
  let passed = 0
  const store = openSqliteStore({ dataDir: ':memory:', now: () => Date.now() + passed })
  return {
    store,
    // What is in memory belongs to one store.
    another: async () => store,
    pass: async (_key, ms) => {
      passed += ms
    },
    close: () => store.close(),
  }
})

const openTwo = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'contact-gateway-store-'))
  const [store, second] = [openSqliteStore({ dataDir }), openSqliteStore({ dataDir })]
  return {
    store,
    another: async () => second,
    close: async () => {
      await Promise.all([store.close(), second.close()])
      rmSync(dataDir, { recursive: true })
    },
  }
}

describeAgreements('sqlite, a file', openTwo)
