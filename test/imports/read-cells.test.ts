import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { neutralizeCell, restoreCell, restoreRow } from '../../src/imports/file/formula-cells.ts'
import { chunksOf, readWhole, refusalOf } from './whole-file.ts'

async function cellsOf(file: string) {
  const { header, rows } = await readWhole([Buffer.from(file)])
  return [header, ...rows.map(({ cells }) => cells)]
}

describe('quotes behind blanks are quotes', () => {
  it.each<[what: string, file: string, cells: readonly string[][]]>([
    ['a comma within', 'email,name\na@x.example, "Smith, Jane"\n', [['a@x.example', 'Smith, Jane']]],
    ['blanks on both sides', 'email,name\n  "a@x.example"  ,   "Jane" \n', [['a@x.example', 'Jane']]],
    ['a tab', 'email,name\na@x.example,\t"Jane"\t\n', [['a@x.example', 'Jane']]],
    ['semicolons', 'email; name\na@x.example; "Jane; Dr."\n', [['a@x.example', 'Jane; Dr.']]],
    ['quotes within', 'email,name\na@x.example, "Jane ""JJ"""\n', [['a@x.example', 'Jane "JJ"']]],
    [
      'a line break within',
      'email,name\na@x.example, "Jane\nSmith"\nb,B\n',
      [
        ['a@x.example', 'Jane\nSmith'],
        ['b', 'B'],
      ],
    ],
    ['blanks within, which stay', 'email,name\na@x.example, " Jane "\n', [['a@x.example', ' Jane ']]],
    ['nothing within', 'email,name\na@x.example, ""\n', [['a@x.example', '']]],
    ['no quotes', 'email,name\na@x.example, Jane "JJ" Smith \n', [['a@x.example', ' Jane "JJ" Smith ']]],
    ['the end of the file', 'email,name\na@x.example, "Jane"', [['a@x.example', 'Jane']]],
    ['carriage returns', 'email,name\r\na@x.example, "Jane" \r\n', [['a@x.example', 'Jane']]],
  ])('with %s', async (_what, file, cells) => {
    expect((await cellsOf(file)).slice(1)).toEqual(cells)
  })

  it('in the header too, whose delimiter is found', async () => {
    const file = ' "Full name" ; "E-mail"; "Tags, all"\nJane;j@x.example;x\n'
    expect((await readWhole([Buffer.from(file)])).format.delimiter).toBe(';')
    expect((await cellsOf(file))[0]).toEqual(['Full name', 'E-mail', 'Tags, all'])
  })

  it.each([
    ['email,name\na,b\na@x.example, "Jane" Smith\n', 3, /text follows a closing quote/],
    ['email,name\na@x.example, "Jane" "Smith"\n', 2, /text follows a closing quote/],
    ['email,name\na@x.example, "Jane\nb,c\n', 2, /not closed/],
  ])('or the file is refused: %j', async (file, line, detail) => {
    expect(await refusalOf([Buffer.from(file)])).toMatchObject({ line, detail: expect.stringMatching(detail) })
  })

  it('wherever the chunks are cut, and the lines are right', async () => {
    const part = fc.constantFrom('"', '""', ' ', '  ', ',', '\n', '\r\n', 'a', 'é', '\t')
    const bytes = fc.array(part, { maxLength: 30 }).map((parts) => Buffer.from(`email,name\n${parts.join('')}`))
    await fc.assert(
      fc.asyncProperty(bytes, async (file) => {
        const options = { delimiter: ',' as const }
        const read = async (chunks: Uint8Array[]) =>
          (await refusalOf(chunks, options)) ?? (await readWhole(chunks, options))
        const whole = await read([file])
        expect(await read(Array.from(file, (_, index) => file.subarray(index, index + 1)))).toEqual(whole)
        expect(await read(chunksOf(file, [0.4, 0.6]))).toEqual(whole)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a Ctrl-Z at the end is no row', () => {
  it.each([
    ['behind the last line', 'email\na@x.example\n\x1a'],
    ['behind a line without an end', 'email\na@x.example\x1a'],
    ['with a line break behind it', 'email\na@x.example\r\n\x1a\r\n'],
    ['many times', `email\na@x.example\n${'\x1a'.repeat(128)}`],
  ])('%s', async (_what, file) => {
    expect(await cellsOf(file)).toEqual([['email'], ['a@x.example']])
    const bytes = Buffer.from(file)
    const { rows } = await readWhole(Array.from(bytes, (_, index) => bytes.subarray(index, index + 1)))
    expect(rows).toHaveLength(1)
  })

  it('but text elsewhere', async () => {
    expect(await cellsOf('email,name\na@x.example,J\x1a\nb@x.example,K\n')).toEqual([
      ['email', 'name'],
      ['a@x.example', 'J\x1a'],
      ['b@x.example', 'K'],
    ])
    expect(await refusalOf([Buffer.from('\x1a')])).toMatchObject({ code: 'file-unreadable' })
  })
})

describe('delimiters', () => {
  it.each([
    ['|', 'email|name\na@x.example|Smith, Jane\n'],
    ['|', 'Full name|Tags|E-mail\nJane|a,b;c|a@x.example\n'],
    ['|', 'sep=|\nemail|a,b,c\nx|1,2,3\n'],
    [';', '"sep=;"\r\nemail,x;name\r\n1;2\r\n'],
    [',', 'SEP=,\nemail;x,name\n1,2\n'],
    ['\t', 'sep=\t\nemail\tname\n1\t2\n'],
    [';', 'sep=;;;\nemail;name;tags\n1;2;3\n'],
    [',', 'email,tags\na@x.example,a|b\nb@x.example,c|d\n'],
    [';', 'Export of today\n\nVorname;E-Mail\nJane;a@x.example\n'],
  ])('%j is found in %j', async (delimiter, file) => {
    expect((await readWhole([Buffer.from(file)])).format.delimiter).toBe(delimiter)
  })
})

describe('what programs put around a text for spreadsheets goes', () => {
  it.each([
    ['="+33612345678"', '+33612345678'],
    ['="0612345678"', '0612345678'],
    ['="Jane ""JJ"""', 'Jane "JJ"'],
    ['=""', ''],
    ["'0612345678", '0612345678'],
    ["'+33612345678", '+33612345678'],
    ["'-", '-'],
  ])('%j is %j', (cell, text) => {
    expect(restoreCell(cell)).toBe(text)
    expect(restoreCell(neutralizeCell(text))).toBe(text)
  })

  it.each(['="a"&"b"', '=A1', '=HYPERLINK("x")', "'t Hooft", "'Jane", "'", '"x"', '="a'])('%j stays', (cell) => {
    expect(restoreCell(cell)).toBe(cell)
  })

  it.each([
    [
      ["'Jane", "'jane@x.example", '', "'+33612345678"],
      ['Jane', 'jane@x.example', '', '+33612345678'],
    ],
    [
      ["'t Hooft", 'jane@x.example', "'0612"],
      ["'t Hooft", 'jane@x.example', '0612'],
    ],
    [
      ["'t Hooft", '', ' '],
      ["'t Hooft", '', ' '],
    ],
    [
      ["'Jane", '="0612"'],
      ["'Jane", '0612'],
    ],
  ])('of the row %j it is %j', (row, cells) => {
    expect(restoreRow([...row])).toEqual(cells)
  })
})
