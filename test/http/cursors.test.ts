import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createCursors } from '../../src/http/requests/cursors.ts'

const held = randomBytes(32)
const key = async () => held
const anotherKey = async () => randomBytes(32)
const binding = ['crm', '/contacts', 'a', undefined, 'vip', 25]
const refused = { slug: 'invalid-cursor' }

describe('a cursor', () => {
  test('is the page that it was issued for, at every holder of the key', async () => {
    const cursor = await createCursors(key).issue(4_000_000_000, binding)
    expect(cursor).toMatch(/^[A-Za-z0-9_-]{54}$/)
    expect(await createCursors(key).read(cursor, binding)).toBe(4_000_000_000)
  })

  test.each(['eyJpZCI6NDJ9', 'é ü/+?', '1', 'x'.repeat(1_400)])('is the cursor of a provider: %s', async (from) => {
    const cursor = await createCursors(key).issue(from, binding)
    expect(cursor.length).toBeLessThanOrEqual(2_000)
    expect(await createCursors(key).read(cursor, binding)).toBe(from)
    const cut = Buffer.from(cursor, 'base64url').subarray(0, -1).toString('base64url')
    await expect(createCursors(key).read(cut, binding)).rejects.toThrow(expect.objectContaining(refused))
  })

  test('holds for a day', async () => {
    let now = 1_800_000_000_000
    const cursors = createCursors(key, () => now)
    const cursor = await cursors.issue(2, binding)
    now += 86_400_000
    expect(await cursors.read(cursor, binding)).toBe(2)
    now += 1_000
    await expect(cursors.read(cursor, binding)).rejects.toThrow(expect.objectContaining(refused))
  })

  test('is none with another key, or with parts that only read alike in a row', async () => {
    const cursor = await createCursors(key).issue(2, ['a', 'b,c'])
    await expect(createCursors(anotherKey).read(cursor, ['a', 'b,c'])).rejects.toThrow(expect.objectContaining(refused))
    await expect(createCursors(key).read(cursor, ['a', 'b', 'c'])).rejects.toThrow(expect.objectContaining(refused))
    await expect(createCursors(key).read(cursor, ['a,b', 'c'])).rejects.toThrow(expect.objectContaining(refused))
  })

  test('of a parameter that is absent is none of one that is a text', async () => {
    const cursor = await createCursors(key).issue(2, [undefined])
    await expect(createCursors(key).read(cursor, ['null'])).rejects.toThrow(expect.objectContaining(refused))
  })
})
