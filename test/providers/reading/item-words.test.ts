import { describe, expect, test } from 'vitest'
import { readItemWords } from '../../../src/providers/reading/item-words.ts'

const read = (item: Record<string, unknown>) => readItemWords(item, '+33612345678', 'Octopush', 201)

describe('the word of an item', () => {
  test.each([
    ['created', ['added', 'ADDED', ' added ', 'created', 'inserted', 'new']],
    ['updated', ['updated', 'Modified', 'overwritten', 'merged']],
    ['skipped', ['skipped', 'ignored', 'unchanged', 'exists', 'already_exists', 'duplicate']],
    ['accepted', ['ok', 'OK', 'success', 'accepted', 'saved', 'done', true, '', null, undefined]],
    [
      'unknown',
      ['error', 'failed', 'invalid', 'rejected', 'not_found', 'queued', 'pending', 'not added', 0, 7, false, {}],
    ],
  ])('%s: %j', (status, words) => {
    for (const word of words) expect([word, read({ status: word }).status]).toEqual([word, status])
  })

  test.each(['blacklisted', 'ERROR', 'Rejected', 'not found'])('%s that is not understood is handed on', (word) => {
    expect(read({ status: word }).error?.provider).toEqual({ status: 201, code: word })
  })

  test.each(['Jane Smith', 'jane@example.com', '+33612345678', 'x'.repeat(60), 'Zoë'])(
    'data in its place is not: %s',
    (word) => {
      const result = read({ status: word })
      expect([result.status, JSON.stringify(result.error).includes(word)]).toEqual(['unknown', false])
    },
  )
})

test.each([
  { error: 'no' },
  { errors: [{ message: 'no' }] },
  { success: false },
  { ok: false },
  { message: 'Number is not valid' },
  { code: 117 },
  { error_code: 'X' },
])('a word of success beside %j is in doubt', (said) => {
  expect(read({ status: 'added', ...said }).status).toBe('unknown')
})

test.each([
  { error: null },
  { errors: [] },
  { success: true },
  { message: 'Added' },
  { code: 0 },
  { id: 7, email: '' },
])('and beside %j it counts', (said) => {
  expect(read({ status: 'added', ...said }).status).toBe('created')
})
