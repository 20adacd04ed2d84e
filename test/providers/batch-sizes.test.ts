import { expect, test } from 'vitest'
import { BatchSizes } from '../../src/providers/batch-sizes.ts'

test('until a call is refused for its size, a call has as many contacts as it may', () => {
  const sizes = new BatchSizes()
  sizes.taken('addContacts', 50)
  expect(sizes.most('addContacts', 200)).toBe(200)
})

test('a call that was refused is halved, down to one contact', () => {
  const sizes = new BatchSizes()
  expect(sizes.refused('addContacts', 100)).toBe(50)
  expect(sizes.most('addContacts', 200)).toBe(50)
  expect(sizes.refused('addContacts', 3)).toBe(1)
  expect(sizes.refused('addContacts', 1)).toBeUndefined()
  expect(sizes.most('addContacts', 200)).toBe(1)
})

test('calls at once that were refused alike are one finding', () => {
  const sizes = new BatchSizes()
  expect([sizes.refused('addContacts', 100), sizes.refused('addContacts', 100)]).toEqual([50, undefined])
})

test('what was found of one operation is not said of another', () => {
  const sizes = new BatchSizes()
  sizes.refused('importContacts', 1000)
  expect(sizes.most('addContacts', 200)).toBe(200)
})

test('a size that was taken is given up only when it is refused twice in a row', () => {
  const sizes = new BatchSizes()
  sizes.refused('addContacts', 100)
  sizes.taken('addContacts', 50)
  expect(sizes.refused('addContacts', 50)).toBeUndefined()
  sizes.taken('addContacts', 50)
  expect(sizes.refused('addContacts', 50)).toBeUndefined()
  expect(sizes.refused('addContacts', 50)).toBe(25)
})
