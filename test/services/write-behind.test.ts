import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { KeptExplanation } from '../../src/services/explanation-store-port.ts'
import { createWriter } from '../../src/services/explanations/write-behind.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const one = (id: string, size = 100): KeptExplanation => ({
  id,
  at: 1,
  status: 503,
  list: undefined,
  head: 'x'.repeat(size),
  accounts: '[]',
})

/** A writer to a store that can be away. */
function writerTo() {
  const written: string[] = []
  const batches: number[] = []
  const lost: number[] = []
  const store = { isAway: false }
  const writer = createWriter(
    async (client, explanations) => {
      if (store.isAway) throw new Error('away')
      batches.push(explanations.length)
      written.push(...explanations.map(({ id }) => `${client} ${id}`))
    },
    (count) => lost.push(count),
  )
  return { writer, written, batches, lost, store }
}

test('what is added is found at once, and gone from memory once it is written', async () => {
  const { writer, written } = writerTo()
  writer.add('crm', one('a'))
  writer.add('crm', one('a'))
  expect(writer.find('crm', 'a')).toMatchObject({ newest: { id: 'a' }, count: 2 })
  expect(writer.find('shop', 'a').count).toBe(0)
  await vi.advanceTimersByTimeAsync(150)
  expect(written).toEqual(['crm a', 'crm a'])
  expect(writer.find('crm', 'a').count).toBe(0)
})

test('many are written in steps that are bounded by number and size, in turn with other clients', async () => {
  const { writer, batches, written } = writerTo()
  for (let place = 0; place < 250; place++) writer.add('crm', one(`small-${place}`))
  for (let place = 0; place < 40; place++) writer.add('shop', one(`large-${place}`, 16_000))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(written).toHaveLength(290)
  expect(Math.max(...batches)).toBe(100)
  // 256 KB have room for 16 of 16 KB.
  expect(batches).toContain(16)
  expect(written.findIndex((line) => line.startsWith('shop'))).toBe(100)
})

test('while the store is away a thousand wait, and a flood of one client takes nothing from another', async () => {
  const { writer, written, lost, store } = writerTo()
  store.isAway = true
  writer.add('shop', one('before'))
  for (let place = 0; place < 1_500; place++) writer.add('crm', one(`flood-${place}`))
  await vi.advanceTimersByTimeAsync(2_000)
  expect(lost).toHaveLength(501)
  expect(writer.find('shop', 'before').count).toBe(1)
  expect(writer.find('crm', 'flood-0').count).toBe(0)
  expect(writer.find('crm', 'flood-1499').count).toBe(1)
  store.isAway = false
  await vi.advanceTimersByTimeAsync(2_000)
  expect(written).toHaveLength(1_000)
  expect(written).toContain('shop before')
})

test('who closes writes what waits, and does not wait for a store that is away', async () => {
  const { writer, written, store } = writerTo()
  for (let place = 0; place < 150; place++) writer.add('crm', one(`last-${place}`))
  await writer.close()
  expect(written).toHaveLength(150)
  store.isAway = true
  writer.add('crm', one('never'))
  await writer.close()
  expect(written).toHaveLength(150)
})
