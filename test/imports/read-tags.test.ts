import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTags, writeTags } from '../../src/imports/rows/read-tags.ts'

describe('a cell of tags', () => {
  it.each<[what: string, cell: string, tags: readonly string[]]>([
    ['commas', 'vip, paris ,,vip', ['vip', 'paris', 'vip']],
    ['one tag', 'vip', ['vip']],
    ['quotes, as Mailchimp writes them', '"vip","a, b"', ['vip', 'a, b']],
    ['quotes around some', 'vip,"a, b", c', ['vip', 'a, b', 'c']],
    ['quotes in quotes', '"the ""best""",x', ['the "best"', 'x']],
    ['quotes around the only tag', '"a, b"', ['a, b']],
    ['quotes within a tag', '5" screen, 6" screen', ['5" screen', '6" screen']],
    ['a quote that stays open', '"vip, paris', ['"vip', 'paris']],
    ['semicolons', 'Friends;Family; ', ['Friends', 'Family']],
    ['bars', 'Friends | Family', ['Friends', 'Family']],
    ['semicolons and quotes', '"a; b"; "c, d"', ['a; b', 'c, d']],
    ['semicolons within tags between commas', 'a;b, c|d', ['a;b', 'c|d']],
    ['Google', 'Friends ::: Work, close', ['Friends', 'Work, close']],
    ['JSON', '["vip", "a, b", " "]', ['vip', 'a, b']],
    ['JSON of no tags', '[]', []],
    ['no JSON', '[vip], x', ['[vip]', 'x']],
    ['JSON of other things', '[1,2]', ['[1', '2]']],
    ['nothing but separators', ' , ;', [';']],
  ])('%s', (_what, cell, tags) => {
    expect(readTags(cell)).toEqual({ tags, groups: [] })
  })

  it.each([
    ['* myContacts ::: Friends', ['Friends'], ['* myContacts']],
    ['* myContacts', [], ['* myContacts']],
    ['* My Contacts ::: * starred', ['starred'], ['* My Contacts']],
    ['Friends ::: * friends ::: * myContacts', ['Friends', 'friends'], ['* myContacts']],
    ['myContacts', ['myContacts'], []],
  ])('%j has %j, without the groups %j', (cell, tags, groups) => {
    expect(readTags(cell)).toEqual({ tags, groups })
  })

  it.each([
    ['/', 'a/b, c', ['a', 'b, c']],
    [',', 'a;b ::: c,d', ['a;b ::: c', 'd']],
    [',', '"a, b",c', ['a, b', 'c']],
    [' - ', 'a - b-c - d', ['a', 'b-c', 'd']],
    ['.', 'a.b,c', ['a', 'b,c']],
    ['|', '"a" b|c', ['"a" b', 'c']],
  ])('is split at %j alone when that is declared: %j', (separator, cell, tags) => {
    expect(readTags(cell, separator).tags).toEqual(tags)
  })

  it('that we write is read as just the tags that we were given', () => {
    const tag = fc
      .oneof(
        fc.string({ unit: fc.constantFrom('a', ',', '"', ';', '|', ':', ' ', '*', '[', ']', '-', 'é'), minLength: 1 }),
        fc.constantFrom('N/A', '-', 'NULL', '* myContacts', '["a"]', ' ::: ', "'=1"),
      )
      .map((text) => text.trim())
      .filter((text) => text !== '')
    fc.assert(
      fc.property(fc.array(tag, { maxLength: 5 }), (tags) => {
        expect(readTags(writeTags(tags))).toEqual({ tags, groups: [] })
      }),
      { numRuns: 1_000 },
    )
  })

  it('is written as people write it where that is enough', () => {
    expect(writeTags(['vip', 'new customer'])).toBe('vip,new customer')
    expect(writeTags(['a,b', 'c'])).toBe('"a,b",c')
  })
})
