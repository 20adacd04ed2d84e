import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Store, StoredDataUnreadable } from '../../src/services/store-port.ts'
import { openStore, type StoreOptions } from '../../src/store/open-store.ts'
import { recordDigest } from '../../src/store/record-digest.ts'
import { recordKeys } from '../../src/store/redis/idempotency.ts'
import { importKeys } from '../../src/store/redis/imports/import-keys.ts'
import { keyIdOf, type Unreadable } from '../../src/store/sealing/sealer.ts'
import { WrongStoreKey } from '../../src/store/wrong-store-key.ts'
import { chunk } from '../conformance/import-chunk.ts'
import { options, payloadOf, publish, recordOf, untilStatus } from '../conformance/import-store-under-test.ts'
import { answerOf, claimOf, finish, freshKey } from '../conformance/store-under-test.ts'
import { startRedis } from '../support/redis.ts'

/** What is changed behind the back of a store. */
type Data = {
  readonly where: Pick<StoreOptions, 'redisUrl' | 'dataDir'>
  /** Puts what is kept of one key in the place of what is kept of another. */
  swapAnswers(one: string, other: string): Promise<void>
  /** Gives an answer another last byte. */
  spoilAnswer(key: string): Promise<void>
  /** Puts a block of an import in the place of another one of it. */
  swapBlocks(id: string): Promise<void>
  empty(): Promise<void>
  close(): Promise<void>
}

const spoil = (bytes: Uint8Array) => Buffer.from(bytes).fill((bytes.at(-1) as number) ^ 1, bytes.length - 1)

const stores: [name: string, open: () => Promise<Data>][] = [
  [
    'SQLite',
    async () => {
      const dataDir = mkdtempSync(join(tmpdir(), 'contact-gateway-key-'))
      const inFile = (work: (database: DatabaseSync) => void) => {
        const database = new DatabaseSync(join(dataDir, 'gateway.db'))
        work(database)
        database.close()
      }
      const answerIn = (database: DatabaseSync, key: string) =>
        database.prepare('SELECT answer, fingerprint FROM answers WHERE key = ?').get(recordDigest(key)) as {
          answer: Uint8Array
          fingerprint: Uint8Array
        }
      const put = (database: DatabaseSync, key: string, answer: Uint8Array) =>
        database.prepare('UPDATE answers SET answer = ? WHERE key = ?').run(answer, recordDigest(key))
      return {
        where: { dataDir },
        swapAnswers: async (one, other) => inFile((database) => put(database, other, answerIn(database, one).answer)),
        spoilAnswer: async (key) => inFile((database) => put(database, key, spoil(answerIn(database, key).answer))),
        swapBlocks: async (id) =>
          inFile((database) =>
            database
              .prepare(
                'UPDATE import_blocks SET payload = (SELECT payload FROM import_blocks WHERE import_id = ?1 AND block = 1) WHERE import_id = ?1 AND block = 0',
              )
              .run(id),
          ),
        empty: async () => rmSync(dataDir, { recursive: true, force: true }),
        close: async () => rmSync(dataDir, { recursive: true, force: true }),
      }
    },
  ],
  [
    'Redis',
    async () => {
      const server = await startRedis()
      const redis = new Redis(server.url)
      const read = async (key: string) => (await redis.getBuffer(recordKeys(key).answer)) as Buffer
      const put = (key: string, bytes: Buffer) => redis.set(recordKeys(key).answer, bytes, 'KEEPTTL')
      return {
        where: { redisUrl: server.url, dataDir: '' },
        swapAnswers: async (one, other) => void (await put(other, await read(one))),
        spoilAnswer: async (key) => void (await put(key, spoil(await read(key)))),
        swapBlocks: async (id) => {
          const { blocks } = importKeys(id)
          await redis.hset(blocks, '0', (await redis.hgetBuffer(blocks, '1')) as Buffer)
        },
        empty: async () => void (await redis.flushall()),
        close: async () => {
          redis.disconnect()
          await server.stop()
        },
      }
    },
  ],
]

const [oldKey, newKey, foreignKey] = [randomBytes(32), randomBytes(32), randomBytes(32)]

