import { expect, test } from 'vitest'
import { freshName, type ImportStoreUnderTest, publish, recordOf } from './import-store-under-test.ts'

/** A client's own imports. */
export function testImportLists(subject: () => ImportStoreUnderTest): void {
  const imports = () => subject().store.imports

  test('are the newest first, page by page, without those of others', async () => {
    const client = freshName('client')
    const now = Date.now()
    const ids: string[] = []
    for (let number = 0; number < 5; number += 1) {
      const createdAt = new Date(now + number * 1000).toISOString()
      ids.unshift(await publish(subject().store, recordOf({ client, createdAt }), [1]))
      await publish(subject().store, recordOf({ createdAt }), [1])
    }
    await imports().begin(recordOf({ client, createdAt: new Date(now + 2500).toISOString() }))

    const all = await imports().list(client, 10, undefined)
    expect(all.map(({ id }) => id)).toEqual(ids)
    expect(all[0]).toEqual(await imports().get(ids[0] ?? ''))
    const pages: string[][] = []
    for (let after: string | undefined; pages.length < 4; after = pages.at(-1)?.at(-1) ?? after)
      pages.push((await imports().list(client, 2, after)).map(({ id }) => id))
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4), []])
    expect(await imports().list(client, 10, 'nothing')).toEqual([])
    expect(await imports().list(freshName('client'), 10, undefined)).toEqual([])
  })

  test('those of the same millisecond are each on exactly one page', async () => {
    const client = freshName('client')
    const createdAt = new Date().toISOString()
    const ids = new Set<string>()
    for (let number = 0; number < 5; number += 1)
      ids.add(await publish(subject().store, recordOf({ client, createdAt }), [1]))
    const found: string[] = []
    for (let after: string | undefined; found.length < 5; after = found.at(-1)) {
      const page = await imports().list(client, 2, after)
      expect(page.length).toBeGreaterThan(0)
      found.push(...page.map(({ id }) => id))
    }
    expect(found).toHaveLength(5)
    expect(new Set(found)).toEqual(ids)
  })

  test('are counted while they are queued or running', async () => {
    const client = freshName('client')
    const [first] = [
      await publish(subject().store, recordOf({ client }), [1]),
      await publish(subject().store, recordOf({ client }), [1]),
      await publish(subject().store, recordOf({ client }), []),
    ]
    await imports().begin(recordOf({ client }))
    expect(await imports().countUnfinished(client)).toBe(2)
    await imports().cancel(first ?? '')
    expect(await imports().countUnfinished(client)).toBe(1)
    expect(await imports().countUnfinished(client)).toBe(1)
  })
}
