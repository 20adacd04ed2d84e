import { describe, expect, it } from 'vitest'
import { matchHeader } from '../../src/imports/columns/match-header.ts'
import { readCsv } from '../../src/imports/file/read-csv.ts'
import { chunksOf, readWhole, refusalOf, streamOf } from './whole-file.ts'

const rows = 'email;name\r\nj@example.com;Jane\r\nk@example.com;Kim\r\n'
const utf8 = (text: string) => Buffer.from(text)
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')

describe('the line of the header', () => {
  it.each([
    ['a title and a date', 'Customers, all of them\r\n"1 May; 2 May"\r\n\r\n', 4],
    ['line breaks in quotes, each of which counts', '"Customers\r\nof 2026\nand before"\r\n', 4],
    ['a quote that is never closed', '5" screens\r\n"open\r\n', 3],
    ['lone carriage returns', 'a\rb\r', 3],
    ['a separator line, which is one of them and still counts', 'sep=;\r\nCustomers, all, of, them\r\n', 3],
    ['nothing', '', 1],
    ['empty lines between', 'Customers\r\n\r\n', 2],
  ])('is counted as an editor does, above it %s', async (_, above, headerRow) => {
    const first = above.split(/\r\n|\n|\r/).length
    for (const bytes of [utf8(above + rows), utf8(`\ufeff${above}${rows}`), utf16(above + rows)]) {
      for (const cuts of [[], [0.1], [0.2, 0.21, 0.6]]) {
        const file = await readWhole(chunksOf(bytes, cuts), { headerRow })
        expect(file).toMatchObject({
          header: ['email', 'name'],
          rows: [
            { row: 1, line: first + 1, cells: ['j@example.com', 'Jane'] },
            { row: 2, line: first + 2, cells: ['k@example.com', 'Kim'] },
          ],
        })
      }
    }
  })

  it.each([
    ['behind the end', utf8('email\nj@example.com\n'), 9, /fewer lines/],
    ['far behind the start', utf8(`${'x'.repeat(70_000)}\n${rows}`), 2, /behind the first 65536 bytes/],
  ])('is refused where it is %s', async (_, bytes, headerRow, detail) => {
    expect(await refusalOf([bytes], { headerRow })).toMatchObject({
      code: 'validation-failed',
      errors: [{ pointer: '#/headerRow', code: 'no_such_line', detail: expect.stringMatching(detail) }],
    })
  })

  it('is proposed as the option that reads it', async () => {
    const bytes = utf8(`Customers\nMay\n\n${rows}`)
    const { header, firstRows } = await readCsv(streamOf([bytes]))
    const detail = expect.stringContaining('send `headerRow: 4`')
    expect(matchHeader(header, {}, firstRows)).toMatchObject({ refusal: { detail } })
    expect((await readWhole([bytes], { headerRow: 4 })).header).toEqual(['email', 'name'])
  })
})

describe('a separator line', () => {
  it.each([
    ['sep=;', ';'],
    ['"sep=;"', ';'],
    ['SEP=|', '|'],
    ['sep=,,,', ','],
    ['sep=;,,', ';'],
    ['sep=\t', '\t'],
    ['"sep=\\t"', '\t'],
  ])('%j counts, in UTF-8 and UTF-16', async (line, delimiter) => {
    const text = `${line}\r\nemail${delimiter}name\r\nj@example.com${delimiter}Jane\r\n`
    for (const bytes of [utf8(text), utf8(`\ufeff${text}`), utf16(text), utf16(text).swap16()]) {
      const file = await readWhole([bytes])
      expect(file.format.delimiter).toBe(delimiter)
      expect(file.rows).toEqual([{ row: 1, line: 3, cells: ['j@example.com', 'Jane'] }])
    }
  })

  it.each([
    ['sep=:', '“:”'],
    ['"sep=^"', '“^”'],
    ['sep=', 'no sign'],
  ])('%j is refused, and which are read is said, unless the delimiter is declared', async (line, named) => {
    const bytes = utf8(`${line}\nemail;name\nj@example.com;Jane\n`)
    const detail = expect.stringMatching(`says that ${named.replace('^', '\\^')} separates.*comma, semicolon, tab`)
    expect(await refusalOf([bytes])).toEqual({ code: 'file-unreadable', line: 1, detail })
    expect((await readWhole([bytes], { delimiter: ';' })).header).toEqual(['email', 'name'])
  })
})