describe.each(stores)('a %s store and its keys', (_name, open) => {
  let data: Data
  beforeAll(async () => {
    data = await open()
  })
  afterAll(() => data.close())

  const opened = new Set<Store>()
  const unreadable: Unreadable[] = []
  const openWith = async (keys: readonly Buffer[], more: Partial<StoreOptions> = {}) => {
    const store = await openStore({ ...data.where, keys, onUnreadable: (one) => void unreadable.push(one), ...more })
    opened.add(store)
    return store
  }
  afterEach(async () => {
    await Promise.all([...opened].map((store) => store.close()))
    opened.clear()
    unreadable.length = 0
    await data.empty()
  })
  const claimed = async (store: Store, key: string) => store.idempotency.claim(claimOf(key))
  const done = (text: string) => ({ kind: 'done', answer: answerOf(text) })

  test('belong together for good: another key, or none, opens nothing, and is said to be wrong without its value', async () => {
    await (await openWith([oldKey])).close()
    for (const keys of [[newKey], [newKey, foreignKey], []]) {
      const refusal = await openWith(keys).catch((error: Error) => error)
      expect(refusal).toBeInstanceOf(WrongStoreKey)
      for (const key of keys)
        for (const encoding of ['hex', 'base64url'] as const)
          expect((refusal as Error).message).not.toContain(key.toString(encoding))
    }
    await openWith([newKey, oldKey])
  })

  test('of two that start at once with different keys one is refused', async () => {
    for (let round = 0; round < 5; round += 1) {
      const starts = await Promise.allSettled([openWith([oldKey]), openWith([newKey])])
      expect(starts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      await Promise.all([...opened].map((store) => store.close()))
      opened.clear()
      await data.empty()
    }
  })

  test('who only looks makes no seal', async () => {
    await (await openWith([newKey], { seal: 'look' })).close()
    await openWith([oldKey])
    await expect(openWith([newKey], { seal: 'look' })).rejects.toThrow(WrongStoreKey)
  })

  test('what was kept before there was a key is read, and a repeat of its request is one', async () => {
    const plain = await openWith([])
    const [ended, running] = [freshKey(), freshKey()]
    await finish(plain, ended, answerOf('before'))
    await plain.idempotency.claim(claimOf(running))
    const id = await publish(plain, recordOf({ accounts: ['one'] }), [2])
    await plain.close()
    opened.delete(plain)

    const store = await openWith([oldKey])
    expect(await claimed(store, ended)).toEqual(done('before'))
    expect(await claimed(store, running)).toMatchObject({ kind: 'running' })
    expect(await store.idempotency.claim(claimOf(ended, { fingerprint: 'other' }))).toEqual({ kind: 'reused' })
    expect((await store.imports.get(id))?.options).toEqual(recordOf().options)
    const seen: Buffer[] = []
    store.imports.work(
      'one',
      async (_job, payload, lease) => {
        seen.push(payload)
        await lease.commit(chunk(2, { rejected: 2 }, 'report'))
      },
      options,
    )
    await untilStatus(store, id, 'completed_with_errors')
    expect(seen).toEqual([payloadOf(0)])
    expect(await store.imports.readReports(id, 0)).toEqual(new Map([['one', [Buffer.from('report')]]]))
  })

  test('keys rotate in three steps: in each, who was there before and who comes read what the other keeps', async () => {
    const steps = [[oldKey], [oldKey, newKey], [newKey, oldKey], [newKey]] as const
    let before: Store | undefined
    for (const keys of steps) {
      const after = await openWith(keys)
      for (const [from, to] of before === undefined ? [] : [[before, after] as const, [after, before] as const]) {
        const [key, held, person] = [freshKey(), freshKey(), randomBytes(4)]
        await finish(from, key, answerOf('kept'))
        await from.idempotency.claim(claimOf(held))
        const id = await publish(from, recordOf(), [1])
        const turn = (owner: string) => ({ account: 'a', owner: owner.padEnd(36), names: person })
        await from.writers.takeOne(turn('one'), 60_000, 0)
        expect(await claimed(to, key)).toEqual(done('kept'))
        expect(await claimed(to, held)).toMatchObject({ kind: 'running' })
        expect((await to.imports.get(id))?.format).toEqual(recordOf().format)
        expect(await to.writers.takeOne(turn('two'), 60_000, 0)).toBe('taken')
      }
      before = after
    }
    expect(unreadable).toEqual([])
    await expect(openWith([oldKey])).rejects.toThrow(WrongStoreKey)
  })

  test('what is left of a key that was taken out too early is refused, and told with the id of that key', async () => {
    const before = await openWith([oldKey])
    const key = freshKey()
    await finish(before, key, answerOf('old'))
    await openWith([newKey, oldKey])
    const after = await openWith([newKey])
    await expect(claimed(after, key)).rejects.toThrow(StoredDataUnreadable)
    expect(unreadable).toEqual([{ kind: 'answer', reason: 'unknown-key', keyId: keyIdOf(oldKey) }])
    // Nothing became of it: who has the key reads it still.
    expect(await claimed(before, key)).toEqual(done('old'))
  })

  test('what was changed, or put in the place of something else, is refused and told', async () => {
    const store = await openWith([oldKey])
    const [one, other, spoilt] = [freshKey(), freshKey(), freshKey()]
    for (const key of [one, other, spoilt]) await finish(store, key, answerOf(key))
    await data.swapAnswers(one, other)
    await data.spoilAnswer(spoilt)
    expect(await claimed(store, one)).toEqual(done(one))
    for (const key of [other, spoilt]) await expect(claimed(store, key)).rejects.toThrow('not as it was sealed')

    const id = await publish(store, recordOf({ accounts: ['one'] }), [1, 1])
    await data.swapBlocks(id)
    await expect(store.imports.readBlock(id, 0)).rejects.toThrow(StoredDataUnreadable)
    expect(await store.imports.readBlock(id, 1)).toEqual(payloadOf(1))
    const told = { reason: 'damaged', keyId: keyIdOf(oldKey) }
    expect(unreadable).toEqual(['answer', 'answer', 'block'].map((kind) => ({ kind, ...told })))
  })
})
