import { buffer } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchHeader } from '../../src/imports/columns/match-header.ts'
import { type Delimiter, delimiters } from '../../src/imports/file/find-delimiter.ts'
import { neutralizeCell, restoreCell, restoreRow } from '../../src/imports/file/formula-cells.ts'
import type { CsvFormat } from '../../src/imports/file/sniff-csv.ts'
import { errorReportCsv, type Rejection } from '../../src/imports/reports/errors-csv.ts'
import { rowToContact } from '../../src/imports/rows/row-to-contact.ts'
import { chunksOf, readWhole, refusalOf } from './whole-file.ts'

/** Any text but NUL and half characters, rich in what means something in CSV and to spreadsheets. */
const cell = fc.oneof(
  fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', '')),
  fc.string({ unit: fc.constantFrom(...',;\t\r\n"\'=+-@ é👩a1\ufeff\uff1d') }),
  fc.constantFrom('+33 6 12 34 56 78', '+33612345678', '-5', "'+33612345678", '=1+1', '', ' ', 'null', '""'),
)
const known = ['email', 'Phone Number', 'first name']
/** Records of one width under a header that is known in part; every row says something. */
const table = fc.integer({ min: 3, max: 6 }).chain((width) =>
  fc.record({
    header: fc.constant([...known, 'A', 'B', 'C'].slice(0, width)),
    rows: fc.array(
      fc
        .array(cell, { minLength: width, maxLength: width })
        .filter((cells) => cells.some((value) => value.trim() !== '')),
      { minLength: 1, maxLength: 12 },
    ),
  }),
)
const format: fc.Arbitrary<CsvFormat> = fc.record({
  delimiter: fc.constantFrom(...delimiters),
  bom: fc.boolean(),
  lineBreak: fc.constantFrom('\n' as const, '\r\n' as const),
})
const writing = fc.record({ format, quoted: fc.boolean() })
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 })

function write(records: readonly (readonly string[])[], { delimiter, bom, lineBreak }: CsvFormat, quoted: boolean) {
  const options = { delimiter, bom, record_delimiter: lineBreak, quote_record_delimiter: true, quoted }
  return Buffer.from(stringify([...records], options))
}

