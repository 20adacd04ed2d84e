import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { matchHeader } from '../../src/imports/columns/match-header.ts'
import { fixtures } from '../fixtures/make.ts'
import { readContacts, readWhole, refusalOf } from './whole-file.ts'

const names = Object.keys(fixtures)

async function fixture(name: string): Promise<Uint8Array> {
  return readFile(join(import.meta.dirname, '../fixtures', name))
}

it.each(names)('%s is on disk as it was made', async (name) => {
  expect(Buffer.from(fixtures[name] as Uint8Array).equals(await fixture(name))).toBe(true)
})

describe('a file that is read', () => {
  it('begins with a byte order mark', async () => {
    const { header, format, rows } = await readWhole([await fixture('bom.csv')])
    expect({ header, bom: format.bom }).toEqual({ header: ['email', 'name'], bom: true })
    expect(rows).toEqual([{ row: 1, line: 2, cells: ['jane@example.com', 'Jane'] }])
  })

  it.each([
    ['semicolons.csv', ';', { firstName: 'Zoé', lastName: 'Dupont', phone: '+33612345678', tags: ['vip', 'lyon'] }],
    ['tabs.csv', '\t', { email: 'jane@example.com', name: 'Smith, Jane; Dr.', tags: ['vip'] }],
    ['excel-separator-line.csv', ';', { email: 'jane@example.com', name: 'Smith, Jane' }],
  ])('has its own delimiter: %s', async (name, delimiter, contact) => {
    const bytes = await fixture(name)
    expect((await readWhole([bytes])).format.delimiter).toBe(delimiter)
    expect(await readContacts(bytes)).toMatchObject([{ code: undefined, contact }])
  })

  it.each([
    ['utf-16.csv', 'utf-16le'],
    ['utf-16-big-endian.csv', 'utf-16be'],
  ])('is in UTF-16 and begins with its mark: %s', async (name, encoding) => {
    const { header, format, rows } = await readWhole([await fixture(name)])
    expect({ header, format }).toMatchObject({ header: ['email', 'name'], format: { bom: true, encoding } })
    expect(rows).toEqual([{ row: 1, line: 2, cells: ['jane@example.com', 'Jane'] }])
  })

  it('counts a separator line as a line', async () => {
    expect((await readWhole([await fixture('excel-separator-line.csv')])).rows[0]).toMatchObject({ row: 1, line: 3 })
  })

  it.each([
    ['crlf.csv', '\r\n'],
    ['old-macintosh.csv', '\n'],
  ])('breaks its lines in its own way: %s', async (name, lineBreak) => {
    const { format, rows } = await readWhole([await fixture(name)])
    expect(format.lineBreak).toBe(lineBreak)
    expect(rows).toEqual([
      { row: 1, line: 2, cells: ['jane@example.com', 'Jane'] },
      { row: 2, line: 3, cells: ['john@example.com', 'John'] },
    ])
  })

  it('has lone carriage returns in quotes', async () => {
    expect((await readWhole([await fixture('lone-carriage-returns.csv')])).rows).toEqual([
      { row: 1, line: 2, cells: ['j@example.com', 'Jane\rSmith'] },
      { row: 2, line: 4, cells: ['k@example.com', 'Kim\r'] },
    ])
  })

  it('has line breaks and quotes in quotes, and quotes without', async () => {
    expect((await readWhole([await fixture('quoted-newlines-and-quotes.csv')])).rows).toEqual([
      { row: 1, line: 2, cells: ['j@example.com', 'Jane "JJ" Smith', '1 Main St\r\nSpringfield\n\nUSA'] },
      { row: 2, line: 6, cells: ['k@example.com', 'Kim "K" Lee', 'Rome'] },
    ])
  })

  it('has empty lines, at the end and between rows', async () => {
    expect((await readWhole([await fixture('trailing-empty-lines.csv')])).rows).toEqual([
      { row: 1, line: 3, cells: ['jane@example.com', 'Jane'] },
      { row: 2, line: 7, cells: ['john@example.com', 'John'] },
    ])
  })

  it('has rows with too many cells, which alone are refused; what is missing at the end of a row is empty where it means nothing', async () => {
    const rows = await readContacts(await fixture('too-few-and-too-many-cells.csv'))
    expect(rows.map(({ line, code }) => [line, code])).toEqual([
      [2, undefined],
      [3, 'too_many_cells'],
      [4, undefined],
      [5, undefined],
    ])
    const { rows: kept } = await readWhole([await fixture('too-few-and-too-many-cells.csv')])
    expect(kept[1]?.cells).toEqual(['b@example.com', 'Bob', 'Rome', 'Italy'])
  })

  it('ends each row with a delimiter', async () => {
    const { header, rows } = await readWhole([await fixture('trailing-delimiters.csv')])
    expect([header, rows[0]?.cells]).toEqual([
      ['email', 'name'],
      ['jane@example.com', 'Jane'],
    ])
  })
})

