import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkExpressions, findSlowExpressions } from '../scripts/check-expressions.ts'
import type { Contact } from '../src/domain/contact.ts'
import { fieldsOfHeader } from '../src/imports/columns/header-names.ts'
import { readTags } from '../src/imports/rows/read-tags.ts'
import { namedIn } from '../src/providers/reading/named-contacts.ts'
import { askedWaitMs } from '../src/providers/retry-after.ts'
import { findFailedRows } from '../src/providers/vobiz/import-errors.ts'
import { createRedactor } from '../src/transport/redact.ts'

test('no regular expression of the gateway takes more than a multiple of the time for a longer text', () => {
  expect(checkExpressions(join(import.meta.dirname, '../src'))).toEqual([])
})

describe('the check finds', () => {
  const reason = '// eslint-disable-next-line regexp/no-super-linear-move -- at most 64 characters\n'
  test.each([
    ['one that goes back', 'export const a: RegExp = /^(?:a+)+b$/', /^1:\d+ .*exponential/],
    [
      'one that goes back from each place',
      'type A = string\nexport const a = (text: A) => /@.+\\./.test(text)',
      /^2:\d+ /,
    ],
    [
      'one that looks from each place',
      'export const a = (text: string): string => text.replace(/\\s+$/, "")',
      /^1:\d+ /,
    ],
    ['one that is made of a text', 'export const a = new RegExp("\\\\s+$")', /^1:\d+ /],
    [
      'one that is passed over without a reason',
      '// eslint-disable-next-line regexp/no-super-linear-move\nconst a = /\\s+$/',
      /^1:1 Say why/,
    ],
    ['a whole file that is passed over', '/* eslint-disable */\nconst a = /\\s+$/', /^1:1 Say why/],
    ['a reason for nothing', `${reason}const a = /a/`, /Unused eslint-disable/],
  ])('%s', (_what, text, says) => {
    const found = findSlowExpressions(text)
    expect(found).toEqual([expect.stringMatching(says)])
  })

  test.each([
    ['one for which a reason is given', `${reason}export const a = /\\s+$/`],
    ['plain ones', 'export const a = /^a+b$/, b = /(?<!=)=+$/'],
  ])('nothing in %s', (_what, text) => {
    expect(findSlowExpressions(text)).toEqual([])
  })
})

/** Each took seconds: of callers, and of providers. */
describe('a text that was made to be slow is read within a second', () => {
  const long = 60_000
  const people = ['a', 'b'].map((name) => ({ email: `${name}@example.com` }) as Contact)
  test.each<[string, () => unknown]>([
    ['blank tags between lines', () => readTags(`${'\n'.repeat(long)}x"`, '\n')],
    ['480 names of columns with an example', () => fieldsOfHeader(Array(480).fill(`Phone (${'1'.repeat(185)}a)`))],
    ['words of a provider with one @', () => namedIn({ errors: Array(500).fill(`${'a'.repeat(1_999)}@`) }, people)],
    ['a wait in seconds behind blanks', () => waitFor(`1${' '.repeat(long)}x`)],
    ['an error with a row behind blanks', () => findFailedRows([`row${' '.repeat(long)}x`], people, 1)],
    ['one long word of a provider', () => createRedactor([])('a'.repeat(long))],
  ])('%s', (_what, read) => {
    const startedAt = performance.now()
    read()
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  const waitFor = (retryAfter: string) =>
    askedWaitMs('rateLimited', { status: 429, retryAfter: undefined } as never, { retry_after: retryAfter }, 0)
})
