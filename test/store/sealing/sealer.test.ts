import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { StoredDataUnreadable } from '../../../src/services/store-port.ts'
import {
  createSealer,
  isSealed,
  keyIdOf,
  type SealedPlace,
  type Unreadable,
} from '../../../src/store/sealing/sealer.ts'

const [oldKey, newKey, otherKey] = [randomBytes(32), randomBytes(32), randomBytes(32)]
const place: SealedPlace = ['block', 'import-1', 0]
const plain = Buffer.from('{"phone":"+919812345678"}')

describe('what is sealed', () => {
  test('comes back as it was, empty or long, and is another text each time', () => {
    const sealer = createSealer([newKey])
    for (const text of [Buffer.alloc(0), plain, randomBytes(300_000)]) {
      const [one, other] = [sealer.seal(place, text), sealer.seal(place, text)]
      expect(one.equals(other)).toBe(false)
      expect(isSealed(one)).toBe(true)
      expect(sealer.open(place, one)).toEqual(text)
      expect(one.length).toBe(text.length + 48)
    }
  })

  test('names its key by a hash, and holds neither it nor the text', () => {
    const sealed = createSealer([newKey]).seal(place, plain)
    expect(sealed.toString('hex', 4, 8)).toBe(keyIdOf(newKey))
    expect(sealed.includes(newKey)).toBe(false)
    expect(newKey.toString('hex')).not.toContain(keyIdOf(newKey))
    expect(sealed.includes('9812345678')).toBe(false)
  })

  test.each<SealedPlace>([
    ['block', 'import-1', 1],
    ['block', 'import-2', 0],
    ['report', 'import-1', 0],
    ['block', 'import-1'],
    ['block', 'import-1,0'],
  ])('opens in its own place alone, not as %s %s %s', (...other: (string | number)[]) => {
    const sealer = createSealer([newKey])
    expect(() => sealer.open(other as unknown as SealedPlace, sealer.seal(place, plain))).toThrow(StoredDataUnreadable)
  })

  test('opens with each of several keys, and is sealed with the first', () => {
    const before = createSealer([oldKey]).seal(place, plain)
    const rotated = createSealer([newKey, oldKey])
    expect(rotated.open(place, before)).toEqual(plain)
    expect([rotated.isFresh(before), rotated.isFresh(rotated.seal(place, plain))]).toEqual([false, true])
    expect(createSealer([newKey]).open(place, rotated.seal(place, plain))).toEqual(plain)
  })
})

test('what was written before there was a key is read as it is', () => {
  const sealer = createSealer([newKey])
  for (const text of ['[]', '', 'C', 'CGS', plain.toString()])
    expect(sealer.open(place, Buffer.from(text)).toString()).toBe(text)
})

test('what was changed, or sealed with another key, is said to be so, with its kind and key and nothing of itself', () => {
  const told: Unreadable[] = []
  const sealer = createSealer([newKey], (unreadable) => told.push(unreadable))
  const sealed = sealer.seal(place, plain)
  for (let at = 8; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] as number) ^ 0x80
    expect(() => sealer.open(place, changed)).toThrow('not as it was sealed')
  }
  expect(() => sealer.open(place, sealed.subarray(0, -1))).toThrow('not as it was sealed')
  expect(new Set(told.map((one) => JSON.stringify(one)))).toEqual(
    new Set([JSON.stringify({ kind: 'block', reason: 'damaged', keyId: keyIdOf(newKey) })]),
  )
  const foreign = createSealer([otherKey]).seal(place, plain)
  expect(() => sealer.open(place, foreign)).toThrow(`not in STORE_KEY (key ${keyIdOf(otherKey)})`)
  expect(told.at(-1)).toEqual({ kind: 'block', reason: 'unknown-key', keyId: keyIdOf(otherKey) })
})