describe('values that spreadsheets have touched', () => {
  it.each([
    ['scientific-notation.csv', undefined, ['phone_invalid', '+919876543210']],
    ['apostrophe-phones.csv', undefined, ['+33612345678', '+33612345678']],
    ['loosely-written-phones.csv', undefined, ['+33612345678', '+33612345678']],
    ['lost-plus-or-zero.csv', undefined, ['phone_not_e164', 'phone_not_e164', 'phone_not_e164']],
    ['lost-plus-or-zero.csv', 'FR', ['+33612345678', '+33612345678', '+33612345678']],
  ])('%s with default country %s', async (name, country, expected) => {
    const rows = await readContacts(await fixture(name), {}, country)
    expect(rows.map(({ code, contact }) => code ?? contact.phone)).toEqual(expected)
  })

  it('keeps formulas as data, without a control character before them', async () => {
    const rows = await readContacts(await fixture('formulas.csv'))
    expect(rows.map(({ code, contact: { name, phone, attributes } }) => ({ code, name, phone, attributes }))).toEqual([
      {
        code: undefined,
        name: '=HYPERLINK("http://x.example","y")',
        phone: '+33612345678',
        attributes: { note: '@SUM(1+1)', balance: '-5' },
      },
      {
        code: undefined,
        name: 'Tab',
        phone: '+33698765432',
        attributes: { note: 'Return', balance: '+1+1' },
      },
    ])
  })

  it('keeps emoji, right-to-left text, combining marks and rare characters, without marks of direction at the ends', async () => {
    const rows = await readContacts(await fixture('names-of-the-world.csv'))
    expect(rows.map(({ contact }) => contact.name)).toEqual([
      '👩‍👩‍👧 Zoë 🇮🇳',
      'مُحَمَّد بن عبد الله',
      'שָׁלוֹם',
      'Ze\u0301 A\u030aker',
      '𠮷野家',
    ])
  })
})

describe('a header that is refused', () => {
  it.each([
    ['duplicated-header.csv', /Columns 2 “Phone” and 3 “Phone” are both phone\. Rename/],
    ['missing-required-column.csv', /No column is email, phone or whatsapp.*“Name”, “City”/],
    ['without-header.csv', /looks like a contact/],
  ])('%s', async (name, detail) => {
    const { header } = await readWhole([await fixture(name)])
    expect(matchHeader(header)).toEqual({ refusal: { code: 'file-unreadable', detail: expect.stringMatching(detail) } })
  })
})

describe('a file that is refused', () => {
  type Case = [name: string, code: string, detail: RegExp, line: number | undefined, suggests?: object]
  it.each<Case>([
    ['header-only.csv', 'file-unreadable', /no row beneath/, undefined],
    ['empty.csv', 'file-unreadable', /0 bytes/, undefined],
    ['unclosed-quote.csv', 'file-unreadable', /opens on line 3 is not closed/, 3],
    ['quote-left-open-and-closed-later.csv', 'file-unreadable', /left open/, 3],
    ['utf-16-without-mark.csv', 'file-unreadable', /encoding: "utf-16le"/, undefined, { encoding: 'utf-16le' }],
    ['nul-bytes.csv', 'file-unreadable', /There is a NUL/, 2],
    ['zip.csv', 'unsupported-media-type', /zip/, undefined],
    ['xlsx.csv', 'unsupported-media-type', /Excel/, undefined],
    ['gzip.csv', 'unsupported-media-type', /gzip/, undefined],
    ['windows-1252.csv', 'file-unreadable', /encoding: "windows-1252"/, 3, { encoding: 'windows-1252' }],
  ])('%s', async (name, code, detail, line, suggests) => {
    const refusal = await refusalOf([await fixture(name)])
    expect(refusal).toEqual({ code, detail: expect.stringMatching(detail), line, suggests })
  })
})
