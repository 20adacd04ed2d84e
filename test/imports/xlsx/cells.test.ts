import { describe, expect, test } from 'vitest'
import { partsOf, rowsOf, workbook, workbookOf, zipOf } from '../../support/write-workbook.ts'
import { cellsOf, readWorkbookOf } from './whole-workbook.ts'

const header = ['email', 'value']
/** What becomes of one cell. */
async function cellValue(xml: string, more: Parameters<typeof workbookOf>[1] = {}) {
  const [, [, value] = []] = await cellsOf(workbookOf([header, ['a@example.com', { xml }]], more))
  return value
}

describe('what a cell holds', () => {
  test.each([
    ['a number', '<c><v>436641234567</v></c>', '436641234567'],
    ['a number with an exponent', '<c><v>4.36641234567E11</v></c>', '436641234567'],
    ['a text of its own', '<c t="inlineStr"><is><t>Jane</t></is></c>', 'Jane'],
    ['a text in runs', '<c t="inlineStr"><is><r><t>Ja</t></r><r><rPr><b/></rPr><t>ne</t></r></is></c>', 'Jane'],
    [
      'a text with what it sounds like',
      '<c t="inlineStr"><is><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></is></c>',
      '東京',
    ],
    ['a text in CDATA', '<c t="inlineStr"><is><t><![CDATA[a & b]]></t></is></c>', 'a & b'],
    ['a text with entities', '<c t="inlineStr"><is><t>M&#252;ller &amp; S&#xF6;hne</t></is></c>', 'Müller & Söhne'],
    ['white space', '<c t="inlineStr"><is><t xml:space="preserve"> a  b </t></is></c>', ' a  b '],
    [
      'escaped characters',
      '<c t="inlineStr"><is><t>a_x000D_b_x005F_x000D_c_x00zz_</t></is></c>',
      'a\rb_x000D_c_x00zz_',
    ],
    ['true', '<c t="b"><v>1</v></c>', 'TRUE'],
    ['false', '<c t="b"><v>0</v></c>', 'FALSE'],
    ['an error', '<c t="e"><v>#N/A</v></c>', '#N/A'],
    ['a date in ISO 8601', '<c t="d"><v>2024-01-31T00:00:00</v></c>', '2024-01-31'],
    ['a date and time in ISO 8601', '<c t="d"><v>2024-01-31T10:20:30</v></c>', '2024-01-31T10:20:30'],
    ['the value of a formula', '<c><f>B1+1</f><v>7</v></c>', '7'],
    ['the text of a formula', '<c t="str"><f>A1&amp;"x"</f><v>jx</v></c>', 'jx'],
    ['the empty text of a formula', '<c t="str"><f>""</f><v></v></c>', ''],
    ['a text where a number should be', '<c><v>0664 1234</v></c>', '0664 1234'],
    ['nothing but looks', '<c s="0"/>', ''],
  ])('%s', async (_, xml, value) => {
    expect(await cellValue(xml)).toBe(value)
    const { rows } = await readWorkbookOf(workbookOf([header, ['a@example.com', { xml }]]))
    expect(rows[0]?.unvalued).toBeUndefined()
  })

  test.each([
    ['<si><t>one</t></si><si><t>two</t></si>', 'two'],
    ['<si><t>one</t></si><si><r><t xml:space="preserve">two </t></r><r><t>three</t></r></si>', 'two three'],
    ['<si><t>one</t></si><si><t>二</t><rPh sb="0" eb="1"><t>ニ</t></rPh><phoneticPr fontId="1"/></si>', '二'],
    ['<si><t>one</t></si><si><t/></si>', ''],
    ['<si/><si/>', ''],
    ['<si><t>_x005F_x0041_</t></si><si><t>_x0041_</t></si>', 'A'],
  ])('a text that cells share: %s', async (strings, value) => {
    expect(await cellValue('<c t="s"><v>1</v></c>', { strings })).toBe(value)
  })

  test.each([
    ['<c><f>B1+1</f></c>'],
    ['<c><f>B1+1</f><v></v></c>'],
    ['<c><f>B1+1</f><v/></c>'],
    ['<c t="str"><f>A1</f></c>'],
  ])('a formula whose value is not in the file is empty, and told: %s', async (xml) => {
    const { rows } = await readWorkbookOf(workbookOf([header, ['a@example.com', { xml }], [{ xml }]]))
    expect(rows).toEqual([
      { row: 1, line: 2, cells: ['a@example.com', ''], unvalued: [1] },
      { row: 2, line: 3, cells: ['', ''], unvalued: [0] },
    ])
  })

  test('a number is a date by the format of its style, in either system', async () => {
    const dates = { formats: [14, 'dd.mm.yyyy hh:mm', 'General'] }
    const xml = (style: number) => `<c s="${style}"><v>45292.5</v></c>`
    expect(await cellValue(xml(2), dates)).toBe('2024-01-01T12:00:00')
    expect(await cellValue(xml(1), dates)).toBe('2024-01-01T12:00:00')
    expect(await cellValue(xml(3), dates)).toBe('45292.5')
    expect(await cellValue(xml(9), dates)).toBe('45292.5')
    expect(await cellValue(xml(1), { ...dates, workbookPr: 'date1904="true"' })).toBe('2028-01-02T12:00:00')
  })
})

