import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { cursorKey } from '../../src/config/cursor-key.ts'
import type { AccountConfig } from '../../src/config/schema.ts'
import { Secret } from '../../src/config/secret.ts'
import { createCursors } from '../../src/http/requests/cursors.ts'

const key = randomBytes(32)
const binding = ['crm', '/contacts', 'a', undefined, 'vip', 25]
const refused = { slug: 'invalid-cursor' }

describe('a cursor', () => {
  test('is the page that it was issued for, at every holder of the key', () => {
    const cursor = createCursors(key).issue(4_000_000_000, binding)
    expect(cursor).toMatch(/^[A-Za-z0-9_-]{54}$/)
    expect(createCursors(key).read(cursor, binding)).toBe(4_000_000_000)
  })

  test.each(['eyJpZCI6NDJ9', 'é ü/+?', '1', 'x'.repeat(1_400)])('is the cursor of a provider: %s', (from) => {
    const cursor = createCursors(key).issue(from, binding)
    expect(cursor.length).toBeLessThanOrEqual(2_000)
    expect(createCursors(key).read(cursor, binding)).toBe(from)
    const cut = Buffer.from(cursor, 'base64url').subarray(0, -1).toString('base64url')
    expect(() => createCursors(key).read(cut, binding)).toThrow(expect.objectContaining(refused))
  })

  test('holds for a day', () => {
    let now = 1_800_000_000_000
    const cursors = createCursors(key, () => now)
    const cursor = cursors.issue(2, binding)
    now += 86_400_000
    expect(cursors.read(cursor, binding)).toBe(2)
    now += 1_000
    expect(() => cursors.read(cursor, binding)).toThrow(expect.objectContaining(refused))
  })

  test('is none with another key, or with parts that only read alike in a row', () => {
    const cursor = createCursors(key).issue(2, ['a', 'b,c'])
    expect(() => createCursors(randomBytes(32)).read(cursor, ['a', 'b,c'])).toThrow(expect.objectContaining(refused))
    expect(() => createCursors(key).read(cursor, ['a', 'b', 'c'])).toThrow(expect.objectContaining(refused))
    expect(() => createCursors(key).read(cursor, ['a,b', 'c'])).toThrow(expect.objectContaining(refused))
  })

  test('of a parameter that is absent is none of one that is a text', () => {
    const cursor = createCursors(key).issue(2, [undefined])
    expect(() => createCursors(key).read(cursor, ['null'])).toThrow(expect.objectContaining(refused))
  })
})

describe('the key of cursors', () => {
  const accounts = (entries: Record<string, Record<string, string>>) => ({
    accounts: new Map(
      Object.entries(entries).map(([id, credentials]) => [
        id,
        {
          credentials: Object.fromEntries(Object.entries(credentials).map(([name, text]) => [name, new Secret(text)])),
        } as unknown as AccountConfig,
      ]),
    ),
  })

  test('is the same for the same credentials in any order, and another for others', () => {
    const one = cursorKey(accounts({ a: { x: '1', y: '2' }, b: { x: '3' } }))
    expect(one).toHaveLength(32)
    expect(cursorKey(accounts({ b: { x: '3' }, a: { y: '2', x: '1' } }))).toEqual(one)
    expect(cursorKey(accounts({ a: { x: '1', y: '2' }, b: { x: '4' } }))).not.toEqual(one)
    expect(cursorKey(accounts({ a: { x: '1', y: '2' }, c: { x: '3' } }))).not.toEqual(one)
  })

  test('is nobody’s guess without credentials', () => {
    expect(cursorKey(accounts({}))).not.toEqual(cursorKey(accounts({})))
  })
})
