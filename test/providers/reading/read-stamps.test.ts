import { expect, test } from 'vitest'
import { readStamps } from '../../../src/providers/reading/read-stamps.ts'

const answered = 'Sun, 01 Mar 2026 12:00:00 GMT'
const at = (offsetMs: number) => new Date(Date.parse(answered) + offsetMs).toISOString()
const dayMs = 86_400_000

test.each<[name: string, created: number, updated: number | undefined, tookMs: number, says: string]>([
  ['both at the moment', 0, 0, 100, 'made'],
  ['changed a millisecond later', 0, 1, 100, 'made'],
  ['changed a second later', -1_000, 0, 100, 'made'],
  ['changed before it was made, by a moment', 0, -900, 100, 'made'],
  ['by a clock that is ahead', 900, 900, 100, 'made'],
  ['as long ago as the call took', -5_000, -5_000, 5_000, 'made'],
  ['by whole seconds', -1_999, -1_999, 0, 'made'],
  ['without a stamp of the change', 0, undefined, 100, 'made'],
  ['a day ago, changed now', -dayMs, 0, 100, 'changed'],
  ['a minute ago, changed during the call', -60_000, -4_000, 5_000, 'changed'],
  ['a day ago, not changed since', -dayMs, -dayMs, 100, 'untouched'],
  ['a minute ago, changed then', -60_000, -59_000, 100, 'untouched'],
])('%s: %i ms and %s ms from the answer, after %i ms', (_name, created, updated, tookMs, says) => {
  const contact = { createdAt: at(created), ...(updated !== undefined && { updatedAt: at(updated) }) }
  expect(readStamps(contact, { date: answered, tookMs })).toBe(says)
})

test.each([
  ['nothing', {}, answered],
  ['no time', { createdAt: 'never', updatedAt: 'never' }, answered],
  ['a change alone', { updatedAt: at(0) }, answered],
  ['old stamps, of which the second is not there', { createdAt: at(-dayMs) }, answered],
  ['one moment, where the provider’s clock is not known', { createdAt: at(0), updatedAt: at(1_999) }, undefined],
  ['one moment, where the clock is no date', { createdAt: at(0), updatedAt: at(0) }, 'soon'],
])('do not tell where they are %s', (_name, contact, date) => {
  expect(readStamps(contact, { date, tookMs: 100 })).toBeUndefined()
})

test.each([
  [2_001, 'changed'],
  [2_000, undefined],
  [1, undefined],
])('without the provider’s clock a change %i ms after the making says %s', (later, says) => {
  expect(readStamps({ createdAt: at(0), updatedAt: at(later) }, undefined)).toBe(says)
})
