import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { WriterTurn } from '../../../src/services/store-port.ts'
import { keyedDigests } from '../../../src/store/sealing/keyed-digests.ts'
import { keyedWriters } from '../../../src/store/sealing/keyed-writers.ts'
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'

const key = randomBytes(32)
const [digests, same, other] = [keyedDigests(key), keyedDigests(Buffer.from(key)), keyedDigests(randomBytes(32))]

describe('digests under the key of a store', () => {
  test('are the same for all who have it, and for nobody else', () => {
    const [fingerprint, names] = [randomBytes(32), randomBytes(400)]
    expect(same.fingerprint(fingerprint)).toEqual(digests.fingerprint(fingerprint))
    expect(same.names(names)).toEqual(digests.names(names))
    expect(other.fingerprint(fingerprint)).not.toEqual(digests.fingerprint(fingerprint))
    expect(other.names(names)).not.toEqual(digests.names(names))
    expect(digests.fingerprint(fingerprint)).toHaveLength(32)
  })

  test('a name is the same alone and among others, and tells nothing of itself', () => {
    const names = Buffer.concat(Array.from({ length: 1000 }, () => randomBytes(4)))
    const keyed = digests.names(names)
    for (let at = 0; at < names.length; at += 4) {
      const name = names.subarray(at, at + 4)
      expect(digests.names(name)).toEqual(keyed.subarray(at, at + 4))
      expect(keyed.subarray(at, at + 4)).not.toEqual(name)
    }
  })
})

test('who asks for a group is told its people by the names that it gave them', async () => {
  const store = openSqliteStore({ dataDir: ':memory:' })
  const writers = keyedWriters(store.writers, () => digests)
  const turn = (owner: string, ...names: number[]): WriterTurn => {
    const bytes = Buffer.alloc(4 * names.length)
    for (const [index, name] of names.entries()) bytes.writeUInt32BE(name, 4 * index)
    return { account: 'a', owner: owner.padEnd(36), names: bytes }
  }
  await writers.takeOne(turn('one', 7), 10_000, 0)
  expect(await writers.takeGroup(turn('many', 5, 7, 9), 10_000)).toEqual([7])
  expect(await writers.takeOne(turn('two', 9), 10_000, 0)).toBe('taken')
  // Nobody finds them in the store by their plain names.
  expect(await store.writers.takeGroup(turn('many more', 5, 7, 9), 10_000)).toEqual([])
  await store.close()
})
