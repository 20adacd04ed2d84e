import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tidyText, trimInvisible } from '../../src/domain/tidy-text.ts'

describe('what goes from the ends of a text', () => {
  test.each([
    [' Jane ', 'Jane'],
    ['\u00a0Jane\u3000', 'Jane'],
    ['\ufeffJane', 'Jane'],
    ['\u200bJane\u200b', 'Jane'],
    ['Jane\u00ad', 'Jane'],
    ['\u200eJane\u200f', 'Jane'],
    ['\u202dJane\u202c', 'Jane'],
    ['\u2068Jane\u2069', 'Jane'],
    ['\u202eright to left', 'right to left'],
    ['\u0000Jane\u0085', 'Jane'],
    ['Jane\r\n', 'Jane'],
    ['\tJane', 'Jane'],
    ['Jane \u200b \ufeff', 'Jane'],
    ['Jane\u{e0041}\u{e0042}', 'Jane'],
    ['Jane\u2800', 'Jane\u2800'],
    ['\u3164Jane\u115f', 'Jane'],
    ['\u180eJane', 'Jane'],
    ['\u{1d173}Jane\u{1d17a}', 'Jane'],
    ['Jane\u200d', 'Jane'],
    ['Jane \ufe0f', 'Jane'],
  ])('%j is %j', (text, tidy) => {
    expect(tidyText(text)).toBe(tidy)
  })

  test.each([
    '',
    ' ',
    '\u200b',
    '\ufeff\u200b \u2060',
    '\u3164',
    '\r\n',
    '\u202a\u202c',
    '\u{e0020}',
    '\u00ad',
    '\ufe0f',
  ])('nothing is left of %j', (text) => {
    expect(tidyText(text)).toBe('')
  })
})

describe('what becomes one blank inside a text', () => {
  test.each([
    ['Jane\nSmith', 'Jane Smith'],
    ['Jane\r\nSmith', 'Jane Smith'],
    ['Jane \r\n\r\n Smith', 'Jane Smith'],
    ['Jane\tSmith', 'Jane Smith'],
    ['Jane\u0000Smith', 'Jane Smith'],
    ['Jane\u0085Smith', 'Jane Smith'],
    ['Jane\u2028Smith\u2029Jr', 'Jane Smith Jr'],
    ['Jane\u001b[31mSmith', 'Jane [31mSmith'],
    [' Jane\n\u200b', 'Jane'],
  ])('%j is %j', (text, tidy) => {
    expect(tidyText(text)).toBe(tidy)
  })
})

describe('what stays to the letter', () => {
  test.each([
    ['an ordinary name', 'Jane Smith'],
    ['two blanks', 'Jane  Smith'],
    ['a formula', '=cmd()'],
    ['accents, composed and not', 'Zoë Ze\u0301'],
    ['a family of emoji', '👩‍👩‍👧 Family'],
    ['a family at the end', 'Family 👩‍👩‍👧'],
    ['a coloured heart at the end', 'Jane ❤\ufe0f'],
    ['a keycap', '1\ufe0f\u20e3'],
    ['a flag made of tags', 'Alba \u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['a flag of two letters', 'Ravi 🇮🇳'],
    ['a variant of a Han character at the end', '葛\u{e0100}'],
    ['Persian with a joiner that parts', 'می\u200cخواهم'],
    ['Hindi with a joiner', 'क्\u200dष'],
    ['Malayalam that ends in a joiner', 'രാജന്\u200d'],
    ['Hebrew', 'שָׁלוֹם'],
    ['a mark of direction inside', 'Jane \u200f(שלום) Smith'],
    ['an embedding that is closed', 'Jane \u202bשלום\u202c Smith'],
    ['a soft hyphen inside', 'Donau\u00addampf'],
    ['half of a pair', 'Jane \ud83d'],
  ])('%s', (_, text) => {
    expect(tidyText(text)).toBe(text)
  })

  test('a control of direction does not stay alone, to turn what stands behind the text', () => {
    expect(tidyText('Jane \u202eSmith\u202c')).toBe('Jane Smith')
    expect(tidyText('\u2067שלום\u2069 Smith')).toBe('שלום Smith')
  })
})

describe('whatever the text', () => {
  const characters = fc.constantFrom(
    ...[
      'a',
      'é',
      '李',
      '👩',
      '❤',
      ' ',
      '\u00a0',
      '\n',
      '\t',
      '\u0000',
      '\u200b',
      '\u200d',
      '\ufe0f',
      '\ufeff',
      '\u202e',
    ],
    ...['\u202c', '\u00ad', '\u3164', '\u{e0041}', '\u{e007f}', '\u{1f3f4}', '\u094d', '\u2028', '\ud83d'],
  )
  const texts = fc.oneof(fc.string({ unit: characters, maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 12 }))

  test('tidying it twice changes nothing more', () => {
    fc.assert(
      fc.property(texts, (text) => tidyText(tidyText(text)) === tidyText(text)),
      { numRuns: 5_000 },
    )
  })

  test('there is no line break or control character in it, and no blank at its ends', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const tidy = tidyText(text)
        return !/[\p{Cc}\u2028\u2029]/u.test(tidy) && tidy === tidy.trim()
      }),
      { numRuns: 5_000 },
    )
  })

  test('everything that can be seen stays, in its order', () => {
    const seen = (text: string) => text.replace(/[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    fc.assert(
      fc.property(texts, (text) => seen(tidyText(text)) === seen(text)),
      { numRuns: 5_000 },
    )
  })

  test('the quick look tells the same as the long one', () => {
    const untouched = (text: string) => trimInvisible(text) === text && !/[\p{Cc}\u2028\u2029]/u.test(text)
    fc.assert(
      fc.property(texts, (text) => (tidyText(text) === text) === untouched(text)),
      { numRuns: 5_000 },
    )
  })

  test('no length makes it slow', () => {
    const long = `a${' \u200b'.repeat(500_000)}b\n${'\u202e'.repeat(500_000)}`
    expect(tidyText(long).startsWith('a')).toBe(true)
  })
})