describe('reading', () => {
  it('gives back exactly what was written, with each delimiter, line break and quoting, found by itself', async () => {
    await fc.assert(
      fc.asyncProperty(table, writing, cuts, async ({ header, rows }, { format, quoted }, cuts) => {
        const bytes = write([header, ...rows], format, quoted)
        const read = await readWhole(chunksOf(bytes, cuts))
        expect(read.format.delimiter).toBe(format.delimiter)
        expect(read.header).toEqual(header)
        expect(read.rows.map(({ cells }) => cells)).toEqual(rows.map((row) => restoreRow([...row])))
        expect(read.rows.map(({ row }) => row)).toEqual(rows.map((_, index) => index + 1))
      }),
      { numRuns: 300 },
    )
  })

  it('tells the line on which each row begins', async () => {
    await fc.assert(
      fc.asyncProperty(table, format, async ({ header, rows }, format) => {
        const { rows: read } = await readWhole([write([header, ...rows], format, true)])
        const lines = rows.map((_, index) => {
          const before = write([header, ...rows.slice(0, index)], format, true).toString()
          return before.split(/\r\n|\r|\n/).length
        })
        expect(read.map(({ line }) => line)).toEqual(lines)
      }),
    )
  })

  it('says the same wherever the chunks are cut, of good files and of any bytes', async () => {
    const noise = fc
      .array(fc.constantFrom('"', '""', ',', ';', '\n', '\r', '\r\n', 'a', 'é', '👩', 'x'.repeat(20), '\0', '\xff'))
      .map((parts) => Buffer.concat(parts.map((part) => Buffer.from(part, part === '\xff' ? 'latin1' : 'utf8'))))
      .map((bytes) => Buffer.concat([Buffer.from('email,name\n'), bytes]))
    const good = fc
      .tuple(table, writing)
      .map(([{ header, rows }, { format, quoted }]) => write([header, ...rows], format, quoted))
    await fc.assert(
      fc.asyncProperty(fc.oneof(good, noise), async (bytes) => {
        const options = { delimiter: ',' as const, limits: { maxRowBytes: 90 } }
        const read = async (chunks: Uint8Array[]) =>
          (await refusalOf(chunks, options)) ?? (await readWhole(chunks, options))
        const whole = await read([bytes])
        expect(await read(Array.from(bytes, (_, index) => bytes.subarray(index, index + 1)))).toEqual(whole)
        expect(await read(chunksOf(bytes, [0.3, 0.31, 0.7]))).toEqual(whole)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a report', () => {
  /** Chars at the start that a spreadsheet takes for a formula. */
  const dangerous = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/

  async function roundTrip(header: readonly string[], rows: readonly (readonly string[])[], format: CsvFormat) {
    const rejections = rows.map((cells, index): Rejection => {
      const accounts = index % 2 === 0 ? [] : ['crm-main', 'sms-fr']
      return {
        row: index + 1,
        cells,
        accounts,
        status: 'rejected',
        code: 'phone_invalid',
        detail: '=Not a number, "sir"',
      }
    })
    const bytes = await buffer(errorReportCsv(rejections, { header, format }))
    return { written: bytes.toString(), read: await readWhole([bytes]) }
  }

  it('is read back as exactly the rows that were written, and the same accounts', async () => {
    await fc.assert(
      fc.asyncProperty(table, format, async ({ header, rows }, format) => {
        const { read } = await roundTrip(header, rows, format)
        expect(read.format).toEqual(format)
        expect(read.header).toEqual([...header, '_row', '_account', '_status', '_code', '_detail'])
        expect(read.rows.map(({ cells }) => cells.slice(0, header.length))).toEqual(rows)

        const first = matchHeader(header)
        const again = matchHeader(read.header)
        if ('refusal' in first || 'refusal' in again) throw new Error('the header is good')
        expect(again.warnings).toEqual(first.warnings)
        const drafts = rows.map((cells, index) => rowToContact({ row: index + 1, line: 1, cells }, first.columns).draft)
        const redone = read.rows.map((row) => rowToContact(row, again.columns))
        expect(redone.map(({ draft }) => draft)).toEqual(drafts)
        expect(redone.map(({ accounts }) => accounts)).toEqual(
          rows.map((_, index) => (index % 2 === 0 ? undefined : ['crm-main', 'sms-fr'])),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('has no cell that a spreadsheet would run, but phone numbers', async () => {
    await fc.assert(
      fc.asyncProperty(table, format, async ({ header, rows }, format) => {
        const { written } = await roundTrip(header, rows, format)
        const cells = parse(written, { delimiter: format.delimiter, bom: true, record_delimiter: format.lineBreak })
        for (const cell of cells.flat()) if (dangerous.test(cell)) expect(cell).toMatch(/^\+\d[\d .()\u00a0-]+$/)
      }),
    )
  })

  it('of a report looks like the file that was uploaded first', async () => {
    const format: CsvFormat = { delimiter: ';', bom: true, lineBreak: '\r\n' }
    const first = await roundTrip(['Tél', 'Nom'], [['12', '=A1']], format)
    const second = await roundTrip(
      first.read.header,
      first.read.rows.map(({ cells }) => cells),
      first.read.format,
    )
    expect(second.written).toBe(first.written)
    expect(first.written).toBe(
      '\ufeffTél;Nom;_row;_account;_status;_code;_detail\r\n' +
        `12;'=A1;1;;rejected;phone_invalid;"'=Not a number, ""sir"""\r\n`,
    )
  })

  it('keeps surplus cells behind the last column, and fills up missing ones', async () => {
    const format: CsvFormat = { delimiter: ',', bom: false, lineBreak: '\n' }
    const { read } = await roundTrip(['phone', 'name'], [['12', 'A', 'B', 'C'], ['13']], format)
    expect(read.rows.map(({ cells }) => [cells[0], cells[1], ...cells.slice(7)])).toEqual([
      ['12', 'A', 'B', 'C'],
      ['13', ''],
    ])
  })

  it('fails as its rows fail', async () => {
    const lost = new Error('store is gone')
    async function* failing(): AsyncGenerator<Rejection> {
      yield { row: 1, cells: ['12'], accounts: [], status: 'failed', code: 'timeout', detail: '' }
      throw lost
    }
    const report = errorReportCsv(failing(), {
      header: ['phone'],
      format: { delimiter: ',', bom: false, lineBreak: '\n' },
    })
    await expect(buffer(report)).rejects.toBe(lost)
  })
})

describe('a cell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['-5', "'-5"],
    ['@x', "'@x"],
    ['+1+1', "'+1+1"],
    ["'=1", "''=1"],
    ['\tx', "'\tx"],
    ['＝1', "'＝1"],
    ['+33612345678', '+33612345678'],
    ['+33 6 12 34 56 78', '+33 6 12 34 56 78'],
    ['+1 (202) 555-0123', '+1 (202) 555-0123'],
    ["'twas", "'twas"],
    ["'0612", "''0612"],
    ['="0612"', `'="0612"`],
    ['a=b', 'a=b'],
  ])('%j is written as %j and read back', (value, written) => {
    expect(neutralizeCell(value)).toBe(written)
    expect(restoreCell(written)).toBe(value)
  })

  it("of a spreadsheet's making loses its apostrophe", () => {
    expect(restoreCell("'+33612345678")).toBe('+33612345678')
    expect(restoreCell("'0612345678")).toBe('0612345678')
  })

  it('is read as it was written, whatever it holds', () => {
    fc.assert(fc.property(cell, (value) => restoreCell(neutralizeCell(value)) === value))
  })
})

describe('the delimiter', () => {
  it.each<[Delimiter, string]>([
    [';', 'Name;E-mail\n"Doe, Jane";jane@example.com\n'],
    [',', 'Name,"E-mail; second"\n"a;b;c",x\n'],
    [';', 'a;b,c\n1;2,3\n4;5\n6;7,8,9\n'],
    ['\t', 'Full name, title\tE-mail\nJane, Dr.\tj@x.example\n'],
    [',', 'email\nj@x.example\n'],
    [';', 'Kommentar;Mail\n"Zeile 1\nZeile, 2\nZeile, 3";j@x.example\n'],
  ])('%j is found in %j', async (delimiter, file) => {
    expect((await readWhole([Buffer.from(file)])).format.delimiter).toBe(delimiter)
  })

  it('is the one that was declared', async () => {
    const file = Buffer.from('email;name,phone\nj@x.example;Jane,1\n')
    expect((await readWhole([file], { delimiter: ',' })).header).toEqual(['email;name', 'phone'])
  })
})