describe('rows', () => {
  const inSheet = (data: string) => workbook({ sheets: [{ data }] })
  const text = (value: string, place = '') => `<c ${place}t="inlineStr"><is><t>${value}</t></is></c>`

  test('are numbered by the sheet in reports; rows that are missing or blank are none', async () => {
    const { header, rows } = await readWorkbookOf(
      inSheet(
        `<row r="3">${text('email')}${text('name')}</row><row r="5"/><row r="7">${text('a@x.org')}</row><row r="8"><c s="1"/></row><row>${text(' ')}</row><row r="20">${text('b@x.org')}${text('B')}</row>`,
      ),
    )
    expect(header).toEqual(['email', 'name'])
    expect(rows).toEqual([
      { row: 1, line: 7, cells: ['a@x.org', ''] },
      { row: 2, line: 20, cells: ['b@x.org', 'B'] },
    ])
  })

  test('may leave out the places of their cells, and empty cells', async () => {
    const data = `<row>${text('email')}${text('name')}${text('city')}</row><row>${text('a@x.org')}${text('Pune', 'r="C2" ')}</row>`
    expect(await cellsOf(inSheet(data))).toEqual([
      ['email', 'name', 'city'],
      ['a@x.org', '', 'Pune'],
    ])
  })

  test('do not grow by cells that only have a look, and tell of values beyond the header', async () => {
    const data = `<row>${text('email')}<c r="XFD1" s="1"/></row><row>${text('a@x.org')}<c r="XFD2" s="1"/></row><row>${text('b@x.org')}${text('b', 'r="C3" ')}</row>`
    expect(await cellsOf(inSheet(data))).toEqual([['email'], ['a@x.org'], ['b@x.org', '', 'b']])
  })

  test('of merged cells have the value in the first one only', async () => {
    const parts = partsOf({ sheets: [{ data: rowsOf([header, ['a@x.org', 'x'], ['b@x.org', undefined]]) }] })
    const sheet = parts.get('xl/worksheets/sheet1.xml') as string
    const merged = sheet.replace('</sheetData>', '</sheetData><mergeCells><mergeCell ref="B2:B3"/></mergeCells>')
    expect(await cellsOf(zipOf(parts.set('xl/worksheets/sheet1.xml', merged)))).toEqual([
      header,
      ['a@x.org', 'x'],
      ['b@x.org', ''],
    ])
  })

  test('above the row that is said to be the header are left out', async () => {
    const bytes = workbookOf([['Members 2026'], [], ['email'], ['a@x.org']])
    expect(await cellsOf(bytes, { headerRow: 3 })).toEqual([['email'], ['a@x.org']])
  })

  test('lose what spreadsheets put around a value, as those of CSV do', async () => {
    expect(await cellsOf(workbookOf([header, ["'+33612345678", '="0612345678"']]))).toEqual([
      header,
      ['+33612345678', '0612345678'],
    ])
  })
})

describe('sheets', () => {
  const people = { name: 'People', data: rowsOf([['email'], ['a@x.org']]) }
  const notes = { name: 'Notes', data: rowsOf([['Note'], ['n']]) }

  test('the first one is read, and the import says that the others are not', async () => {
    const { header, warnings, format } = await readWorkbookOf(workbook({ sheets: [people, notes] }))
    expect(header).toEqual(['email'])
    expect(format).toEqual({ delimiter: ',', bom: true, lineBreak: '\r\n' })
    expect(warnings).toMatchObject([
      { code: 'report_is_csv', detail: expect.stringContaining('CSV in UTF-8') },
      { code: 'sheets_ignored', detail: expect.stringContaining('Of the 2 sheets of the workbook only “People”') },
    ])
  })

  test('hidden ones are passed over, unless all are', async () => {
    const hidden = { ...notes, state: 'hidden' } as const
    const veryHidden = { ...notes, state: 'veryHidden' } as const
    expect((await readWorkbookOf(workbook({ sheets: [hidden, veryHidden, people] }))).header).toEqual(['email'])
    expect((await readWorkbookOf(workbook({ sheets: [hidden] }))).header).toEqual(['Note'])
  })

  test('the first one is that of the workbook, not of the archive', async () => {
    const parts = partsOf({ sheets: [people, notes] })
    const order = '<sheet name="Notes" sheetId="2" r:id="rId2"/><sheet name="People" sheetId="1" r:id="rId1"/>'
    const swapped = (parts.get('xl/workbook.xml') as string).replace(
      /<sheets>.*<\/sheets>/,
      `<sheets>${order}</sheets>`,
    )
    expect((await readWorkbookOf(zipOf(parts.set('xl/workbook.xml', swapped)))).header).toEqual(['Note'])
  })
})
